//! Signing in and out.

use std::time::Duration;

use axum::{
    body::Body,
    http::{Method, Request},
};
use serde_json::{Value, json};

use crate::support::{Answer, PASSWORD, Server, nowhere};

async fn sign_in(server: &Server, email: &str, password: &str) -> Answer {
    let body = json!({ "email": email, "password": password }).to_string();
    let request = Request::post("/api/v1/session").header("content-type", "application/json");
    server.send(request.body(Body::from(body)).unwrap()).await
}

fn without_id(answer: &Answer) -> Value {
    let mut json = answer.json();
    json.as_object_mut().unwrap().remove("request_id");
    json
}

#[tokio::test]
async fn a_session_lasts_from_signing_in_to_signing_out() {
    let server = Server::start();
    let mut owner = server.agency_with_password("Northwind").await;
    let answer = sign_in(&server, "Owner@northwind.example", PASSWORD).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.json()["user"]["email"], owner.email);
    assert_eq!(answer.json()["demo"], Value::Null);
    let cookie = answer.header("set-cookie").to_owned();
    assert!(cookie.starts_with("sluice=") && cookie.contains("; HttpOnly; SameSite=Lax"));
    assert!(!cookie.contains("Secure"), "{cookie}");
    assert!(cookie.contains("; Max-Age=1209600;"), "{cookie}");

    owner.cookie = cookie.split(';').next().unwrap().to_owned();
    assert_eq!(server.get(&owner, "/api/v1/me").await.json(), answer.json());
    let request = owner.request(Method::DELETE, "/api/v1/session").body(Body::empty()).unwrap();
    let gone = server.send(request).await;
    assert_eq!((gone.status.as_u16(), gone.text.as_str()), (204, ""));
    assert!(gone.header("set-cookie").starts_with("sluice=; Path=/; Max-Age=0"));
    let answer = server.get(&owner, "/api/v1/me").await;
    assert_eq!(answer.problem(), (401, "unauthenticated".to_owned()));
}

#[tokio::test]
async fn a_session_ends_by_itself_after_two_weeks() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    server.clock.pass(Duration::from_secs(14 * 24 * 60 * 60 - 1));
    assert_eq!(server.get(&owner, "/api/v1/agency").await.status, 200);
    server.clock.pass(Duration::from_secs(2));
    assert_eq!(server.get(&owner, "/api/v1/agency").await.problem().0, 401);
}

#[tokio::test]
async fn nobody_learns_who_exists_and_nobody_tries_for_long() {
    let server = Server::start();
    let owner = server.agency_with_password("Northwind").await;
    let wrong = sign_in(&server, &owner.email, "wrong").await;
    let unknown = sign_in(&server, "nobody@northwind.example", "wrong").await;
    let nonsense = sign_in(&server, "not an address", "wrong").await;
    assert_eq!(wrong.problem(), (401, "bad_credentials".to_owned()));
    assert_eq!(without_id(&wrong), without_id(&unknown));
    assert_eq!(without_id(&wrong), without_id(&nonsense));
    for _ in 1..10 {
        assert_eq!(sign_in(&server, &owner.email, "wrong").await.problem().0, 401);
    }
    let answer = sign_in(&server, &owner.email, PASSWORD).await;
    assert_eq!(answer.problem(), (429, "rate_limited".to_owned()));
    assert_eq!(answer.header("retry-after"), "900");
    server.clock.pass(Duration::from_secs(900));
    assert_eq!(sign_in(&server, &owner.email, PASSWORD).await.status, 200);
    // Whoever remembers it at last starts anew.
    for password in [["wrong"; 9], ["wrong"; 9]] {
        for wrong in password {
            assert_eq!(sign_in(&server, &owner.email, wrong).await.problem().0, 401);
        }
        assert_eq!(sign_in(&server, &owner.email, PASSWORD).await.status, 200);
    }
}

#[tokio::test]
async fn over_tls_the_cookie_is_bound_to_the_host() {
    let server = Server::with("https://billing.example", nowhere(), false);
    let owner = server.agency_with_password("Northwind").await;
    let answer = sign_in(&server, &owner.email, PASSWORD).await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-sluice=") && cookie.ends_with("; Secure"), "{cookie}");
    assert!(answer.header("strict-transport-security").starts_with("max-age=31536000"));
    assert_eq!(server.get(&owner, "/api/v1/me").await.status, 200);
}
