use serde_json::Value;

use crate::support::Gateway;

fn ids(list: &Value) -> Vec<String> {
    let data = list["data"].as_array().unwrap();
    data.iter().map(|object| object["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn lists_are_newest_first_and_go_on_where_they_stopped() {
    let gateway = Gateway::start();
    let mut made = Vec::new();
    for _ in 0..5 {
        made.push(gateway.customer().await);
    }
    made.reverse();
    let first = gateway.get("/v1/customers?limit=2").await;
    assert_eq!(ids(&first.body), made[..2]);
    assert_eq!(first.body["has_more"], true);
    let next = gateway.get(&format!("/v1/customers?limit=3&starting_after={}", made[1])).await;
    assert_eq!(ids(&next.body), made[2..]);
    assert_eq!(next.body["has_more"], false);
    let back = gateway.get(&format!("/v1/customers?limit=2&ending_before={}", made[3])).await;
    assert_eq!(ids(&back.body), made[1..3]);
    assert_eq!(gateway.get("/v1/customers?limit=0").await.status, 400);
    assert_eq!(gateway.get("/v1/customers?starting_after=cus_none").await.status, 404);
}

#[tokio::test]
async fn payments_are_found_by_customer_and_by_time() {
    let gateway = Gateway::start();
    let (dana, eve) = (gateway.customer().await, gateway.customer().await);
    let paid = gateway.pay(&dana, "4242424242424242").await;
    gateway.pay(&eve, "4242424242424242").await;
    let list = gateway.get(&format!("/v1/payment_intents?customer={dana}")).await;
    assert_eq!(ids(&list.body), [paid.id()]);
    let created = paid.number("/created");
    let list = gateway.get(&format!("/v1/payment_intents?created[gte]={created}")).await;
    assert_eq!(ids(&list.body).len(), 2);
    let list = gateway.get(&format!("/v1/payment_intents?created[lt]={created}")).await;
    assert_eq!(ids(&list.body).len(), 0);
    let events = gateway.get("/v1/events?type=payment_intent.*").await;
    assert_eq!(ids(&events.body).len(), 4);
    let event = gateway.get(&format!("/v1/events/{}", ids(&events.body)[0])).await;
    assert_eq!(event.text("/type"), "payment_intent.succeeded");
    assert_eq!(gateway.get("/v1/balance").await.number("/available/0/amount"), 5_000);
}

#[tokio::test]
async fn a_customer_can_be_changed_piece_by_piece() {
    let gateway = Gateway::start();
    let form = [("email", "dana@example.com"), ("metadata[a]", "1"), ("metadata[b]", "2")];
    let id = gateway.post("/v1/customers", &form).await.id();
    let path = format!("/v1/customers/{id}");
    let changed =
        gateway.post(&path, &[("name", "Dana"), ("email", ""), ("metadata[a]", "")]).await;
    assert_eq!(changed.text("/name"), "Dana");
    assert_eq!(changed.body["email"], Value::Null);
    assert_eq!(changed.body["metadata"], serde_json::json!({ "b": "2" }));
    let wrong = gateway.post(&path, &[("email", "no address")]).await;
    assert_eq!(wrong.refusal(), (400, "email_invalid"));
}
