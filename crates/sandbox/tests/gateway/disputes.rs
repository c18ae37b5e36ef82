use serde_json::json;

use crate::support::{Gateway, Reply};

async fn advance(gateway: &Gateway, dispute: &str, status: &str) -> Reply {
    gateway.control(&format!("/disputes/{dispute}"), json!({ "status": status })).await
}

/// The types of the events since the payment succeeded.
async fn told(gateway: &Gateway) -> Vec<String> {
    let types = gateway.event_types().await;
    let paid = types.iter().position(|kind| kind == "payment_intent.succeeded").unwrap();
    types[paid + 1..].to_vec()
}

#[tokio::test]
async fn a_card_that_disputes_takes_its_money_back_until_it_is_won() {
    let gateway = Gateway::start();
    let customer = gateway.customer().await;
    let paid = gateway.pay(&customer, "4000000000000259").await;
    assert_eq!(paid.text("/status"), "succeeded");
    let list = gateway.get(&format!("/v1/disputes?payment_intent={}", paid.id())).await;
    let id = list.text("/data/0/id").to_owned();
    let dispute = gateway.get(&format!("/v1/disputes/{id}")).await;
    assert_eq!(
        (dispute.text("/status"), dispute.text("/reason")),
        ("needs_response", "fraudulent")
    );
    assert_eq!((dispute.number("/amount"), dispute.text("/currency")), (2_500, "usd"));
    assert_eq!(dispute.text("/payment_intent"), paid.id());
    assert_eq!(dispute.text("/charge"), paid.text("/latest_charge"));
    assert_eq!(told(&gateway).await, ["charge.dispute.created", "charge.dispute.funds_withdrawn"]);
    let totals =
        |disputed| json!({ "usd": { "captured": 2_500, "refunded": 0, "disputed": disputed } });
    assert_eq!(gateway.books().await["totals"], totals(2_500));
    assert_eq!(gateway.get("/v1/balance").await.number("/available/0/amount"), 0);
    let charge = format!("/v1/charges/{}", paid.text("/latest_charge"));
    assert_eq!(gateway.get(&charge).await.body["disputed"], true);
    let form = [("payment_intent", paid.text("/id"))];
    assert_eq!(gateway.post("/v1/refunds", &form).await.refusal(), (400, "charge_disputed"));

    assert_eq!(advance(&gateway, &id, "under_review").await.text("/status"), "under_review");
    assert_eq!(gateway.books().await["totals"], totals(2_500));
    assert_eq!(advance(&gateway, &id, "won").await.text("/status"), "won");
    assert_eq!(
        told(&gateway).await[2..],
        ["charge.dispute.updated", "charge.dispute.funds_reinstated", "charge.dispute.closed"]
    );
    assert_eq!(
        gateway.books().await["totals"],
        json!({ "usd": { "captured": 2_500, "refunded": 0 } })
    );
    assert_eq!(gateway.get(&charge).await.body["disputed"], false);
    assert_eq!(advance(&gateway, &id, "lost").await.status, 400);
    assert_eq!(gateway.post("/v1/refunds", &form).await.status, 200);
}

#[tokio::test]
async fn a_dispute_can_be_opened_of_a_part_and_lost() {
    let gateway = Gateway::start();
    let customer = gateway.customer().await;
    let paid = gateway.pay(&customer, "4242424242424242").await.id();
    let open = |amount: i64| {
        let body =
            json!({ "payment_intent": paid, "amount": amount, "reason": "product_not_received" });
        gateway.control("/disputes", body)
    };
    for too_much in [2_501, 0, -1] {
        assert_eq!(open(too_much).await.status, 400, "{too_much}");
    }
    let dispute = open(1_000).await;
    assert_eq!(
        (dispute.text("/reason"), dispute.number("/amount")),
        ("product_not_received", 1_000)
    );
    assert_eq!(open(1_501).await.status, 400);
    let given_in = gateway.post(&format!("/v1/disputes/{}/close", dispute.id()), &[]).await;
    assert_eq!(given_in.text("/status"), "lost");
    assert_eq!(told(&gateway).await.last().unwrap(), "charge.dispute.closed");
    assert_eq!(gateway.books().await["totals"]["usd"]["disputed"], 1_000);
    let rest = gateway.control("/disputes", json!({ "payment_intent": paid })).await;
    assert_eq!((rest.number("/amount"), rest.text("/reason")), (1_500, "fraudulent"));

    let unpaid =
        gateway.post("/v1/payment_intents", &[("amount", "500"), ("currency", "usd")]).await;
    let stranger = gateway.control("/disputes", json!({ "payment_intent": unpaid.id() })).await;
    assert_eq!(stranger.status, 404);
    assert_eq!(advance(&gateway, "dp_none", "won").await.refusal(), (404, "resource_missing"));
}

#[tokio::test]
async fn an_inquiry_takes_no_money() {
    let gateway = Gateway::start();
    let customer = gateway.customer().await;
    let paid = gateway.pay(&customer, "4000000000001976").await;
    let list = gateway.get(&format!("/v1/disputes?charge={}", paid.text("/latest_charge"))).await;
    assert_eq!(list.text("/data/0/status"), "warning_needs_response");
    assert_eq!(told(&gateway).await, ["charge.dispute.created"]);
    assert_eq!(
        gateway.books().await["totals"],
        json!({ "usd": { "captured": 2_500, "refunded": 0 } })
    );
    let id = list.text("/data/0/id");
    assert_eq!(advance(&gateway, id, "won").await.status, 400);
    assert_eq!(advance(&gateway, id, "warning_closed").await.text("/status"), "warning_closed");
    assert_eq!(told(&gateway).await[1..], ["charge.dispute.closed"]);
}
