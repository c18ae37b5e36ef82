//! The customer's side of a link, against the real sandbox.

use axum::{
    body::Body,
    http::{Method, Request},
};
use billing::SubAccountId;
use serde_json::{Value, json};

use crate::{
    sandbox::Sandbox,
    support::{Answer, Person, Server},
};

/// A link to the account's open request: its token.
pub async fn link(server: &Server, owner: &Person, id: SubAccountId) -> String {
    let asked = server.request_billing(owner, id).await.json();
    let request = asked["account"]["funding"]["request"]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/accounts/{id}/billing-requests/{request}/links");
    let link = server.post(owner, &path, &[], &json!({})).await.json();
    link["url"].as_str().unwrap().split_once("#t=").unwrap().1.to_owned()
}

pub async fn view(server: &Server, token: &str) -> Answer {
    let request = Request::get("/api/v1/pay").header("authorization", format!("Bearer {token}"));
    server.send(request.body(Body::empty()).unwrap()).await
}

pub async fn pay(server: &Server, token: &str, key: &str, body: &Value) -> Answer {
    let request = Request::builder()
        .method(Method::POST)
        .uri("/api/v1/pay/payments")
        .header("authorization", format!("Bearer {token}"))
        .header("idempotency-key", key)
        .header("content-type", "application/json");
    server.send(request.body(Body::from(body.to_string())).unwrap()).await
}

pub fn payment(amount: &str, token: &str) -> Value {
    let amount = json!({ "amount": amount, "currency": "USD" });
    json!({ "amount": amount, "confirmation_token": token })
}

async fn with_sandbox() -> (Sandbox, Server, Person, SubAccountId) {
    let sandbox = Sandbox::start().await;
    let server = Server::with("http://127.0.0.1:8080", sandbox.config.clone(), false);
    let owner = server.agency("Northwind").await;
    let id = server.accounts(&owner, "A-1,Alder").await[0];
    (sandbox, server, owner, id)
}

#[tokio::test]
async fn a_made_up_link_leads_nowhere() {
    let server = Server::start();
    server.agency("Northwind").await;
    let unknown = (404, "link_unknown".to_owned());
    for token in ["made-up", &"x".repeat(43), &"x".repeat(4000)] {
        assert_eq!(view(&server, token).await.problem(), unknown, "{}", token.len());
        let body = json!({ "token": token }).to_string();
        let open = Request::post("/api/v1/pay/open").header("content-type", "application/json");
        let answer = server.send(open.body(Body::from(body)).unwrap()).await;
        assert_eq!(answer.problem(), unknown);
        let body = payment("25.00", "ctoken_x");
        assert_eq!(pay(&server, token, "k", &body).await.problem(), unknown);
    }
}

#[tokio::test]
async fn a_payment_moves_the_account_and_its_repeat_moves_nothing() {
    let (sandbox, server, owner, id) = with_sandbox().await;
    let token = link(&server, &owner, id).await;
    let seen = view(&server, &token).await.json();
    assert_eq!((&seen["state"], &seen["agency_name"]), (&json!("open"), &json!("Northwind")));
    let body = payment("40.00", &sandbox.token("visa").await);
    let paid = pay(&server, &token, "first", &body).await;
    assert_eq!(paid.json()["state"], "paid", "{paid:?}");
    let again = pay(&server, &token, "first", &body).await;
    assert_eq!(again.json(), paid.json());
    assert_eq!(sandbox.count("payment_intents").await, 1);
    let other = pay(&server, &token, "first", &payment("41.00", "ctoken_x")).await;
    assert_eq!(other.problem(), (422, "idempotency_mismatch".to_owned()));
    let late = pay(&server, &token, "second", &payment("40.00", "ctoken_x")).await;
    assert_eq!(late.problem(), (410, "link_already_paid".to_owned()));

    let account = server.get(&owner, &format!("/api/v1/accounts/{id}")).await.json();
    assert_eq!(account["account"]["funding"]["state"], "customer");
    assert_eq!(account["account"]["customer_balance"]["amount"], "40.00");
    let ledger = server.get(&owner, &format!("/api/v1/accounts/{id}/ledger")).await.json();
    assert_eq!(ledger["lines"][0]["kind"], "top_up");
    assert_eq!(ledger["lines"][0]["balance_of"], "customer");
    let curve = ledger["curve"].as_array().unwrap();
    assert_eq!(curve.len(), 90);
    assert_eq!(curve[88]["balance"]["amount"], "0.00");
    assert_eq!(curve[89]["balance"]["amount"], "40.00");
    let path = format!("/api/v1/accounts/{id}/funding-timeline");
    let timeline = server.get(&owner, &path).await.json();
    let payers: Vec<_> =
        timeline["intervals"].as_array().unwrap().iter().map(|i| i["payer"].clone()).collect();
    assert_eq!(payers, ["agency", "customer"]);
}

#[tokio::test]
async fn what_the_bank_is_asked_with_is_told_the_customer_and_kept_nowhere() {
    let (sandbox, server, owner, id) = with_sandbox().await;
    let token = link(&server, &owner, id).await;
    let body = payment("40.00", &sandbox.token("authenticationRequired").await);
    let asked = pay(&server, &token, "first", &body).await.json();
    assert_eq!(asked["state"], "action_required");
    let secret = asked["client_secret"].as_str().unwrap();
    assert_eq!(view(&server, &token).await.json()["client_secret"], secret);
    let (intent, _) = secret.split_once("_secret_").unwrap();
    assert!(server.stores(intent), "the right place is looked at");
    assert!(!server.stores(secret));
}

#[tokio::test]
async fn an_amount_or_a_body_that_cannot_be_is_told_and_nothing_is_tried() {
    let (sandbox, server, owner, id) = with_sandbox().await;
    let token = link(&server, &owner, id).await;
    for (amount, code) in [("24.99", "below_minimum"), ("25.001", "too_precise"), ("", "required")]
    {
        let answer = pay(&server, &token, "k", &payment(amount, "ctoken_x")).await;
        assert_eq!(answer.fields(), [("/amount".to_owned(), code.to_owned())], "{amount}");
    }
    let bare = Request::post("/api/v1/pay/payments")
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json");
    let body = Body::from(payment("25.00", "ctoken_x").to_string());
    let answer = server.send(bare.body(body).unwrap()).await;
    assert_eq!(answer.problem(), (400, "idempotency_key_required".to_owned()));
    assert_eq!(sandbox.count("payment_intents").await, 0);
}

#[tokio::test]
async fn a_gateway_that_is_away_is_503_and_can_be_asked_again() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let id = server.accounts(&owner, "A-1,Alder").await[0];
    let token = link(&server, &owner, id).await;
    let answer = pay(&server, &token, "k", &payment("25.00", "ctoken_x")).await;
    assert_eq!(answer.problem(), (503, "gateway_unavailable".to_owned()));
    assert!(!answer.header("retry-after").is_empty());
    assert_eq!(view(&server, &token).await.json()["state"], "open");
}
