//! The gateway: its keys, whether it answers to them, and what time it has.

use super::finding::Finding;
use crate::{
    config::{
        GatewayConfig,
        judge::{Mode, Problem, mode},
    },
    deps::{Clock as _, SystemClock},
    gateway::{GatewayError, stripe::Stripe},
};

const SUBJECT: &str = "gateway keys";
/// How far our clock may be off, in milliseconds: a webhook's signature is good for five minutes.
const CLOCK_OFF_MAX_MILLIS: u64 = 60_000;

/// The keys' form, then whether the gateway takes them; and, if it answers, our clock by its own.
pub async fn keys(
    config: &GatewayConfig,
    problems: impl Iterator<Item = &Problem>,
) -> Vec<Finding> {
    let mut found: Vec<_> = problems.map(|problem| Finding::of(SUBJECT, problem)).collect();
    let stripe = match Stripe::new(config) {
        Ok(stripe) => stripe,
        Err(error) => {
            found.push(Finding::wrong(SUBJECT, error.to_string(), "Correct the setting."));
            return found;
        }
    };
    let url = &config.api_url;
    let wrong = |detail: String, remedy: &str| Finding::wrong(SUBJECT, detail, remedy);
    match stripe.look().await {
        Ok(time) => {
            if found.is_empty() {
                found.push(Finding::fine(SUBJECT, format!("{url} takes the {}", kind(config))));
            }
            found.extend(time.map(|time| {
                let off = SystemClock.now().millis().abs_diff(time.millis());
                clock(off)
            }));
        }
        Err(GatewayError::Rejected { status: 401, .. }) => found.push(wrong(
            format!("{url} does not know the secret key"),
            "Copy the key whole from the gateway's dashboard; it may have been replaced.",
        )),
        Err(GatewayError::Rejected { status: 403, .. }) => found.push(wrong(
            format!("{url} does not let the key read events"),
            "Give the restricted key what docs/going-live.md lists.",
        )),
        Err(error) => found.push(wrong(
            format!("{url}: {error}"),
            "Check that this machine reaches the gateway: name service, firewall, proxy.",
        )),
    }
    found
}

fn kind(config: &GatewayConfig) -> &'static str {
    match mode(&config.secret_key.0, &["sk", "rk"]) {
        Some(Mode::Live) => "live keys: real money moves",
        _ => "test keys: no real money moves",
    }
}

/// Our clock, which is so far from the gateway's.
fn clock(off_millis: u64) -> Finding {
    if off_millis <= CLOCK_OFF_MAX_MILLIS {
        return Finding::fine("clock", "agrees with the gateway's");
    }
    let seconds = off_millis / 1_000;
    let detail = format!("is {seconds} s off the gateway's, and signatures are good for 300 s");
    Finding::wrong("clock", detail, "Let the machine keep time by NTP.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_may_be_a_minute_off() {
        assert!(!clock(60_000).is_wrong());
        assert!(clock(61_000).is_wrong());
    }
}
