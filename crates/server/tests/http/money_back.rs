//! Refunds by hand and closed accounts, over HTTP.

use axum::{body::Body, http::Method};
use billing::SubAccountId;
use serde_json::{Value, json};
use server::jobs;

use crate::{
    customers::{link, pay, payment},
    sandbox::Sandbox,
    support::{Person, Server, terms},
};

/// The version of an account's funding, as `If-Match` takes it.
async fn version(server: &Server, owner: &Person, account: SubAccountId) -> String {
    let detail = server.get(owner, &format!("/api/v1/accounts/{account}")).await.json();
    format!("\"{}\"", detail["account"]["funding"]["version"])
}

#[tokio::test]
async fn a_payment_is_listed_and_refunded_within_what_is_left_of_it() {
    let sandbox = Sandbox::start().await;
    let server = Server::with("http://127.0.0.1:8080", sandbox.config.clone(), false);
    let owner = server.agency("Northwind").await;
    let account = server.accounts(&owner, "A-1,Alder").await[0];
    let path = format!("/api/v1/accounts/{account}/payments");
    let none = json!({ "payments": [], "next_cursor": null });
    assert_eq!(server.get(&owner, &path).await.json(), none);
    let token = link(&server, &owner, account).await;
    pay(&server, &token, "first", &payment("40.00", &sandbox.token("visa").await)).await;
    let list = server.get(&owner, &format!("{path}?limit=1")).await.json();
    let paid = &list["payments"][0];
    assert_eq!(
        (&paid["for"], &paid["status"], &paid["refundable"]["amount"], &paid["not_refundable"]),
        (&json!("switch"), &json!("settled"), &json!("40.00"), &Value::Null)
    );
    let refunds = format!("{path}/{}/refunds", paid["id"].as_str().unwrap());
    let amount = |amount: &str| json!({ "amount": { "amount": amount, "currency": "USD" } });
    let send = |key: &'static str, tag: String, body: Value| {
        let (server, owner, refunds) = (&server, &owner, &refunds);
        async move {
            let headers = [("if-match", tag.as_str()), ("idempotency-key", key)];
            server.post(owner, refunds, &headers, &body).await
        }
    };
    let tag = version(&server, &owner, account).await;
    let more = send("more", tag.clone(), amount("40.01")).await;
    assert_eq!(more.problem(), (409, "above_refundable".to_owned()));
    assert_eq!(more.json()["detail"], "At most $40.00 of this payment can be refunded.");
    let wrong = send("wrong", tag.clone(), amount("much")).await;
    assert_eq!(wrong.fields()[0].0, "/amount");
    let done = send("one", tag.clone(), amount("15.00")).await;
    assert_eq!(done.json()["account"]["customer_balance"]["amount"], "25.00", "{done:?}");
    assert_eq!(send("one", tag.clone(), amount("15.00")).await.text, done.text, "once per key");
    assert_eq!(send("two", tag, amount("15.00")).await.problem().0, 412);
    while jobs::tick(&server.deps).await.unwrap() > 0 {}
    let list = server.get(&owner, &path).await.json();
    let paid = &list["payments"][0];
    assert_eq!(paid["refunds"][0]["status"], "succeeded", "{paid}");
    assert_eq!(paid["refundable"]["amount"], "25.00");
}

#[tokio::test]
async fn a_closed_account_is_paused_listed_apart_and_opened_again() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let ids = server.accounts(&owner, "A-1,Alder\nB-2,Birch").await;
    let path = format!("/api/v1/accounts/{}/closure", ids[0]);
    let tag = version(&server, &owner, ids[0]).await;
    let headers = [("if-match", tag.as_str()), ("idempotency-key", "close")];
    let closed = server.post(&owner, &path, &headers, &json!({ "balance": "transfer" })).await;
    let account = &closed.json()["account"];
    assert_eq!((&account["standing"], closed.status.as_u16()), (&json!("paused"), 200));
    assert!(account["funding"]["closed"].is_string(), "{account}");
    let listed = |query: &'static str| {
        let (server, owner) = (&server, &owner);
        async move {
            let list = server.get(owner, &format!("/api/v1/accounts?{query}")).await.json();
            let names = list["accounts"].as_array().unwrap().iter();
            names.map(|account| account["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        }
    };
    assert_eq!(listed("").await, ["Alder", "Birch"]);
    assert_eq!(listed("closed=true").await, ["Alder"]);
    assert_eq!(listed("closed=false").await, ["Birch"]);
    assert!(listed("standing=paused").await.contains(&"Alder".to_owned()));
    assert!(!listed("standing=active").await.contains(&"Alder".to_owned()));
    let standing = server.get(&owner, &format!("/api/v1/accounts/{}/standing", ids[0])).await;
    assert_eq!(standing.json()["standing"], "paused");
    let tag = version(&server, &owner, ids[0]).await;
    let headers = [("if-match", tag.as_str()), ("idempotency-key", "ask")];
    let requests = format!("/api/v1/accounts/{}/billing-requests", ids[0]);
    let asked = server.post(&owner, &requests, &headers, &terms()).await;
    assert_eq!(asked.problem(), (409, "account_closed".to_owned()));
    let open = owner.request(Method::DELETE, &path).header("if-match", &tag);
    let open = server.send(open.body(Body::empty()).unwrap()).await;
    assert!(open.json()["account"]["funding"]["closed"].is_null(), "{open:?}");
    assert!(listed("closed=true").await.is_empty());
}
