//! Whether the gateway sends its events to us, and all of those that we listen to.

use super::finding::Finding;
use crate::{
    config::GatewayConfig,
    gateway::{Endpoint, GatewayError, stripe::Stripe},
    jobs::WEBHOOK_EVENTS as EVENTS,
};

const SUBJECT: &str = "webhook events";

/// Asks the gateway where it sends what. Without events payments are only noticed later, by looking: nothing is lost.
pub async fn check(config: &GatewayConfig, address: &str, is_here: bool) -> Option<Finding> {
    let asked = Stripe::new(config).ok()?.every_endpoint().await;
    match asked {
        Ok(endpoints) => Some(judge(&endpoints, address, is_here)),
        Err(GatewayError::Rejected { status: 403, .. }) => Some(Finding::notable(
            SUBJECT,
            "the key may not read where they are sent",
            format!("Let it read Webhook Endpoints, or look in the dashboard for {address}."),
        )),
        // The keys' own line says so already, or this gateway has no such list.
        Err(_) => None,
    }
}

fn judge(endpoints: &[Endpoint], address: &str, is_here: bool) -> Finding {
    let mut ours = endpoints.iter().filter(|endpoint| endpoint.url == address).peekable();
    if ours.peek().is_none() {
        let detail = format!("the gateway sends none to {address}");
        if is_here {
            let remedy =
                "This address is this machine's alone: forward them, with `stripe listen`.";
            return Finding::notable(SUBJECT, detail, remedy);
        }
        return Finding::wrong(SUBJECT, detail, "Add the endpoint in the gateway's dashboard.");
    }
    let mut enabled = ours.filter(|endpoint| endpoint.is_enabled).peekable();
    if enabled.peek().is_none() {
        return Finding::wrong(
            SUBJECT,
            format!("the endpoint {address} is switched off at the gateway"),
            "Switch it on in the gateway's dashboard.",
        );
    }
    let sent: Vec<&str> =
        enabled.flat_map(|endpoint| &endpoint.events).map(String::as_str).collect();
    let missing: Vec<_> =
        EVENTS.into_iter().filter(|event| !sent.contains(event) && !sent.contains(&"*")).collect();
    if missing.is_empty() {
        return Finding::fine(SUBJECT, format!("all {} are sent to {address}", EVENTS.len()));
    }
    Finding::wrong(
        SUBJECT,
        format!("the gateway does not send {}", missing.join(", ")),
        "Add them to the endpoint in the gateway's dashboard.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = "https://billing.example/api/v1/webhooks/stripe";

    fn endpoint(url: &str, is_enabled: bool, events: &[&str]) -> Endpoint {
        let events = events.iter().map(|event| (*event).to_owned()).collect();
        Endpoint { url: url.to_owned(), is_enabled, events }
    }

    #[test]
    fn every_event_has_to_be_sent_to_us_by_endpoints_that_are_on() {
        let (first, rest) = EVENTS.split_at(3);
        let elsewhere = endpoint("https://other.example/", true, &["*"]);
        for (endpoints, is_wrong) in [
            (vec![endpoint(OURS, true, &["*"])], false),
            (vec![endpoint(OURS, true, &EVENTS)], false),
            (vec![endpoint(OURS, true, first), endpoint(OURS, true, rest)], false),
            (vec![endpoint(OURS, true, first), elsewhere.clone()], true),
            (vec![endpoint(OURS, true, first), endpoint(OURS, false, rest)], true),
            (vec![endpoint(OURS, false, &["*"])], true),
            (vec![elsewhere], true),
            (vec![], true),
        ] {
            assert_eq!(judge(&endpoints, OURS, false).is_wrong(), is_wrong, "{endpoints:?}");
        }
        assert!(!judge(&[], "http://127.0.0.1:8080/api/v1/webhooks/stripe", true).is_wrong());
    }
}
