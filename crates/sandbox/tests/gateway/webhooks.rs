use hmac::{Hmac, Mac};
use serde_json::json;
use sha2::Sha256;

use crate::{receiver::Receiver, support::Gateway};

/// Has every event, or those named, sent to `receiver`; answers the endpoint's id and secret.
async fn subscribe(gateway: &Gateway, receiver: &Receiver, events: &[&str]) -> (String, String) {
    let mut form = vec![("url", receiver.url.as_str())];
    form.extend(events.iter().map(|event| ("enabled_events[]", *event)));
    let endpoint = gateway.post("/v1/webhook_endpoints", &form).await;
    (endpoint.id(), endpoint.text("/secret").to_owned())
}

/// Checked by the rule that Stripe gives out, not by our own signer.
fn is_signed(signature: &str, body: &str, secret: &str) -> bool {
    let (t, v1) = signature.strip_prefix("t=").unwrap().split_once(",v1=").unwrap();
    let bytes: Vec<u8> =
        (0..v1.len()).step_by(2).map(|i| u8::from_str_radix(&v1[i..i + 2], 16).unwrap()).collect();
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("{t}.{body}").as_bytes());
    mac.verify_slice(&bytes).is_ok()
}

#[tokio::test]
async fn a_delivery_is_signed_with_the_endpoints_secret() {
    let gateway = Gateway::start();
    let mut receiver = Receiver::start(&[]).await;
    let (_, secret) = subscribe(&gateway, &receiver, &["*"]).await;
    assert!(secret.starts_with("whsec_"));
    gateway.customer().await;

    let delivery = receiver.next().await;
    assert!(is_signed(&delivery.signature, &delivery.body, &secret));
    assert!(!is_signed(&delivery.signature, &delivery.body, "whsec_other"));
    assert!(!is_signed(&delivery.signature, &format!("{} ", delivery.body), &secret));
    let event: serde_json::Value = serde_json::from_str(&delivery.body).unwrap();
    assert_eq!(event["type"], "customer.created");
    assert_eq!(event["livemode"], false);
    assert_eq!(event["data"]["object"]["email"], "dana@example.com");
    assert_eq!(event["api_version"], "2026-10-28.endive");
}

#[tokio::test]
async fn only_what_was_asked_for_is_sent_and_nothing_after_deletion() {
    let gateway = Gateway::start();
    let mut receiver = Receiver::start(&[]).await;
    let (id, _) = subscribe(&gateway, &receiver, &["payment_intent.succeeded"]).await;
    let customer = gateway.customer().await;
    gateway.pay(&customer, "4242424242424242").await;
    assert_eq!(receiver.next().await.kind(), "payment_intent.succeeded");
    assert!(receiver.is_quiet().await);

    assert_eq!(gateway.delete(&format!("/v1/webhook_endpoints/{id}")).await.status, 200);
    gateway.pay(&customer, "4242424242424242").await;
    assert!(receiver.is_quiet().await);
}

#[tokio::test]
async fn a_delivery_is_tried_again_until_it_is_taken() {
    let gateway = Gateway::start();
    let mut receiver = Receiver::start(&[500, 302]).await;
    subscribe(&gateway, &receiver, &["*"]).await;
    gateway.customer().await;
    let bodies = [receiver.next().await, receiver.next().await, receiver.next().await];
    assert!(bodies.iter().all(|delivery| delivery.body == bodies[0].body));
    assert!(receiver.is_quiet().await);
    let outbox = gateway.get("/_sandbox/webhooks").await;
    assert_eq!(outbox.text("/deliveries/0/state"), "delivered");
    assert_eq!(outbox.number("/deliveries/0/attempts"), 3);
}

#[tokio::test]
async fn held_events_are_released_in_the_order_asked_for() {
    let gateway = Gateway::start();
    let mut receiver = Receiver::start(&[]).await;
    subscribe(&gateway, &receiver, &["*"]).await;
    gateway.control("/webhooks", json!({ "mode": "hold" })).await;
    let customer = gateway.customer().await;
    gateway.pay(&customer, "4242424242424242").await;
    assert!(receiver.is_quiet().await);

    let held = gateway.get("/_sandbox/webhooks").await.body["held"].clone();
    let id_of = |kind: &str| {
        let event = held.as_array().unwrap().iter().find(|event| event["type"] == kind);
        event.unwrap()["id"].clone()
    };
    let order = [id_of("payment_intent.succeeded"), id_of("payment_intent.created")];
    let released = gateway.control("/webhooks/release", json!({ "order": order })).await;
    assert_eq!(released.body["released"].as_array().unwrap().len(), 2);
    assert_eq!(receiver.kinds(2).await, ["payment_intent.succeeded", "payment_intent.created"]);

    gateway.control("/webhooks/release", json!({})).await;
    assert_eq!(
        receiver.kinds(3).await,
        ["customer.created", "payment_method.attached", "charge.succeeded"]
    );
    assert_eq!(gateway.get("/_sandbox/webhooks").await.body["held"], json!([]));
    let stranger = gateway.control("/webhooks/release", json!({ "order": ["evt_none"] })).await;
    assert_eq!(stranger.status, 404);
}

#[tokio::test]
async fn lost_events_are_never_sent_but_can_be_looked_up() {
    let gateway = Gateway::start();
    let mut receiver = Receiver::start(&[]).await;
    subscribe(&gateway, &receiver, &["*"]).await;
    gateway.control("/webhooks", json!({ "mode": "lose" })).await;
    gateway.customer().await;
    gateway.control("/webhooks", json!({ "mode": "normal" })).await;
    assert!(receiver.is_quiet().await);
    assert_eq!(gateway.event_types().await, ["customer.created"]);
    let lost = gateway.get("/_sandbox/webhooks").await;
    assert_eq!(lost.text("/lost/0/type"), "customer.created");
}

#[tokio::test]
async fn events_can_be_doubled_delayed_and_turned_round() {
    let gateway = Gateway::start();
    let mut receiver = Receiver::start(&[]).await;
    subscribe(&gateway, &receiver, &["payment_intent.created", "payment_intent.succeeded"]).await;
    let customer = gateway.customer().await;
    gateway
        .control("/webhooks", json!({ "duplicate": 1, "delay_ms": 3_000, "reverse": true }))
        .await;
    gateway.pay(&customer, "4242424242424242").await;
    assert!(receiver.is_quiet().await, "sent before its time");
    let succeeded = "payment_intent.succeeded";
    let created = "payment_intent.created";
    assert_eq!(receiver.kinds(4).await, [succeeded, succeeded, created, created]);
}
