use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::{Form, Gateway};

const PAYMENT: Form<'static> = &[
    ("amount", "2500"),
    ("currency", "usd"),
    ("payment_method", "pm_card_visa"),
    ("confirm", "true"),
];

fn fault(kind: &str) -> serde_json::Value {
    json!({ "method": "POST", "path": "/v1/payment_intents", "fault": kind, "delay_ms": 150 })
}

async fn captured(gateway: &Gateway) -> i64 {
    gateway.books().await["totals"]["usd"]["captured"].as_i64().unwrap_or_default()
}

/// Sends the payment and is hung up on.
async fn no_answer(gateway: &Gateway, key: &str) {
    let request = gateway.posting("/v1/payment_intents", PAYMENT).header("idempotency-key", key);
    let error = request.send().await.expect_err("there should be no answer");
    assert!(!error.is_timeout(), "{error:?}");
}

#[tokio::test]
async fn a_timeout_with_effect_charges_and_the_key_tells_of_it_later() {
    let gateway = Gateway::start();
    gateway.fault(fault("timeout_with_effect")).await;
    no_answer(&gateway, "k1").await;
    assert_eq!(captured(&gateway).await, 2_500);
    let again = gateway.post_with_key("k1", "/v1/payment_intents", PAYMENT).await;
    assert_eq!(again.text("/status"), "succeeded");
    assert_eq!(again.headers["idempotent-replayed"], "true");
    assert_eq!(captured(&gateway).await, 2_500);
}

#[tokio::test]
async fn a_timeout_without_effect_charges_nothing_and_leaves_the_key_free() {
    let gateway = Gateway::start();
    gateway.fault(fault("timeout_without_effect")).await;
    no_answer(&gateway, "k1").await;
    assert_eq!(captured(&gateway).await, 0);
    let again = gateway.post_with_key("k1", "/v1/payment_intents", PAYMENT).await;
    assert!(!again.headers.contains_key("idempotent-replayed"));
    assert_eq!(captured(&gateway).await, 2_500);
}

#[tokio::test]
async fn an_effect_survives_a_caller_who_gives_up_first() {
    let gateway = Gateway::start();
    gateway
        .fault(json!({ "method": "POST", "path": "/v1/payment_intents", "fault": "slow", "delay_ms": 1_500 }))
        .await;
    let request =
        gateway.posting("/v1/payment_intents", PAYMENT).timeout(Duration::from_millis(500));
    assert!(request.send().await.expect_err("too slow").is_timeout());
    for _ in 0..100 {
        if captured(&gateway).await > 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(captured(&gateway).await, 2_500);
}

#[tokio::test]
async fn a_500_may_have_charged_or_not_and_its_key_repeats_it() {
    let gateway = Gateway::start();
    for (kind, after) in [("error_500_with_effect", 2_500), ("error_500_without_effect", 2_500)] {
        gateway.fault(fault(kind)).await;
        let failed = gateway.post_with_key(kind, "/v1/payment_intents", PAYMENT).await;
        assert_eq!((failed.status, failed.text("/error/type")), (500, "api_error"));
        assert_eq!(captured(&gateway).await, after, "{kind}");
        let again = gateway.post_with_key(kind, "/v1/payment_intents", PAYMENT).await;
        assert_eq!((again.status, captured(&gateway).await), (500, after), "{kind}");
    }
    assert_eq!(gateway.books().await["payment_intents"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_fault_strikes_as_often_as_asked_and_only_where_asked() {
    let gateway = Gateway::start();
    let body = json!({ "method": "post", "path": "/v1/payment_intents/*/cancel", "fault": "rate_limited", "times": 2 });
    gateway.fault(body).await;
    let form = [("amount", "2500"), ("currency", "usd")];
    let id = gateway.post("/v1/payment_intents", &form).await.id();
    let path = format!("/v1/payment_intents/{id}/cancel");
    assert_eq!(gateway.post(&path, &[]).await.status, 429);
    assert_eq!(gateway.post(&path, &[]).await.status, 429);
    assert_eq!(gateway.post(&path, &[]).await.text("/status"), "canceled");
    let queue = gateway.get("/_sandbox/faults").await;
    assert_eq!((queue.number("/faults/0/times"), queue.number("/faults/0/fired")), (0, 2));
}

#[tokio::test]
async fn what_is_refused_or_in_progress_charges_nothing_and_leaves_the_key_free() {
    let gateway = Gateway::start();
    for (kind, status, says) in
        [("refused", 400, "invalid_request_error"), ("conflict", 409, "idempotency_error")]
    {
        let before = captured(&gateway).await;
        gateway.fault(fault(kind)).await;
        let refused = gateway.post_with_key(kind, "/v1/payment_intents", PAYMENT).await;
        assert_eq!((refused.status, refused.text("/error/type")), (status, says));
        assert_eq!(captured(&gateway).await, before, "{kind}");
        let again = gateway.post_with_key(kind, "/v1/payment_intents", PAYMENT).await;
        assert_eq!(again.text("/status"), "succeeded");
        assert!(!again.headers.contains_key("idempotent-replayed"));
        assert_eq!(captured(&gateway).await, before + 2_500, "{kind}");
    }
}

#[tokio::test]
async fn faults_can_be_called_off() {
    let gateway = Gateway::start();
    gateway.fault(fault("rate_limited")).await;
    assert_eq!(gateway.delete("/_sandbox/faults").await.body, json!({ "faults": [] }));
    let paid = gateway.post("/v1/payment_intents", PAYMENT).await;
    assert_eq!(paid.text("/status"), "succeeded");
}

#[tokio::test]
async fn a_slow_answer_is_a_plain_one_later() {
    let gateway = Gateway::start();
    gateway.fault(fault("slow")).await;
    #[expect(clippy::disallowed_methods, reason = "the test measures a real wait")]
    let start = Instant::now();
    let paid = gateway.post("/v1/payment_intents", PAYMENT).await;
    assert_eq!(paid.text("/status"), "succeeded");
    assert!(start.elapsed() >= Duration::from_millis(150));
}

#[tokio::test]
async fn a_fault_that_makes_no_sense_is_refused() {
    let gateway = Gateway::start();
    for body in [json!({}), json!({ "method": "POST", "path": "/v1/refunds", "fault": "fire" })] {
        assert_eq!(gateway.control("/faults", body).await.status, 400);
    }
}
