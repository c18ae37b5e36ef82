//! Commands about an account's funding: their conditions, their repeats, their refusals.

use axum::{body::Body, http::Method};
use serde_json::json;

use crate::support::{Server, terms};

#[tokio::test]
async fn a_command_says_what_it_has_seen_and_which_attempt_it_is() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let id = server.accounts(&owner, "A-1,Alder").await[0];
    let path = format!("/api/v1/accounts/{id}/billing-requests");
    let long = "k".repeat(256);
    for (headers, expected) in [
        (vec![("idempotency-key", "k")], (428, "if_match_required")),
        (vec![("idempotency-key", "k"), ("if-match", "0")], (400, "if_match_invalid")),
        (vec![("idempotency-key", "k"), ("if-match", "\"1\"")], (412, "version_mismatch")),
        (vec![("if-match", "\"0\"")], (400, "idempotency_key_required")),
        (vec![("idempotency-key", "a b"), ("if-match", "\"0\"")], (400, "idempotency_key_invalid")),
        (vec![("idempotency-key", &long), ("if-match", "\"0\"")], (400, "idempotency_key_invalid")),
    ] {
        let answer = server.post(&owner, &path, &headers, &terms()).await;
        let (status, code) = answer.problem();
        assert_eq!((status, code.as_str()), expected, "{headers:?}");
    }
    // None of them kept the key.
    let headers = [("idempotency-key", "k"), ("if-match", "W/\"0\"")];
    assert_eq!(server.post(&owner, &path, &headers, &terms()).await.status, 200);
}

#[tokio::test]
async fn a_repeat_has_the_same_answer_and_no_second_effect() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let ids = server.accounts(&owner, "A-1,Alder\nB-2,Bay").await;
    let path = format!("/api/v1/accounts/{}/billing-requests", ids[0]);
    let headers = [("idempotency-key", "once"), ("if-match", "\"0\"")];
    let commits = server.deps.store.commits();
    let first = server.post(&owner, &path, &headers, &terms()).await;
    assert_eq!(first.status, 200);
    assert_eq!(server.deps.store.commits() - commits, 1, "a command is one transaction");
    let again = server.post(&owner, &path, &headers, &terms()).await;
    assert_eq!((again.status, &again.text), (first.status, &first.text));
    assert_eq!(again.json()["account"]["funding"]["version"], 1);

    let mut other = terms();
    other["starting_balance"]["amount"] = json!("30.00");
    let mismatch = (422, "idempotency_mismatch".to_owned());
    assert_eq!(server.post(&owner, &path, &headers, &other).await.problem(), mismatch);
    let elsewhere = format!("/api/v1/accounts/{}/billing-requests", ids[1]);
    assert_eq!(server.post(&owner, &elsewhere, &headers, &terms()).await.problem(), mismatch);
    // Another agency's keys are its own.
    let stranger = server.agency("Tidewater").await;
    let theirs = server.accounts(&stranger, "T-1,Tern").await[0];
    let path = format!("/api/v1/accounts/{theirs}/billing-requests");
    assert_eq!(server.post(&stranger, &path, &headers, &terms()).await.status, 200);
}

#[tokio::test]
async fn what_was_done_is_on_record_under_the_name_of_its_request() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let id = server.accounts(&owner, "A-1,Alder").await[0];
    let done = server.request_billing(&owner, id).await;
    let path = format!("/api/v1/accounts/{id}/billing-requests");
    let headers = [("idempotency-key", "late"), ("if-match", "\"0\"")];
    let refused = server.post(&owner, &path, &headers, &terms()).await;
    assert_eq!(refused.status, 412);
    assert!(server.stores(done.header("x-request-id")), "{done:?}");
    assert!(!server.stores(refused.header("x-request-id")), "nothing was done");
}

#[tokio::test]
async fn the_second_of_two_people_is_told_who_was_first() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let id = server.accounts(&owner, "A-1,Alder").await[0];
    server.request_billing(&owner, id).await;
    let path = format!("/api/v1/accounts/{id}/billing-requests");
    let headers = [("idempotency-key", "second"), ("if-match", "\"0\"")];
    let answer = server.post(&owner, &path, &headers, &terms()).await;
    assert_eq!(answer.problem(), (412, "version_mismatch".to_owned()));
    let detail = answer.json()["detail"].as_str().unwrap().to_owned();
    assert!(
        detail.starts_with("Robin Hale sent a billing request to dana@brightwater.co"),
        "{detail}"
    );
}

#[tokio::test]
async fn fields_that_are_wrong_are_all_told_at_once() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let id = server.accounts(&owner, "A-1,Alder").await[0];
    let path = format!("/api/v1/accounts/{id}/billing-requests");
    let headers = [("idempotency-key", "k"), ("if-match", "\"0\"")];
    let money = |amount: &str, currency: &str| json!({ "amount": amount, "currency": currency });
    let long = "x".repeat(10_001);
    for (email, balance, message, expected) in [
        (
            "a@b.co,c@d.co",
            money("24.99", "USD"),
            "",
            vec![
                ("/email", "two_addresses"),
                ("/starting_balance", "below_minimum"),
                ("/message", "required"),
            ],
        ),
        (
            "a@b.co\r\nBcc: x@y.co",
            money("25.00", "USD"),
            "Hi",
            vec![("/email", "control_character")],
        ),
        ("nonsense", money("25.00", "USD"), "Hi", vec![("/email", "not_an_address")]),
        ("a@b.co", money("-25.00", "USD"), "Hi", vec![("/starting_balance", "below_minimum")]),
        (
            "a@b.co",
            money("1000000000.00", "USD"),
            "Hi",
            vec![("/starting_balance", "above_maximum")],
        ),
        ("a@b.co", money("25.001", "USD"), "Hi", vec![("/starting_balance", "too_precise")]),
        ("a@b.co", money("1,000", "USD"), "Hi", vec![("/starting_balance", "thousands_separator")]),
        ("a@b.co", money("25.00", "EUR"), "Hi", vec![("/starting_balance", "wrong_currency")]),
        ("a@b.co", money("", "USD"), "Hi", vec![("/starting_balance", "required")]),
        ("a@b.co", money("25.00", "USD"), &long, vec![("/message", "too_long")]),
    ] {
        let body = json!({ "email": email, "starting_balance": balance, "message": message });
        let fields = server.post(&owner, &path, &headers, &body).await.fields();
        let fields: Vec<_> = fields.iter().map(|(p, c)| (p.as_str(), c.as_str())).collect();
        assert_eq!(fields, expected, "{email} {balance}");
    }
    let account = server.get(&owner, &format!("/api/v1/accounts/{id}")).await.json();
    assert_eq!(account["account"]["funding"]["version"], 0, "nothing half-done");
}

#[tokio::test]
async fn an_open_request_is_resent_copied_as_a_link_and_revoked() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let id = server.accounts(&owner, "A-1,Alder").await[0];
    let asked = server.request_billing(&owner, id).await.json();
    let request = asked["account"]["funding"]["request"]["id"].as_str().unwrap().to_owned();
    let base = format!("/api/v1/accounts/{id}/billing-requests/{request}");

    let headers = [("idempotency-key", "resend"), ("if-match", "\"1\"")];
    let resend = format!("{base}/resend");
    let resent = server.post(&owner, &resend, &headers, &json!({})).await;
    assert_eq!(resent.json()["account"]["funding"]["request"]["sends"], 2, "{resent:?}");
    assert_eq!(server.post(&owner, &resend, &headers, &json!({})).await.text, resent.text);
    let bare = server.post(&owner, &resend, &[("if-match", "\"2\"")], &json!({})).await;
    assert_eq!(bare.problem(), (400, "idempotency_key_required".to_owned()));

    let link = server.post(&owner, &format!("{base}/links"), &[], &json!({})).await.json();
    let url = link["url"].as_str().unwrap();
    let token = url.strip_prefix("http://127.0.0.1:8080/pay#t=").unwrap();
    assert_eq!(token.len(), 43);
    assert_eq!(link["expires_at"], resent.json()["account"]["funding"]["request"]["expires_at"]);

    let revoke = async |version: Option<&str>, key: Option<&str>| {
        let mut request = owner.request(Method::DELETE, &base);
        for (name, value) in [("if-match", version), ("idempotency-key", key)] {
            if let Some(value) = value {
                request = request.header(name, value);
            }
        }
        server.send(request.body(Body::empty()).unwrap()).await
    };
    assert_eq!(revoke(None, None).await.problem().0, 428);
    assert_eq!(revoke(Some("\"1\""), None).await.problem().0, 412);
    let gone = revoke(Some("\"2\""), Some("revoke")).await;
    assert_eq!(gone.json()["account"]["funding"]["state"], "agency", "{gone:?}");
    assert_eq!(revoke(Some("\"2\""), Some("revoke")).await.text, gone.text);
    let late = server.post(&owner, &format!("{base}/links"), &[], &json!({})).await;
    assert_eq!(late.problem(), (409, "no_open_request".to_owned()));
}

#[tokio::test]
async fn what_the_rules_refuse_is_409_in_their_words() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let id = server.accounts(&owner, "A-1,Alder").await[0];
    let path = format!("/api/v1/accounts/{id}/agency-billing");
    let headers = [("idempotency-key", "k"), ("if-match", "\"0\"")];
    let body = json!({ "choice": "transfer" });
    let answer = server.post(&owner, &path, &headers, &body).await;
    assert_eq!(answer.problem(), (409, "already_on_agency_billing".to_owned()));
    assert_eq!(answer.json()["detail"], "This account is on agency billing already.");
    let body = json!({ "choice": "keep" });
    let answer = server.post(&owner, &path, &headers, &body).await;
    assert_eq!(answer.fields(), [("/choice".to_owned(), "invalid".to_owned())]);
}
