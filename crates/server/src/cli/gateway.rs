//! The payment gateway's settings.

use super::{End, args::GatewayArgs, environment::secret};
use crate::config::{GatewayConfig, Secret};

/// All of them, for a server.
///
/// # Errors
/// When one is missing.
pub fn gateway(args: &GatewayArgs) -> Result<GatewayConfig, End> {
    let needed = |name: &str, value: Option<Secret>| {
        let why = format!("{name} is not set; without a payment gateway there is only --demo");
        value.ok_or(End::Usage(why))
    };
    let asked = asked(args)?;
    let publishable_key = args.stripe_publishable_key.clone().map(Secret);
    Ok(GatewayConfig {
        publishable_key: needed("SLUICE_STRIPE_PUBLISHABLE_KEY", publishable_key)?.0,
        webhook_secret: needed(
            "SLUICE_STRIPE_WEBHOOK_SECRET",
            secret("SLUICE_STRIPE_WEBHOOK_SECRET")?,
        )?,
        ..asked
    })
}

/// Those that it takes to ask the gateway; the rest stays empty.
///
/// # Errors
/// When the key is missing.
pub fn asked(args: &GatewayArgs) -> Result<GatewayConfig, End> {
    let key = secret("SLUICE_STRIPE_SECRET_KEY")?;
    let why = "SLUICE_STRIPE_SECRET_KEY is not set; without a payment gateway there is only --demo";
    Ok(GatewayConfig {
        api_url: args.stripe_api_url.trim_end_matches('/').to_owned(),
        script_url: args.stripe_script_url.clone(),
        secret_key: key.ok_or_else(|| End::Usage(why.to_owned()))?,
        publishable_key: String::new(),
        webhook_secret: Secret(String::new()),
    })
}
