//! The agency's own balance over HTTP: who may pay, who only looks, and what another agency sees; against the real sandbox.

use axum::{body::Body, http::Method};
use billing::access::Role;
use serde_json::{Value, json};

use crate::{
    sandbox::Sandbox,
    support::{Answer, Person, Server},
};

const WALLET: &str = "/api/v1/agency/wallet";
const TOP_UPS: &str = "/api/v1/agency/top-ups";
const RECEIPTS: &str = "/api/v1/agency/receipts";

async fn put(server: &Server, person: &Person, path: &str, body: &Value) -> Answer {
    let request = person.request(Method::PUT, path).header("content-type", "application/json");
    server.send(request.body(Body::from(body.to_string())).unwrap()).await
}

#[tokio::test]
async fn owners_and_billing_managers_pay_and_others_look() {
    let sandbox = Sandbox::start().await;
    let server = Server::with("http://127.0.0.1:8080", sandbox.config.clone(), false);
    let owner = server.agency("Northwind").await;
    let manager = server.person(&owner, Role::BillingManager, &[]).await;
    let viewer = server.person(&owner, Role::Viewer, &[]).await;
    let body = json!({
        "amount": { "amount": "500.00", "currency": "USD" },
        "confirmation_token": sandbox.token("visa").await,
    });
    let key = [("idempotency-key", "first")];
    assert_eq!(server.post(&viewer, TOP_UPS, &key, &body).await.problem().0, 403);
    let bare = server.post(&manager, TOP_UPS, &[], &body).await;
    assert_eq!(bare.problem(), (400, "idempotency_key_required".to_owned()), "{bare:?}");
    let paid = server.post(&manager, TOP_UPS, &key, &body).await;
    assert_eq!(paid.status, 200, "{paid:?}");
    let view = paid.json();
    assert_eq!(
        (&view["payment"]["status"], &view["card"]["last4"]),
        (&json!("paid"), &json!("4242"))
    );
    assert_eq!(view["balance"]["amount"], "500.00");
    let again = server.post(&manager, TOP_UPS, &key, &body).await.json();
    assert_eq!(again["payment"], view["payment"], "a second click is the same payment");
    assert_eq!(sandbox.count("payment_intents").await, 1);
    assert_eq!(server.get(&viewer, WALLET).await.json()["balance"]["amount"], "500.00");

    let alert = json!({ "low_below": { "amount": "600.00", "currency": "USD" } });
    let path = "/api/v1/agency/alert";
    assert_eq!(put(&server, &viewer, path, &alert).await.problem().0, 403);
    let low = put(&server, &owner, path, &alert).await;
    assert_eq!(low.json()["standing"], "low", "{low:?}");
    let agency = server.get(&viewer, "/api/v1/agency").await.json();
    assert!(agency.to_string().contains("\"standing\":\"low\""), "{agency}");

    let list = server.get(&viewer, RECEIPTS).await.json();
    let receipt = &list["receipts"][0];
    assert_eq!((&receipt["account"], &receipt["email"]), (&Value::Null, &json!(manager.email)));
    let one = format!("{RECEIPTS}/{}", receipt["payment"].as_str().unwrap());
    assert_eq!(server.get(&viewer, &one).await.json(), *receipt);
    let pdf = viewer.request(Method::GET, &format!("{one}.pdf")).body(Body::empty());
    let pdf = server.open(pdf.unwrap()).await;
    assert_eq!(
        (pdf.status().as_u16(), &pdf.headers()["content-type"]),
        (200, &"application/pdf".parse().unwrap())
    );
    let page = server.get(&viewer, "/statements/agency").await.text;
    assert!(page.contains(receipt["number"].as_str().unwrap()), "{page}");

    // Another agency has nothing of it.
    let other = server.agency("Tidewater").await;
    assert_eq!(server.get(&other, &one).await.problem().0, 404);
    let theirs = server.get(&other, WALLET).await.json();
    assert_eq!((&theirs["card"], &theirs["payment"]), (&Value::Null, &Value::Null));
    let nobody = server.post(&other, TOP_UPS, &key, &json!({ "amount": body["amount"] })).await;
    assert_eq!(nobody.problem(), (409, "no_card".to_owned()), "nor does its key answer for them");
}
