//! In what localstripe 1.15.10 differs from Stripe, each asserted, so that a newer version that differs otherwise is noticed.
//! [`Ways`] is what the contract's tests see of it. The rest is made up for by `support/localstripe_shim.py`, and asserted here of
//! localstripe itself:
//!
//! | Stripe | localstripe |
//! |---|---|
//! | takes `setup_future_usage`, `allowed_payment_method_types`, `return_url` | 400; the shim takes them out and logs it |
//! | replays an `Idempotency-Key` | ignores it; the shim replays |
//! | has confirmation tokens | has none; the shim keeps a payment method for each |
//! | lists PaymentIntents, or a customer's, newest first | 400 for `customer`, oldest first; the shim chooses and turns them |
//! | declines …0002 when it is charged | charges it, and declines to attach it; …0341 is used for a declined charge |
//! | makes and confirms a SetupIntent at once, of a confirmation token | in two requests, of a payment method; the shim makes both |
//! | attaches a saved card to its customer | leaves it with nobody |
//! | declines a saved card off-session that wants its owner, unless it was authenticated and asks once | waits for them, each time |
//! | a SetupIntent's 3-D Secure can fail; one that is over is not cancelled | it cannot; it is |
//! | says what a bank advises (`advice_code`) | does not |
//! | lists disputes | has none; the shim's list is empty |
//! | events of the asked-for version | `api_version` 2017-08-15, sent once; none for refunds |

use reqwest::Method;
use server::gateway::{Gateway as _, IntentStatus};

use crate::ground::Ground;

/// In what the two servers differ behind the same calls.
#[derive(Debug)]
pub struct Ways {
    /// What the card …0341 is declined with.
    pub decline_code: &'static str,
    /// The error of a decline holds the PaymentIntent.
    pub decline_brings_intent: bool,
    /// No more is refunded than was paid.
    pub refuses_to_refund_too_much: bool,
    /// A card that was detached is not charged.
    pub refuses_to_charge_a_detached_card: bool,
    /// What the bank of the card …0341 advises.
    pub decline_advice: Option<&'static str>,
    /// What a lost card is declined with, and its bank's advice.
    pub lost: (&'static str, Option<&'static str>),
    /// A saved card is its customer's.
    pub attaches_a_saved_card: bool,
    /// Whoever is not there is not waited for, and a card that asks once asks once.
    pub knows_who_is_there: bool,
    /// 3-D Secure about a card to keep can end badly, and one that is kept cannot be called off.
    pub setups_end: bool,
    /// Payments can be disputed.
    pub has_disputes: bool,
}

/// As Stripe does it.
pub const SANDBOX: Ways = Ways {
    decline_code: "generic_decline",
    decline_brings_intent: true,
    refuses_to_refund_too_much: true,
    refuses_to_charge_a_detached_card: true,
    decline_advice: Some("try_again_later"),
    lost: ("lost_card", Some("do_not_try_again")),
    attaches_a_saved_card: true,
    knows_who_is_there: true,
    setups_end: true,
    has_disputes: true,
};

/// As localstripe does it.
pub const LOCALSTRIPE: Ways = Ways {
    decline_code: "card_declined",
    decline_brings_intent: false,
    refuses_to_refund_too_much: false,
    refuses_to_charge_a_detached_card: false,
    decline_advice: None,
    lost: ("card_declined", None),
    attaches_a_saved_card: false,
    knows_who_is_there: false,
    setups_end: false,
    has_disputes: false,
};

const INTENTS: &str = "/v1/payment_intents";

#[tokio::test]
async fn what_production_sends_is_sent_and_localstripe_refuses_it() {
    let ground = Ground::localstripe().await;
    let charge = ground.charge(1, "visa").await;
    ground.stripe().charge(&charge).await.unwrap();
    let (_, log) = ground.ask(Method::GET, "/_shim/log", "").await;
    let sent = log.as_array().unwrap().iter().find(|sent| sent["path"] == INTENTS).unwrap();
    assert_eq!(sent["version"], server::gateway::stripe::API_VERSION);
    assert_eq!(sent["key"], format!("switch-{}-{}", charge.request.unwrap(), charge.payment));
    let taken_out = ["allowed_payment_method_types[]", "return_url", "setup_future_usage"];
    assert_eq!(sent["taken_out"], serde_json::json!(taken_out));
    for name in taken_out {
        let form = format!("amount=2500&currency=usd&{name}=x");
        let (status, answer) = ground.ask_bare(Method::POST, INTENTS, &form).await;
        assert_eq!(status, 400, "{name}");
        let name = name.trim_end_matches("[]");
        assert_eq!(answer["error"]["message"], format!("Unexpected {name}"));
    }
}

#[tokio::test]
async fn what_saves_a_card_is_sent_and_localstripe_refuses_it() {
    let ground = Ground::localstripe().await;
    let save = ground.save(1, "visa").await;
    ground.stripe().save_card(&save).await.unwrap();
    let (_, log) = ground.ask(Method::GET, "/_shim/log", "").await;
    let path = "/v1/setup_intents";
    let sent = log.as_array().unwrap().iter().find(|sent| sent["path"] == path).unwrap();
    assert_eq!(sent["key"], format!("setup-{}", save.setup));
    let taken_out = [
        "allowed_payment_method_types[]",
        "confirm",
        "payment_method_options[card][setup_credential_usage]",
        "return_url",
    ];
    assert_eq!(sent["taken_out"], serde_json::json!(taken_out));
    for name in taken_out.into_iter().chain(["confirmation_token", "payment_method"]) {
        let (status, answer) = ground.ask_bare(Method::POST, path, &format!("{name}=x")).await;
        let name = name.split('[').next().unwrap();
        assert_eq!(
            (status, &answer["error"]["message"]),
            (400, &format!("Unexpected {name}").into())
        );
    }
    let (status, _) = ground.ask_bare(Method::GET, &format!("{path}?customer=cus_1"), "").await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn localstripe_has_no_disputes() {
    let ground = Ground::localstripe().await;
    for path in ["/v1/disputes", "/v1/disputes/dp_1"] {
        assert_eq!(ground.ask_bare(Method::GET, path, "").await.0, 404, "{path}");
    }
}

#[tokio::test]
async fn localstripe_makes_two_of_a_repeated_request() {
    let ground = Ground::localstripe().await;
    assert_eq!(ground.made_by_a_repeat("amount=2500&currency=usd").await, 2);
}

#[tokio::test]
async fn localstripe_has_no_confirmation_tokens() {
    let ground = Ground::localstripe().await;
    let path = "/v1/test_helpers/confirmation_tokens";
    let (status, _) = ground.ask_bare(Method::POST, path, "payment_method=pm_card_visa").await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn localstripe_lists_everybodys_payments_oldest_first() {
    let ground = Ground::localstripe().await;
    let mut made = Vec::new();
    for amount in [2_500, 2_600] {
        let form = format!("amount={amount}&currency=usd");
        let (_, intent) = ground.ask_bare(Method::POST, INTENTS, &form).await;
        made.push(intent["id"].clone());
    }
    let (status, _) = ground.ask_bare(Method::GET, &format!("{INTENTS}?customer=cus_1"), "").await;
    assert_eq!(status, 400);
    let (_, list) = ground.ask_bare(Method::GET, INTENTS, "").await;
    let listed: Vec<_> =
        list["data"].as_array().unwrap().iter().map(|row| row["id"].clone()).collect();
    assert_eq!(listed, made);
}

#[tokio::test]
async fn localstripe_charges_the_card_that_is_always_declined_and_does_not_attach_it() {
    let ground = Ground::localstripe().await;
    let form = "type=card&card[number]=4000000000000002&card[exp_month]=12&card[exp_year]=2030&card[cvc]=123";
    let (_, method) = ground.ask_bare(Method::POST, "/v1/payment_methods", form).await;
    let method = method["id"].as_str().unwrap();
    let form = format!("amount=2500&currency=usd&confirm=true&payment_method={method}");
    let (status, intent) = ground.ask_bare(Method::POST, INTENTS, &form).await;
    assert_eq!((status, intent["status"].as_str()), (200, Some("succeeded")));
    let (_, customer) = ground.ask_bare(Method::POST, "/v1/customers", "name=A").await;
    let form = format!("customer={}", customer["id"].as_str().unwrap());
    let path = format!("/v1/payment_methods/{method}/attach");
    let (status, answer) = ground.ask_bare(Method::POST, &path, &form).await;
    assert_eq!((status, answer["error"]["code"].as_str()), (402, Some("card_declined")));
    // A decline is said to be our fault: why declines are told by status and code.
    assert_eq!(answer["error"]["type"], "invalid_request_error");
}

#[tokio::test]
async fn localstripe_says_nothing_of_a_refund_and_speaks_an_old_version() {
    let ground = Ground::localstripe().await;
    let charge = ground.charge(1, "visa").await;
    let intent = ground.stripe().charge(&charge).await.unwrap();
    assert_eq!(intent.status, IntentStatus::Succeeded);
    let form = format!("payment_intent={}", intent.id);
    let (status, _) = ground.ask_bare(Method::POST, "/v1/refunds", &form).await;
    assert_eq!(status, 200);
    let (_, events) = ground.ask_bare(Method::GET, "/v1/events?limit=100", "").await;
    let events = events["data"].as_array().unwrap();
    let kinds: Vec<_> = events.iter().map(|event| event["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["customer.created", "payment_intent.succeeded"]);
    assert!(events.iter().all(|event| event["api_version"] == "2017-08-15"));
}
