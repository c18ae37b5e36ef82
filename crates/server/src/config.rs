//! The settings of a running server, after flags and environment have been read.

/// A string that must not be printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// How the gateway is reached.
#[derive(Clone, Debug)]
pub struct GatewayConfig {
    /// Base of the API, without a slash at the end: `https://api.stripe.com`, or a sandbox.
    pub api_url: String,
    /// The script with the card fields: `https://js.stripe.com/endive/stripe.js`, or a sandbox's.
    pub script_url: String,
    /// May move money.
    pub secret_key: Secret,
    /// May only make tokens.
    pub publishable_key: String,
    /// What webhooks are signed with.
    pub webhook_secret: Secret,
}

/// What only a demo has.
#[derive(Clone, Debug)]
pub struct DemoConfig {
    /// Whoever knows it is signed in as the demo agency's owner.
    pub sign_in_token: Secret,
}

/// The settings.
#[derive(Clone, Debug)]
pub struct Config {
    /// What stands before every link, without a slash at the end: `https://billing.example`.
    pub public_url: String,
    /// The gateway.
    pub gateway: GatewayConfig,
    /// The address that mail comes from.
    pub mail_from: String,
    /// Present in a demo only.
    pub demo: Option<DemoConfig>,
}

impl Config {
    /// Served over TLS: cookies are `Secure` and HSTS is sent.
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// Against a sandbox or with test keys: no real money moves.
    pub fn is_test_mode(&self) -> bool {
        self.gateway.publishable_key.starts_with("pk_test_")
    }
}
