//! API keys made in the browser, and the audit trail of everything that changed money, funding, access or settings.

use std::time::Duration;

use axum::{
    body::Body,
    http::{Method, Request},
};
use billing::access::Role;
use serde_json::{Value, json};

use crate::support::{Answer, Person, Server};

const KEYS: &str = "/api/v1/api-keys";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

async fn delete(server: &Server, person: &Person, path: &str) -> Answer {
    server.send(person.request(Method::DELETE, path).body(Body::empty()).unwrap()).await
}

async fn with_key(server: &Server, key: &str, path: &str) -> Answer {
    let request = Request::get(path).header("authorization", format!("Bearer {key}"));
    server.send(request.body(Body::empty()).unwrap()).await
}

fn actions(page: &Value) -> Vec<String> {
    let lines = page["lines"].as_array().unwrap();
    lines.iter().map(|line| line["action"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_key_is_told_once_noted_when_used_and_dead_when_revoked() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let other = server.agency("Tidewater").await;
    let body = json!({ "name": "Robot", "scopes": ["accounts:read", "accounts:read"] });
    let made = server.post(&owner, KEYS, &[], &body).await;
    assert_eq!(made.status, 201, "{made:?}");
    assert_eq!(made.json()["scopes"], json!(["accounts:read"]));
    let key = made.json()["key"].as_str().unwrap().to_owned();
    assert!(key.starts_with("sluice_") && !server.stores(&key[7..23]), "only its hash is kept");
    let listed = async || server.get(&owner, KEYS).await.json()["keys"][0].clone();
    let first = listed().await;
    assert_eq!((&first["name"], &first["used_at"]), (&json!("Robot"), &Value::Null));
    assert!(first.get("key").is_none());
    assert_eq!(with_key(&server, &key, "/api/v1/accounts").await.status, 200);
    let mut used = Value::Null;
    for _ in 0..100 {
        used = listed().await["used_at"].clone();
        if !used.is_null() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(used, "2026-11-22T16:10:09.25Z");
    let path = format!("{KEYS}/{}", made.json()["id"].as_str().unwrap());
    assert_eq!(delete(&server, &other, &path).await.problem().0, 404);
    assert_eq!(delete(&server, &owner, &path).await.status, 204);
    let answer = with_key(&server, &key, "/api/v1/accounts").await;
    assert_eq!(answer.problem(), (401, "unauthenticated".to_owned()));
    for (body, place, code) in [
        (json!({ "name": "", "scopes": ["usage:write"] }), "/name", "required"),
        (json!({ "name": "x", "scopes": [] }), "/scopes", "required"),
        (json!({ "name": "x", "scopes": ["root"] }), "/scopes/0", "invalid"),
    ] {
        let wrong = server.post(&owner, KEYS, &[], &body).await.fields();
        assert_eq!(wrong, [(place.to_owned(), code.to_owned())], "{body}");
    }
}

#[tokio::test]
async fn everything_that_changed_something_is_told_with_who_and_what() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let other = server.agency("Tidewater").await;
    let ids = server.accounts(&owner, "A-1,Alder\nB-2,Bay").await;
    server.accounts(&other, "T-1,Tern").await;
    server.clock.pass(DAY);
    let body = json!({ "name": "=Robot", "scopes": ["billing:write"] });
    let key = server.post(&owner, KEYS, &[], &body).await.json();
    server.request_billing(&owner, ids[0]).await;
    let invite = json!({ "name": "Kim", "email": "kim@x.example", "role": "viewer" });
    let headers = [("idempotency-key", "k")];
    let kim = server.post(&owner, "/api/v1/people", &headers, &invite).await.json();
    let path = format!("/api/v1/people/{}", kim["id"].as_str().unwrap());
    let patch = owner.request(Method::PATCH, &path).header("content-type", "application/json");
    let body = json!({ "role": "billing_manager" }).to_string();
    let changed = server.send(patch.body(Body::from(body)).unwrap()).await;
    assert_eq!(changed.status, 200, "{changed:?}");
    let hook = json!({ "url": "https://hooks.example/in" });
    server.post(&owner, "/api/v1/webhook-endpoints", &[], &hook).await;
    // A machine acts under its own name.
    let revoke = server.get(&owner, &format!("/api/v1/accounts/{}", ids[0])).await.json();
    let request = revoke["account"]["funding"]["request"]["id"].as_str().unwrap();
    let revoke = Request::builder()
        .method(Method::DELETE)
        .uri(format!("/api/v1/accounts/{}/billing-requests/{request}", ids[0]))
        .header("authorization", format!("Bearer {}", key["key"].as_str().unwrap()))
        .header("if-match", "\"1\"");
    assert_eq!(server.send(revoke.body(Body::empty()).unwrap()).await.status, 200);
    assert_eq!(delete(&server, &owner, &path).await.status, 204);

    let page = server.get(&owner, "/api/v1/audit").await.json();
    assert_eq!(
        actions(&page),
        [
            "remove_person",
            "revoke_request",
            "add_endpoint",
            "change_person",
            "invite_person",
            "request_billing",
            "create_key",
            "import_accounts",
        ]
    );
    let line = |action: &str| {
        let lines = page["lines"].as_array().unwrap();
        lines.iter().find(|line| line["action"] == action).unwrap().clone()
    };
    let changed_line = line("change_person");
    assert_eq!(
        changed_line["who"],
        json!({ "kind": "user", "id": owner.user, "name": "Robin Hale" })
    );
    assert_eq!(changed_line["request_id"], changed.header("x-request-id"));
    let (before, after) = (&changed_line["before"], &changed_line["after"]);
    assert!(before.as_str().unwrap().contains("\"viewer\""), "{before}");
    assert!(after.as_str().unwrap().contains("\"billing_manager\""), "{after}");
    assert_eq!(line("revoke_request")["who"]["kind"], "key");
    assert_eq!(line("revoke_request")["account"], ids[0].to_string());

    let find = async |query: &str| {
        actions(&server.get(&owner, &format!("/api/v1/audit?{query}")).await.json())
    };
    let id = key["id"].as_str().unwrap();
    assert_eq!(find(&format!("actor={id}")).await, ["revoke_request"]);
    assert_eq!(find("actor=system").await, ["import_accounts"]);
    assert_eq!(find("action=add_endpoint").await, ["add_endpoint"]);
    assert_eq!(find("to=2026-11-22").await, ["import_accounts"]);
    assert_eq!(find("from=2026-11-23&action=import_accounts").await, [""; 0]);
    let of_account = ["revoke_request", "request_billing"];
    assert_eq!(find(&format!("account={}", ids[0])).await, of_account);
    let path = format!("/api/v1/accounts/{}/audit", ids[0]);
    assert_eq!(actions(&server.get(&owner, &path).await.json()), of_account);
    let mut walked = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("/api/v1/audit?limit=3{cursor}");
        let page = server.get(&owner, &path).await.json();
        walked.extend(actions(&page));
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(walked, actions(&page));
    let wrong = server.get(&owner, "/api/v1/audit?from=x&cursor=y&account=z").await.fields();
    assert_eq!(wrong.len(), 3);

    let csv = server.get(&owner, "/api/v1/audit.csv").await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(csv.text.lines().count(), 9, "{}", csv.text);
    assert!(csv.text.contains("key,'=Robot (key_"), "a formula is defused: {}", csv.text);
    let manager = server.person(&owner, Role::BillingManager, &[]).await;
    assert_eq!(server.get(&manager, "/api/v1/audit").await.status, 200);
    let viewer = server.person(&owner, Role::Viewer, &[]).await;
    assert_eq!(server.get(&viewer, "/api/v1/audit.csv").await.problem().0, 403);
}
