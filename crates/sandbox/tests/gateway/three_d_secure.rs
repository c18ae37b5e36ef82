use reqwest::Method;
use serde_json::json;

use crate::support::{Gateway, send};

const ONCE: &str = "4000002500003155";
const ALWAYS: &str = "4000002760003184";
const THEN_DECLINED: &str = "4000008400001629";

async fn authenticate(gateway: &Gateway, id: &str, success: bool) -> crate::support::Reply {
    let path = format!("/payment_intents/{id}/authenticate?success={success}");
    gateway.control(&path, json!({})).await
}

#[tokio::test]
async fn a_payment_waits_for_authentication_and_succeeds_after_it() {
    let gateway = Gateway::start();
    let customer = gateway.customer().await;
    let waiting = gateway.pay(&customer, ALWAYS).await;
    assert_eq!(waiting.text("/status"), "requires_action");
    assert_eq!(waiting.text("/next_action/type"), "use_stripe_sdk");
    assert_eq!(waiting.body["latest_charge"], json!(null));

    let paid = authenticate(&gateway, &waiting.id(), true).await;
    assert_eq!(paid.text("/status"), "succeeded");
    assert_eq!(paid.body["next_action"], json!(null));
    let charge = gateway.get(&format!("/v1/charges/{}", paid.text("/latest_charge"))).await;
    assert_eq!(charge.text("/payment_method_details/card/three_d_secure/result"), "authenticated");
    assert_eq!(
        gateway.event_types().await[2..],
        [
            "payment_intent.requires_action",
            "payment_method.attached",
            "charge.succeeded",
            "payment_intent.succeeded"
        ]
    );
    assert_eq!(authenticate(&gateway, &waiting.id(), true).await.status, 400);
}

#[tokio::test]
async fn a_failed_authentication_asks_for_another_card() {
    let gateway = Gateway::start();
    let customer = gateway.customer().await;
    let waiting = gateway.pay(&customer, ALWAYS).await;
    let failed = authenticate(&gateway, &waiting.id(), false).await;
    assert_eq!(failed.text("/status"), "requires_payment_method");
    assert_eq!(failed.text("/last_payment_error/code"), "payment_intent_authentication_failure");
    assert_eq!(gateway.event_types().await.last().unwrap(), "payment_intent.payment_failed");
    assert_eq!(gateway.books().await["totals"], json!({}));
}

#[tokio::test]
async fn a_bank_may_decline_after_authentication() {
    let gateway = Gateway::start();
    let customer = gateway.customer().await;
    let waiting = gateway.pay(&customer, THEN_DECLINED).await;
    let declined = authenticate(&gateway, &waiting.id(), true).await;
    assert_eq!(declined.text("/status"), "requires_payment_method");
    assert_eq!(declined.text("/last_payment_error/code"), "card_declined");
}

#[tokio::test]
async fn a_card_that_authenticates_once_works_off_session_afterwards() {
    let gateway = Gateway::start();
    let customer = gateway.customer().await;
    let waiting = gateway.pay(&customer, ONCE).await;
    let paid = authenticate(&gateway, &waiting.id(), true).await;
    let later = gateway.recharge(&customer, paid.text("/payment_method")).await;
    assert_eq!(later.text("/status"), "succeeded");
}

#[tokio::test]
async fn a_card_that_never_authenticated_needs_it_off_session() {
    let gateway = Gateway::start();
    let customer = gateway.customer().await;
    let form = [("customer", customer.as_str())];
    let path = "/v1/payment_methods/pm_card_authenticationRequiredOnSetup/attach";
    let method = gateway.post(path, &form).await.id();
    let refused = gateway.recharge(&customer, &method).await;
    assert_eq!(refused.refusal(), (402, "authentication_required"));
    assert_eq!(refused.text("/error/decline_code"), "authentication_required");
    assert_eq!(refused.text("/error/payment_intent/status"), "requires_payment_method");
}

#[tokio::test]
async fn a_card_that_always_authenticates_never_works_off_session() {
    let gateway = Gateway::start();
    let customer = gateway.customer().await;
    let waiting = gateway.pay(&customer, ALWAYS).await;
    let paid = authenticate(&gateway, &waiting.id(), true).await;
    let refused = gateway.recharge(&customer, paid.text("/payment_method")).await;
    assert_eq!(refused.refusal(), (402, "authentication_required"));
}

#[tokio::test]
async fn a_waiting_payment_can_be_cancelled_and_then_nothing_else() {
    let gateway = Gateway::start();
    let customer = gateway.customer().await;
    let id = gateway.pay(&customer, ALWAYS).await.id();
    let path = format!("/v1/payment_intents/{id}/cancel");
    let cancelled = gateway.post(&path, &[("cancellation_reason", "abandoned")]).await;
    assert_eq!(cancelled.text("/status"), "canceled");
    assert_eq!(cancelled.text("/cancellation_reason"), "abandoned");

    let state = (400, "payment_intent_unexpected_state");
    assert_eq!(gateway.post(&path, &[]).await.refusal(), state);
    assert_eq!(authenticate(&gateway, &id, true).await.refusal(), state);
    let path = format!("/v1/payment_intents/{id}/confirm");
    let form = [("payment_method", "pm_card_visa")];
    assert_eq!(gateway.post(&path, &form).await.refusal(), state);
    assert_eq!(gateway.event_types().await.last().unwrap(), "payment_intent.canceled");
}

#[tokio::test]
async fn the_challenge_frame_answers_with_the_client_secret_only() {
    let gateway = Gateway::start();
    let customer = gateway.customer().await;
    let waiting = gateway.pay(&customer, ALWAYS).await;
    let answer = |secret: &str| {
        let body = json!({ "client_secret": secret, "success": true });
        send(gateway.request(Method::POST, "/elements/authenticate").json(&body))
    };
    let guess = format!("{}_secret_guess", waiting.id());
    assert_eq!(answer(&guess).await.refusal(), (404, "resource_missing"));
    let secret = waiting.text("/client_secret");
    assert_eq!(answer(secret).await.body, json!({ "done": true }));
    let paid = gateway.get(&format!("/v1/payment_intents/{}", waiting.id())).await;
    assert_eq!(paid.text("/status"), "succeeded");
}
