//! Signing in and out.

use std::time::Duration;

use axum::{
    body::Body,
    http::{Method, Request},
};
use billing::access::Role;
use serde_json::{Value, json};
use server::{config::Limits, storage::Transaction};

use crate::support::{Answer, PASSWORD, Person, Server, nowhere};

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

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Uses a session, and waits until it is written down.
async fn used(server: &Server, person: &Person) {
    assert_eq!(server.get(person, "/api/v1/me").await.status, 200);
    let (scope, user, now) = (person.scope, person.user, server.deps.clock.now());
    loop {
        let read = move |tx: &mut dyn Transaction| tx.sessions_of(scope, user, now);
        let rows = server.deps.store.read(read).await.unwrap();
        if rows.iter().any(|row| row.used_at == now) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_session_ends_by_itself_after_two_weeks() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    for _ in 0..13 {
        server.clock.pass(DAY);
        used(&server, &owner).await;
    }
    server.clock.pass(DAY - Duration::from_secs(1));
    assert_eq!(server.get(&owner, "/api/v1/agency").await.status, 200);
    server.clock.pass(Duration::from_secs(2));
    assert_eq!(server.get(&owner, "/api/v1/agency").await.problem().0, 401);
}

#[tokio::test]
async fn a_session_that_nobody_uses_for_three_days_is_over_whoever_it_is_of() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let accounts = server.accounts(&owner, "A-1,Alder").await;
    let client = server.person(&owner, Role::Client, &accounts).await;
    server.clock.pass(2 * DAY);
    used(&server, &owner).await;
    let listed = server.get(&owner, "/api/v1/sessions").await.json();
    assert_eq!(listed["sessions"][0]["used_at"], json!(server.deps.clock.now()));
    server.clock.pass(DAY);
    assert_eq!(server.get(&client, "/api/v1/me").await.problem().0, 401);
    assert_eq!(server.get(&owner, "/api/v1/me").await.status, 200);
    server.clock.pass(3 * DAY);
    assert_eq!(server.get(&owner, "/api/v1/me").await.problem().0, 401);
}

#[tokio::test]
async fn listening_alone_does_not_keep_a_session() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    server.clock.pass(2 * DAY);
    let request = owner.request(Method::GET, "/api/v1/changes").body(Body::empty()).unwrap();
    let _stream = server.open(request).await;
    server.clock.pass(DAY);
    assert_eq!(server.get(&owner, "/api/v1/me").await.problem().0, 401);
}

#[tokio::test]
async fn an_operator_says_how_long_a_session_may_rest() {
    let hours = |hours: u64| Duration::from_secs(hours * 60 * 60);
    let server = Server::limited(Limits { session_idle: hours(2), ..Limits::STANDARD });
    let owner = server.agency("Northwind").await;
    for _ in 0..3 {
        // A tenth of the limit is written down.
        server.clock.pass(hours(1));
        used(&server, &owner).await;
    }
    server.clock.pass(hours(2));
    assert_eq!(server.get(&owner, "/api/v1/me").await.problem().0, 401);
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
