//! Whom an OpenID provider vouches for is the one whom it vouched for before.

use axum::{
    body::Body,
    http::{Method, Request},
};
use serde_json::{Value, json};
use server::{
    execute::{Tools, providers, tickets},
    storage::{Transaction, tickets::TicketPurpose, users::ProviderId},
};

use crate::support::{PASSWORD, Person, Server};

fn somebody(issuer: &str, subject: &str) -> ProviderId {
    ProviderId { issuer: format!("https://{issuer}.example"), subject: subject.to_owned() }
}

/// Whether the owner is let in as this.
async fn recognised(server: &Server, owner: &Person, shown: ProviderId) -> bool {
    let (scope, user, tools) = (owner.scope, owner.user, Tools::of(&server.deps));
    let write = move |tx: &mut dyn Transaction| {
        let row = tx.user(scope, user)?.unwrap();
        providers::recognise(tx, &tools, scope, &row, shown.clone(), "rq_1")
    };
    server.deps.store.write(write).await.unwrap()
}

async fn lines(server: &Server, owner: &Person, action: &str) -> Vec<Value> {
    let trail = server.get(owner, &format!("/api/v1/audit?action={action}")).await.json();
    trail["lines"].as_array().unwrap().clone()
}

#[tokio::test]
async fn an_address_that_is_somebody_elses_now_lets_nobody_in() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    assert!(recognised(&server, &owner, somebody("accounts", "robin")).await);
    assert!(recognised(&server, &owner, somebody("accounts", "robin")).await);
    assert!(!recognised(&server, &owner, somebody("accounts", "Robin")).await);
    assert!(!recognised(&server, &owner, somebody("accounts", "kim")).await);
    assert_eq!(lines(&server, &owner, "bind_provider").await.len(), 1);
    let refused = lines(&server, &owner, "refuse_provider").await;
    assert_eq!(refused.len(), 2);
    assert_eq!(refused[0]["who"]["kind"], "system");
    assert!(refused[0]["after"].as_str().unwrap().contains(&owner.user.to_string()));
    // Another provider is the operator's choice; from then on that one counts.
    assert!(recognised(&server, &owner, somebody("elsewhere", "kim")).await);
    assert!(!recognised(&server, &owner, somebody("elsewhere", "robin")).await);
    assert_eq!(lines(&server, &owner, "bind_provider").await.len(), 2);
}

#[tokio::test]
async fn a_new_password_by_letter_makes_a_new_beginning() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    assert!(recognised(&server, &owner, somebody("accounts", "robin")).await);
    let (scope, user, tools) = (owner.scope, owner.user, Tools::of(&server.deps));
    let make = move |tx: &mut dyn Transaction| {
        tickets::make(tx, &tools, scope, user, TicketPurpose::Reset)
    };
    let (token, _) = server.deps.store.write(make).await.unwrap();
    let body = json!({ "token": token, "password": PASSWORD }).to_string();
    let request = Request::builder().method(Method::POST).uri("/api/v1/password-resets/accept");
    let request = request.header("content-type", "application/json").body(Body::from(body));
    assert_eq!(server.send(request.unwrap()).await.status, 204);
    assert!(recognised(&server, &owner, somebody("accounts", "robin the second")).await);
    assert!(!recognised(&server, &owner, somebody("accounts", "robin")).await);
}
