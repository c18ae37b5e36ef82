//! A new password for somebody who is signed in.

use axum::{body::Body, http::Method};
use billing::access::Role;
use serde_json::{Value, json};

use crate::support::{Answer, PASSWORD, Person, Server, nowhere};

const NEW: &str = "seven quiet lanterns";

async fn change(server: &Server, person: &Person, current: &str, new: &str) -> Answer {
    let request = person.request(Method::PUT, "/api/v1/me/password");
    let request = request.header("content-type", "application/json");
    let body = json!({ "current_password": current, "password": new }).to_string();
    server.send(request.body(Body::from(body)).unwrap()).await
}

async fn sign_in(server: &Server, person: &Person, password: &str) -> Answer {
    let body = json!({ "email": person.email, "password": password });
    server.post(person, "/api/v1/session", &[], &body).await
}

/// Somebody in the session that an answer has begun.
fn in_new_session(person: &Person, answer: &Answer) -> Person {
    let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
    Person { cookie, ..person.clone() }
}

#[tokio::test]
async fn a_new_password_ends_every_other_session_and_renews_this_one() {
    let server = Server::start();
    let owner = server.agency_with_password("Northwind").await;
    let elsewhere = in_new_session(&owner, &sign_in(&server, &owner, PASSWORD).await);
    let other = server.person(&owner, Role::Viewer, &[]).await;
    let answer = change(&server, &owner, PASSWORD, NEW).await;
    assert_eq!((answer.status.as_u16(), answer.text.as_str()), (204, ""), "{answer:?}");
    for gone in [&owner, &elsewhere] {
        assert_eq!(server.get(gone, "/api/v1/me").await.problem().0, 401);
    }
    let here = in_new_session(&owner, &answer);
    assert_eq!(server.get(&here, "/api/v1/me").await.status, 200);
    assert_eq!(server.get(&other, "/api/v1/me").await.status, 200, "others are left in peace");
    assert_eq!(sign_in(&server, &owner, PASSWORD).await.problem().0, 401);
    assert_eq!(sign_in(&server, &owner, NEW).await.status, 200);
    let trail = server.get(&here, "/api/v1/audit?action=change_password").await.json();
    let [line] = trail["lines"].as_array().unwrap().as_slice() else { panic!("{trail}") };
    assert_eq!(line["who"]["id"], json!(owner.user));
    assert_eq!((&line["before"], &line["after"]), (&Value::Null, &Value::Null));
    assert_eq!(line["request_id"], answer.header("x-request-id"));
    assert!(!server.stores(NEW) && !server.stores(PASSWORD), "only its hash is kept");
}

#[tokio::test]
async fn only_who_knows_the_password_changes_it_and_only_to_a_good_one() {
    let server = Server::start();
    let owner = server.agency_with_password("Northwind").await;
    let wrong = change(&server, &owner, "not this one", NEW).await.fields();
    assert_eq!(wrong, [("/current_password".to_owned(), "wrong_password".to_owned())]);
    for (new, code) in [
        ("short", "too_short"),
        (&"x".repeat(1_025), "too_long"),
        ("1owner@northwind.example", "is_the_address"),
        ("password1234", "too_common"),
    ] {
        let wrong = change(&server, &owner, PASSWORD, new).await.fields();
        assert_eq!(wrong, [("/password".to_owned(), code.to_owned())], "{new}");
    }
    assert_eq!(server.get(&owner, "/api/v1/me").await.status, 200, "nothing has changed");
    assert_eq!(sign_in(&server, &owner, PASSWORD).await.status, 200);
    // A thief of a session does not find out by trying.
    for _ in 0..10 {
        assert_eq!(change(&server, &owner, "not this one", NEW).await.problem().0, 422);
    }
    let answer = change(&server, &owner, PASSWORD, NEW).await;
    assert_eq!(answer.problem(), (429, "rate_limited".to_owned()));
}

#[tokio::test]
async fn over_tls_the_renewed_cookie_is_bound_to_the_host() {
    let server = Server::with("https://billing.example", nowhere(), false);
    let owner = server.agency_with_password("Northwind").await;
    let answer = change(&server, &owner, PASSWORD, NEW).await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-sluice=") && cookie.ends_with("; Secure"), "{cookie}");
}
