//! `Stripe-Signature`: proof that a webhook came from whoever shares the endpoint's secret.

use hmac::{Hmac, Mac};
use sha2::Sha256;

/// `t=…,v1=…` over `t.body`; `timestamp` in seconds since the Unix epoch.
#[must_use]
pub fn sign(secret: &str, timestamp: i64, body: &str) -> String {
    // HMAC takes keys of any length: the error cannot happen, and an empty signature fails safe.
    let digest = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map_or_else(
        |_| String::new(),
        |mut mac| {
            mac.update(format!("{timestamp}.{body}").as_bytes());
            mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
        },
    );
    format!("t={timestamp},v1={digest}")
}
