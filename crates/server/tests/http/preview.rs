//! The widget inside Sluice: who may look, where its token is good, and where its page may stand.

use axum::http::Method;
use billing::{SubAccountId, access::Role};
use serde_json::json;

use crate::support::{Answer, Person, Server};

const PREVIEWS: &str = "/api/v1/embed/previews";
const PARTS: [&str; 3] = ["balance", "ledger", "funding"];

async fn balance(server: &Server, token: &str, site: &str) -> Answer {
    let request = axum::http::Request::builder()
        .method(Method::GET)
        .uri("/api/v1/embed/balance")
        .header("authorization", format!("Bearer {token}"))
        .header("sluice-embed-origin", site);
    server.send(request.body(axum::body::Body::empty()).unwrap()).await
}

async fn agency(server: &Server) -> (Person, SubAccountId) {
    let owner = server.agency("Northwind").await;
    let ids = server.accounts(&owner, "BW-0077,Brightwater Plumbing").await;
    (owner, ids[0])
}

#[tokio::test]
async fn a_preview_needs_no_site_and_is_good_in_sluice_alone() {
    let server = Server::start();
    let (owner, account) = agency(&server).await;
    let minted = server.post(&owner, PREVIEWS, &[], &json!({ "account": account })).await;
    assert_eq!((minted.status.as_u16(), minted.header("cache-control")), (201, "no-store"));
    let minted = minted.json();
    assert_eq!(minted["components"], json!(PARTS));
    assert_eq!(minted["origins"], json!(["self"]));
    let token = minted["token"].as_str().unwrap();
    let shown = balance(&server, token, "self").await;
    assert_eq!(shown.status, 200, "{shown:?}");
    assert_eq!(shown.json()["name"], "Brightwater Plumbing");
    let elsewhere = balance(&server, token, "https://app.example").await;
    assert_eq!(elsewhere.problem(), (403, "origin_not_allowed".to_owned()));
}

#[tokio::test]
async fn everybody_of_the_agency_may_look_and_nobody_looks_at_others() {
    let server = Server::start();
    let (owner, account) = agency(&server).await;
    let eve = server.agency("Eastwind").await;
    let (body, ids) = (json!({ "account": account }), [account]);
    for (role, status) in [(Role::Viewer, 201), (Role::BillingManager, 201), (Role::Client, 403)] {
        let person =
            server.person(&owner, role, if role == Role::Client { &ids } else { &[] }).await;
        assert_eq!(server.post(&person, PREVIEWS, &[], &body).await.status, status, "{role:?}");
    }
    let refused = server.post(&eve, PREVIEWS, &[], &body).await;
    assert_eq!(refused.fields(), [("/account".to_owned(), "unknown_account".to_owned())]);
}

#[tokio::test]
async fn only_sluices_own_pages_frame_a_preview() {
    let server = Server::start();
    let request = axum::http::Request::get("/embed/preview?account=sub_1&view=full");
    let page = server.send(request.body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!(page.status, 200);
    let policy = page.header("content-security-policy");
    assert!(policy.ends_with("; frame-ancestors 'self'"), "{policy}");
    assert_eq!(page.header("cache-control"), "no-store");
}
