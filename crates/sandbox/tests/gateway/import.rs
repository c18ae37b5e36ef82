use serde_json::{Value, json};

use crate::support::Gateway;

fn history() -> Value {
    json!({
        "customers": [{ "id": "cus_demo1", "created": 1_760_000_000, "email": "dana@example.com" }],
        "payment_methods": [
            { "id": "pm_demo1", "created": 1_760_000_001, "customer": "cus_demo1", "card": "pm_card_mastercard", "exp_month": 4, "exp_year": 2029 },
            { "id": "pm_demo2", "customer": "cus_demo1", "detached": true },
        ],
        "payment_intents": [
            { "id": "pi_demo1", "created": 1_760_000_002, "amount": 10_000, "currency": "usd", "customer": "cus_demo1", "payment_method": "pm_demo1", "metadata": { "request_id": "req_1" } },
        ],
        "refunds": [{ "id": "re_demo1", "created": 1_760_000_003, "payment_intent": "pi_demo1", "amount": 2_500 }],
    })
}

#[tokio::test]
async fn imported_books_are_like_our_own_but_nobody_is_told() {
    let gateway = Gateway::start();
    let counts = gateway.control("/import", history()).await;
    assert_eq!(
        counts.body,
        json!({ "customers": 1, "payment_methods": 2, "payment_intents": 1, "refunds": 1 })
    );
    let intent = gateway.get("/v1/payment_intents/pi_demo1?expand[]=latest_charge").await;
    assert_eq!((intent.text("/status"), intent.number("/created")), ("succeeded", 1_760_000_002));
    assert_eq!(intent.number("/latest_charge/amount_refunded"), 2_500);
    assert_eq!(intent.text("/latest_charge/payment_method_details/card/brand"), "mastercard");
    assert_eq!(intent.text("/metadata/request_id"), "req_1");
    let method = gateway.get("/v1/payment_methods/pm_demo1").await;
    assert_eq!((method.text("/card/last4"), method.number("/card/exp_year")), ("4444", 2029));
    assert_eq!(
        gateway.books().await["totals"],
        json!({ "usd": { "captured": 10_000, "refunded": 2_500 } })
    );
    assert_eq!(gateway.event_types().await, Vec::<String>::new());

    let later = gateway.recharge("cus_demo1", "pm_demo1").await;
    assert_eq!(later.text("/status"), "succeeded");
    assert_eq!(gateway.recharge("cus_demo1", "pm_demo2").await.status, 400);
    let form = [("payment_intent", "pi_demo1"), ("amount", "7501")];
    assert_eq!(gateway.post("/v1/refunds", &form).await.refusal(), (400, "amount_too_large"));
}

#[tokio::test]
async fn an_import_is_whole_or_not_at_all() {
    let gateway = Gateway::start();
    let mut too_much = history();
    too_much["refunds"][0]["amount"] = json!(10_001);
    let mut stranger = history();
    stranger["payment_intents"][0]["customer"] = json!("cus_none");
    let mut twice = history();
    twice["customers"] = json!([{ "id": "cus_demo1" }, { "id": "cus_demo1" }]);
    let mut unknown = history();
    unknown["customers"][0]["iban"] = json!("DE00");
    let mut odd_id = history();
    odd_id["customers"][0]["id"] = json!("customer one");
    for (what, body) in [
        ("a refund of too much", too_much),
        ("a customer who is not there", stranger),
        ("an id twice", twice),
        ("an unknown field", unknown),
        ("an id of the wrong kind", odd_id),
    ] {
        let refused = gateway.control("/import", body).await;
        assert!((400..500).contains(&refused.status), "{what}: {:#}", refused.body);
        assert_eq!(gateway.books().await["customers"], json!([]), "{what}");
    }
    assert_eq!(gateway.control("/import", history()).await.status, 200);
    assert_eq!(gateway.control("/import", history()).await.refusal().1, "resource_already_exists");
}
