use crate::config::Secret;

use super::*;

const REAL: &str = "https://api.stripe.com";
const LIVE: [&str; 3] =
    ["rk_live_4eC39HqLyjWDarjtT1zdp7dc", "pk_live_TYooMQauvdEDq54NiTphI7jx", WEBHOOK];
const TEST: [&str; 3] =
    ["sk_test_4eC39HqLyjWDarjtT1zdp7dc", "pk_test_TYooMQauvdEDq54NiTphI7jx", WEBHOOK];
const WEBHOOK: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// What is wrong, in a few words of each sentence's.
fn wrong(api_url: &str, keys: [&str; 3], public_url: &str, is_live: bool) -> Vec<String> {
    let [secret, publishable, webhook] = keys.map(str::to_owned);
    let gateway = GatewayConfig {
        api_url: api_url.to_owned(),
        script_url: String::new(),
        secret_key: Secret(secret.clone()),
        publishable_key: publishable.clone(),
        webhook_secret: Secret(webhook.clone()),
    };
    let settings = Settings { gateway: &gateway, public_url, is_live, sends_mail: true };
    let told: Vec<String> = problems(&settings).iter().map(ToString::to_string).collect();
    for secret in [secret, webhook].iter().filter(|secret| secret.len() > 12) {
        assert!(!told.concat().contains(secret.as_str()), "{told:?}");
    }
    told
}

#[test]
fn settings_that_can_be_meant_pass() {
    let sandbox = ["sk_test_sandbox", "pk_test_sandbox", "whsec_x"];
    for (api_url, keys, public_url, is_live) in [
        (REAL, LIVE, "https://billing.example", true),
        (REAL, TEST, "https://billing.example", false),
        (REAL, TEST, "http://localhost:8080", false),
        ("http://127.0.0.1:4242", sandbox, "http://127.0.0.1:8080", false),
        ("http://sandbox:4242", sandbox, "http://[::1]:8080", false),
    ] {
        assert_eq!(wrong(api_url, keys, public_url, is_live), [""; 0], "{keys:?}");
    }
}

#[test]
fn each_setting_that_must_not_be_meant_is_told_alone() {
    let at = "https://billing.example";
    let with = |place: usize, value: &'static str| {
        let mut keys = TEST;
        keys[place] = value;
        keys
    };
    for (keys, public_url, is_live, words) in [
        (TEST, at, true, "the gateway's keys are test keys"),
        (LIVE, at, false, "--live is not set"),
        (with(0, LIVE[0]), at, true, "one of the gateway's two keys is a test key"),
        (with(0, "sk_test_xxxxxxxxxxxxxxxxxxxxxxxx"), at, false, "a stand-in, not a key"),
        (with(0, "sk_test_sandbox"), at, false, "a stand-in, not a key"),
        (with(1, "pk_test_…"), at, false, "a stand-in, not a key"),
        (with(0, WEBHOOK), at, false, "SLUICE_STRIPE_SECRET_KEY is no secret key"),
        (with(1, TEST[0]), at, false, "every browser would be told it"),
        (with(1, "pk_"), at, false, "is no publishable key"),
        (with(2, TEST[0]), at, false, "it begins with whsec_"),
        (with(2, "whsec_secret"), at, false, "whoever guesses it"),
        (TEST, "http://billing.example", false, "is not encrypted"),
        (TEST, "http://10.0.0.1:8080", false, "is not encrypted"),
        (TEST, "http://0.0.0.0:8080", false, "is not encrypted"),
        (LIVE, "https://localhost", true, "leads to this machine alone"),
    ] {
        let told = wrong(REAL, keys, public_url, is_live);
        let words_are_there = told.iter().any(|told| told.contains(words));
        assert!(words_are_there, "{words}: {told:?}");
        let weak_too = usize::from(keys[1] == "pk_");
        assert_eq!(told.len(), 1 + weak_too, "{words}: {told:?}");
    }
}

#[test]
fn a_live_installation_has_to_send_mail() {
    let gateway = GatewayConfig {
        api_url: REAL.to_owned(),
        script_url: String::new(),
        secret_key: Secret(LIVE[0].to_owned()),
        publishable_key: LIVE[1].to_owned(),
        webhook_secret: Secret(WEBHOOK.to_owned()),
    };
    let public_url = "https://billing.example";
    let settings = Settings { gateway: &gateway, public_url, is_live: true, sends_mail: false };
    let told = problems(&settings);
    assert_eq!(told.iter().map(|problem| problem.about).collect::<Vec<_>>(), [About::Mail]);
}
