use std::time::Duration;

use serde_json::json;

use crate::support::Gateway;

async fn refund(gateway: &Gateway, intent: &str, amount: &str) -> crate::support::Reply {
    gateway.post("/v1/refunds", &[("payment_intent", intent), ("amount", amount)]).await
}

#[tokio::test]
async fn refunds_never_exceed_what_was_paid() {
    let gateway = Gateway::start();
    let customer = gateway.customer().await;
    let intent = gateway.pay(&customer, "4242424242424242").await.id();

    assert_eq!(refund(&gateway, &intent, "2501").await.refusal(), (400, "amount_too_large"));
    let first = refund(&gateway, &intent, "1000").await;
    assert_eq!((first.text("/status"), first.number("/amount")), ("succeeded", 1_000));
    assert_eq!(refund(&gateway, &intent, "1501").await.refusal(), (400, "amount_too_large"));

    let form = [
        ("payment_intent", intent.as_str()),
        ("reason", "requested_by_customer"),
        ("metadata[switch]", "back"),
    ];
    let rest = gateway.post("/v1/refunds", &form).await;
    assert_eq!(rest.number("/amount"), 1_500);
    assert_eq!(rest.text("/metadata/switch"), "back");
    assert_eq!(refund(&gateway, &intent, "1").await.refusal(), (400, "charge_already_refunded"));

    let charge = gateway.get(&format!("/v1/charges/{}", rest.text("/charge"))).await;
    assert_eq!(
        (charge.number("/amount_refunded"), &charge.body["refunded"]),
        (2_500, &json!(true))
    );
    let list = gateway.get(&format!("/v1/refunds?payment_intent={intent}")).await;
    assert_eq!(list.body["data"].as_array().unwrap().len(), 2);
    assert_eq!(
        gateway.books().await["totals"],
        json!({ "usd": { "captured": 2_500, "refunded": 2_500 } })
    );
    let types = gateway.event_types().await;
    assert_eq!(types[types.len() - 3..], ["charge.refunded", "refund.created", "refund.updated"]);
}

#[tokio::test]
async fn what_was_never_paid_is_not_refunded() {
    let gateway = Gateway::start();
    let customer = gateway.customer().await;
    let declined = gateway.pay(&customer, "4000000000000002").await;
    let id = declined.text("/error/payment_intent/id");
    assert_eq!(refund(&gateway, id, "100").await.status, 400);
    assert_eq!(refund(&gateway, "pi_none", "100").await.refusal(), (404, "resource_missing"));
    assert_eq!(gateway.post("/v1/refunds", &[]).await.status, 400);
}

#[tokio::test]
async fn a_refund_may_come_back_failed_and_the_money_is_ours_again() {
    let gateway = Gateway::start();
    let customer = gateway.customer().await;
    let intent = gateway.pay(&customer, "4000000000005126").await.id();
    let id = refund(&gateway, &intent, "2500").await.id();
    let path = format!("/v1/refunds/{id}");
    for _ in 0..50 {
        if gateway.get(&path).await.text("/status") == "failed" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let failed = gateway.get(&path).await;
    assert_eq!(failed.text("/status"), "failed");
    assert_eq!(failed.text("/failure_reason"), "expired_or_canceled_card");
    assert_eq!(
        gateway.books().await["totals"],
        json!({ "usd": { "captured": 2_500, "refunded": 0 } })
    );
    let types = gateway.event_types().await;
    assert_eq!(types[types.len() - 2..], ["refund.updated", "refund.failed"]);
    let charge = gateway.get(&format!("/v1/charges/{}", failed.text("/charge"))).await;
    assert_eq!((charge.number("/amount_refunded"), &charge.body["refunded"]), (0, &json!(false)));
    assert_eq!(refund(&gateway, &intent, "2500").await.status, 200);
}
