use serde_json::json;

use crate::support::{Form, Gateway};

const PAYMENT: Form<'static> = &[
    ("amount", "2500"),
    ("currency", "usd"),
    ("payment_method", "pm_card_visa"),
    ("confirm", "true"),
];

async fn payments(gateway: &Gateway) -> usize {
    gateway.books().await["payment_intents"].as_array().unwrap().len()
}

#[tokio::test]
async fn the_same_key_again_gets_the_same_answer_and_one_effect() {
    let gateway = Gateway::start();
    let first = gateway.post_with_key("k1", "/v1/payment_intents", PAYMENT).await;
    let second = gateway.post_with_key("k1", "/v1/payment_intents", PAYMENT).await;
    assert_eq!((second.status, &second.body), (200, &first.body));
    assert!(!first.headers.contains_key("idempotent-replayed"));
    assert_eq!(second.headers["idempotent-replayed"], "true");
    assert_eq!(second.headers["original-request"], first.headers["request-id"]);
    assert_eq!(payments(&gateway).await, 1);
}

#[tokio::test]
async fn the_same_key_with_other_parameters_is_refused() {
    let gateway = Gateway::start();
    gateway.post_with_key("k1", "/v1/payment_intents", PAYMENT).await;
    let form = [("amount", "2600"), ("currency", "usd")];
    let other = gateway.post_with_key("k1", "/v1/payment_intents", &form).await;
    assert_eq!((other.status, other.text("/error/type")), (400, "idempotency_error"));
    let elsewhere = gateway.post_with_key("k1", "/v1/customers", PAYMENT).await;
    assert_eq!(elsewhere.text("/error/type"), "idempotency_error");
    assert_eq!(payments(&gateway).await, 1);
}

#[tokio::test]
async fn a_key_is_taken_while_its_request_is_under_way() {
    let gateway = Gateway::start();
    gateway
        .fault(json!({ "method": "POST", "path": "/v1/payment_intents", "fault": "slow", "delay_ms": 2_000 }))
        .await;
    let slow = gateway.post_with_key("k1", "/v1/payment_intents", PAYMENT);
    let hasty = async {
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        gateway.post_with_key("k1", "/v1/payment_intents", PAYMENT).await
    };
    let (slow, hasty) = tokio::join!(slow, hasty);
    assert_eq!(hasty.refusal(), (409, "idempotency_key_in_use"));
    assert_eq!(slow.text("/status"), "succeeded");
    let after = gateway.post_with_key("k1", "/v1/payment_intents", PAYMENT).await;
    assert_eq!(after.body, slow.body);
    assert_eq!(payments(&gateway).await, 1);
}

#[tokio::test]
async fn a_decline_is_remembered() {
    let gateway = Gateway::start();
    let mut form = PAYMENT.to_vec();
    form[2] = ("payment_method", "pm_card_chargeDeclined");
    let first = gateway.post_with_key("k1", "/v1/payment_intents", &form).await;
    let second = gateway.post_with_key("k1", "/v1/payment_intents", &form).await;
    assert_eq!(second.refusal(), (402, "card_declined"));
    assert_eq!(second.body, first.body);
    assert_eq!(payments(&gateway).await, 1);
}

#[tokio::test]
async fn a_request_that_never_started_leaves_its_key_free() {
    let gateway = Gateway::start();
    let wrong = [("amount", "1"), ("currency", "usd")];
    let refused = gateway.post_with_key("k1", "/v1/payment_intents", &wrong).await;
    assert_eq!(refused.refusal(), (400, "amount_too_small"));
    gateway
        .fault(json!({ "method": "POST", "path": "/v1/payment_intents", "fault": "rate_limited" }))
        .await;
    let limited = gateway.post_with_key("k1", "/v1/payment_intents", PAYMENT).await;
    assert_eq!(limited.refusal(), (429, "rate_limit"));
    let paid = gateway.post_with_key("k1", "/v1/payment_intents", PAYMENT).await;
    assert_eq!(paid.text("/status"), "succeeded");
}
