//! The gateway's client against the real sandbox process: what is known when a call goes wrong, and what the sandbox alone can be
//! asked for. What every gateway does alike is the contract of `gateway/`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test that cannot go on has failed"
)]

#[path = "support/sandbox.rs"]
mod sandbox;
#[path = "gateway_sandbox/saved.rs"]
mod saved;

use std::time::Duration;

use billing::funding::RefundKey;
use sandbox::{Sandbox, request, sub_account, usd};
use serde_json::json;
use server::{
    config::{GatewayConfig, Secret},
    gateway::{
        Gateway as _, GatewayError, IntentStatus, NewCustomer, RefundOutcome,
        stripe::{SetupError, Stripe},
    },
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

const INTENTS: &str = "/v1/payment_intents";

#[tokio::test]
async fn a_card_is_shown_before_it_is_charged() {
    let sandbox = Sandbox::start().await;
    let token = sandbox.token("mastercard").await;
    let card = sandbox.stripe().card_of(&token).await.unwrap();
    assert_eq!((card.label().as_str(), card.exp_month), ("Mastercard ···· 4444", 12));
    assert_eq!(card.payment_method, None);
    for stranger in ["ctoken_none", "", "../customers", "ctoken_1/../../customers", "é"] {
        let card = sandbox.stripe().card_of(stranger).await;
        assert_eq!(card, Err(GatewayError::NotFound), "{stranger}");
    }
}

#[tokio::test]
async fn a_good_card_is_charged_and_kept() {
    let sandbox = Sandbox::start().await;
    let charge = sandbox.charge(1, "visa").await;
    let intent = sandbox.stripe().charge(&charge).await.unwrap();
    assert_eq!(intent.status, IntentStatus::Succeeded);
    assert_eq!((intent.amount, intent.payment), (charge.amount, Some(charge.payment)));
    assert_eq!(intent.customer.as_ref(), Some(&charge.customer));
    assert!(!intent.live && intent.decline.is_none() && intent.client_secret.is_some());
    let card = intent.card.clone().unwrap();
    assert_eq!(card.label(), "Visa ···· 4242");
    assert!(card.payment_method.unwrap().starts_with("pm_"));
    assert_eq!(sandbox.stripe().intent(&intent.id).await.unwrap(), intent);

    let written = &sandbox.books().await["payment_intents"][0];
    assert_eq!(written["setup_future_usage"], "off_session");
    assert_eq!(written["allowed_payment_method_types"], json!(["card"]));
    let card_options = &written["payment_method_options"]["card"];
    assert_eq!(card_options["setup_credential_usage"], "unscheduled");
    assert_eq!(card_options["stored_credential_usage"], json!(null));
    assert_eq!(
        written["metadata"],
        json!({
            "request_id": charge.request.unwrap().to_string(),
            "sub_account_id": charge.sub_account.unwrap().to_string(),
            "payment_id": charge.payment.to_string(),
        })
    );
}

#[tokio::test]
async fn a_declined_card_says_why_and_brings_its_intent() {
    let sandbox = Sandbox::start().await;
    for (number, card, code, message) in [
        (1, "chargeDeclined", "generic_decline", "Your card was declined."),
        (
            2,
            "chargeDeclinedInsufficientFunds",
            "insufficient_funds",
            "Your card has insufficient funds.",
        ),
        (3, "chargeDeclinedExpiredCard", "expired_card", "Your card has expired."),
        (4, "chargeCustomerFail", "generic_decline", "Your card was declined."),
    ] {
        let charge = sandbox.charge(number, card).await;
        let Err(GatewayError::Declined(decline, Some(intent))) =
            sandbox.stripe().charge(&charge).await
        else {
            panic!("{card} was not declined");
        };
        assert_eq!((decline.code.as_str(), decline.message.as_str()), (code, message));
        assert_eq!(intent.status, IntentStatus::RequiresPaymentMethod);
        assert_eq!(intent.payment, Some(charge.payment));
        let fetched = sandbox.stripe().intent(&intent.id).await.unwrap();
        assert_eq!(fetched.decline, Some(decline), "{card}");
    }
}

#[tokio::test]
async fn a_repeated_charge_is_the_same_charge() {
    let sandbox = Sandbox::start().await;
    let charge = sandbox.charge(1, "visa").await;
    let first = sandbox.stripe().charge(&charge).await.unwrap();
    assert_eq!(sandbox.stripe().charge(&charge).await.unwrap(), first);
    assert_eq!(sandbox.count("payment_intents").await, 1);
    assert_eq!(sandbox.count("charges").await, 1);
    // The same payment asked for in other words (a server that came back under another URL) is what was charged before.
    let return_url = "https://elsewhere.example/pay".to_owned();
    let other = server::gateway::Charge { return_url, ..charge.clone() };
    assert_eq!(sandbox.stripe().charge(&other).await.unwrap().id, first.id);
    let other = server::gateway::Charge { amount: usd("26.00"), ..charge };
    assert_eq!(sandbox.stripe().charge(&other).await.unwrap().amount, usd("25.00"));
    assert_eq!(sandbox.count("charges").await, 1);
}

#[tokio::test]
async fn a_customer_whose_making_failed_for_good_is_made_anew() {
    let sandbox = Sandbox::start().await;
    let stripe = sandbox.stripe();
    let new = NewCustomer::of_request(request(1), sub_account(), "dana@brightwater.co", "Dana");
    let make = || stripe.create_customer(&new);
    sandbox.fault("POST", "/v1/customers", "error_500_with_effect").await;
    assert!(matches!(make().await, Err(GatewayError::Unknown(_))));
    let made = make().await.unwrap();
    assert_eq!(make().await.unwrap(), made);
}

#[tokio::test]
async fn a_refund_that_comes_back_is_seen_to_have_failed() {
    let sandbox = Sandbox::start().await;
    let stripe = sandbox.stripe();
    let charge = sandbox.charge(1, "refundFail").await;
    let intent = stripe.charge(&charge).await.unwrap().id;
    let key = RefundKey { payment: charge.payment, number: 1 };
    assert_eq!(stripe.refund(&intent, key, charge.amount).await, Ok(RefundOutcome::Succeeded));
    for _ in 0..100 {
        if stripe.refund(&intent, key, charge.amount).await == Ok(RefundOutcome::Failed) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("nobody hears of it");
}

#[tokio::test]
async fn a_refund_that_was_answered_with_500_is_neither_lost_nor_doubled() {
    let sandbox = Sandbox::start().await;
    let stripe = sandbox.stripe();
    let charge = sandbox.charge(1, "visa").await;
    let intent = stripe.charge(&charge).await.unwrap().id;
    let key = |number| RefundKey { payment: charge.payment, number };
    sandbox.fault("POST", "/v1/refunds", "error_500_with_effect").await;
    assert_eq!(stripe.refund(&intent, key(1), usd("5.00")).await, Ok(RefundOutcome::Succeeded));
    assert_eq!(sandbox.count("refunds").await, 1);

    sandbox.fault("POST", "/v1/refunds", "error_500_without_effect").await;
    let first = stripe.refund(&intent, key(2), usd("5.00")).await;
    assert!(matches!(first, Err(GatewayError::Unknown(_))), "{first:?}");
    assert_eq!(stripe.refund(&intent, key(2), usd("5.00")).await, Ok(RefundOutcome::Succeeded));
    assert_eq!(stripe.refund(&intent, key(2), usd("5.00")).await, Ok(RefundOutcome::Succeeded));
    assert_eq!(sandbox.count("refunds").await, 2);
}

#[tokio::test]
async fn a_charge_without_an_answer_is_unknown_until_it_is_looked_up() {
    let sandbox = Sandbox::start().await;
    for (number, fault, happened) in [
        (1, "timeout_with_effect", true),
        (2, "timeout_without_effect", false),
        (3, "error_500_with_effect", true),
        (4, "error_500_without_effect", false),
    ] {
        let charge = sandbox.charge(number, "visa").await;
        sandbox.fault("POST", INTENTS, fault).await;
        let outcome = sandbox.impatient().charge(&charge).await;
        assert!(matches!(outcome, Err(GatewayError::Unknown(_))), "{fault}: {outcome:?}");
        let found = sandbox.stripe().find_intent(&charge.customer, charge.payment).await.unwrap();
        assert_eq!(found.is_some(), happened, "{fault}");
        assert!(found.is_none_or(|intent| intent.status == IntentStatus::Succeeded), "{fault}");
    }
}

#[tokio::test]
async fn a_charge_that_the_gateway_lost_and_remembers_as_lost_is_made_once() {
    let sandbox = Sandbox::start().await;
    for (number, fault) in [(1, "error_500_without_effect"), (2, "error_500_with_effect")] {
        let charge = sandbox.charge(number, "visa").await;
        sandbox.fault("POST", INTENTS, fault).await;
        let outcome = sandbox.stripe().charge(&charge).await;
        assert!(matches!(outcome, Err(GatewayError::Unknown(_))), "{fault}: {outcome:?}");
        let made = sandbox.stripe().charge(&charge).await.unwrap();
        assert_eq!(made.status, IntentStatus::Succeeded, "{fault}");
        let again = sandbox.stripe().charge(&charge).await.unwrap();
        assert_eq!(again.id, made.id, "{fault}");
        assert_eq!(sandbox.count("payment_intents").await, usize::from(number));
    }
}

#[tokio::test]
async fn a_charge_that_was_turned_away_has_not_happened() {
    let sandbox = Sandbox::start().await;
    let charge = sandbox.charge(1, "visa").await;
    sandbox.fault("POST", INTENTS, "rate_limited").await;
    let outcome = sandbox.stripe().charge(&charge).await;
    assert!(matches!(outcome, Err(GatewayError::TryLater(_))), "{outcome:?}");
    assert_eq!(sandbox.count("payment_intents").await, 0);
    assert_eq!(sandbox.stripe().charge(&charge).await.unwrap().status, IntentStatus::Succeeded);
}

#[tokio::test]
async fn a_charge_that_is_still_under_way_is_to_be_asked_about_later() {
    let sandbox = Sandbox::start().await;
    let charge = sandbox.charge(1, "visa").await;
    sandbox.fault("POST", INTENTS, "slow").await;
    assert!(matches!(sandbox.impatient().charge(&charge).await, Err(GatewayError::Unknown(_))));
    let outcome = sandbox.stripe().charge(&charge).await;
    assert!(matches!(outcome, Err(GatewayError::TryLater(_))), "{outcome:?}");
}

#[tokio::test]
async fn looking_has_no_unknown_outcome() {
    let sandbox = Sandbox::start().await;
    for fault in ["timeout_without_effect", "error_500_without_effect", "rate_limited"] {
        sandbox.fault("GET", "/v1/payment_intents/*", fault).await;
        let outcome = sandbox.impatient().intent("pi_1").await;
        assert!(matches!(outcome, Err(GatewayError::TryLater(_))), "{fault}: {outcome:?}");
    }
    assert_eq!(sandbox.stripe().intent("pi_1").await, Err(GatewayError::NotFound));
}

#[tokio::test]
async fn a_gateway_that_is_away_has_done_nothing() {
    let sandbox = Sandbox::start().await;
    let charge = sandbox.charge(1, "visa").await;
    // A port that was free a moment ago.
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let away = with_url(&sandbox, &format!("http://127.0.0.1:{port}"));
    let outcome = Stripe::new(&away).unwrap().charge(&charge).await;
    assert!(matches!(outcome, Err(GatewayError::TryLater(_))), "{outcome:?}");
}

/// A server that answers every request with these bytes and hangs up.
async fn answering(bytes: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4_096];
            let _read = stream.read(&mut request).await;
            let _gone = stream.write_all(&bytes).await;
        }
    });
    url
}

fn with_url(sandbox: &Sandbox, url: &str) -> GatewayConfig {
    GatewayConfig { api_url: url.to_owned(), ..sandbox.config.clone() }
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_leaves_a_charge_unknown() {
    let sandbox = Sandbox::start().await;
    let charge = sandbox.charge(1, "visa").await;
    let ok = "HTTP/1.1 200 OK\r\nconnection: close\r\n";
    // A good answer but for its length.
    let huge = json!({
        "id": "pi_1", "amount": 2_500, "currency": "usd", "status": "succeeded",
        "padding": "a".repeat(1 << 20),
    })
    .to_string();
    let huge = format!("{ok}content-length: {}\r\n\r\n{huge}", huge.len());
    for answer in [
        String::new(),
        "HTTP/1.1 200 OK\r\ncontent-len".to_owned(),
        format!("{ok}content-length: 100\r\n\r\n{{\"id\":"),
        format!("{ok}content-length: 5\r\n\r\nhello"),
        format!("{ok}content-length: 2\r\n\r\n{{}}"),
        huge,
        "HTTP/1.1 502 Bad Gateway\r\ncontent-length: 5\r\n\r\n<html".to_owned(),
    ] {
        let head: String = answer.chars().take(60).collect();
        let config = with_url(&sandbox, &answering(answer.into_bytes()).await);
        let outcome = Stripe::new(&config).unwrap().charge(&charge).await;
        assert!(matches!(outcome, Err(GatewayError::Unknown(_))), "{head:?}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_the_key_goes_nowhere_else() {
    let sandbox = Sandbox::start().await;
    let charge = sandbox.charge(1, "visa").await;
    let elsewhere = format!("{}/v1/payment_intents", sandbox.config.api_url);
    let answer = format!(
        "HTTP/1.1 307 Temporary Redirect\r\nlocation: {elsewhere}\r\ncontent-length: 0\r\n\r\n"
    );
    let config = with_url(&sandbox, &answering(answer.into_bytes()).await);
    let outcome = Stripe::new(&config).unwrap().charge(&charge).await;
    assert!(matches!(outcome, Err(GatewayError::TryLater(_))), "{outcome:?}");
    assert_eq!(sandbox.count("payment_intents").await, 0);
}

#[tokio::test]
async fn settings_that_cannot_be_meant_are_refused() {
    let sandbox = Sandbox::start().await;
    let with_key =
        |key: &str| GatewayConfig { secret_key: Secret(key.to_owned()), ..sandbox.config.clone() };
    for (config, why) in [
        (with_url(&sandbox, "api.stripe.com"), SetupError::Url),
        (with_url(&sandbox, "file:///etc/passwd"), SetupError::Url),
        (with_key("sk_test_1\r\nx: y"), SetupError::Key),
        (with_key("sk_live_1"), SetupError::LiveKeyInTheClear),
    ] {
        assert_eq!(Stripe::new(&config).unwrap_err(), why, "{}", config.api_url);
    }
    let wrong_key = Stripe::new(&with_key("sk_test_other")).unwrap();
    let outcome = wrong_key.intent("pi_1").await;
    assert!(matches!(outcome, Err(GatewayError::Rejected { status: 401, .. })), "{outcome:?}");
    let shown = format!("{:?}", sandbox.stripe());
    assert!(!shown.contains(&sandbox.config.secret_key.0), "{shown}");
}

#[tokio::test]
async fn a_refund_of_a_fraction_of_a_coin_is_not_asked_for() {
    let sandbox = Sandbox::start().await;
    let charge = sandbox.charge(1, "visa").await;
    let intent = sandbox.stripe().charge(&charge).await.unwrap().id;
    let key = RefundKey { payment: charge.payment, number: 1 };
    let fraction = sandbox.stripe().refund(&intent, key, usd("0.001")).await;
    assert!(matches!(fraction, Err(GatewayError::Rejected { .. })), "{fraction:?}");
    assert_eq!(sandbox.count("refunds").await, 0);
}
