//! Who may ask how often, and who is taken for whom.

use std::net::SocketAddr;

use axum::{
    body::Body,
    http::{Method, Request},
};
use billing::access::Role;
use serde_json::json;
use server::{
    config::{Config, Limits, Rate},
    http::serve::Peer,
};

use crate::support::{Answer, Person, Server, nowhere};

/// Without a second in which anything comes back, so that a slow machine counts the same.
const fn only(at_once: u32) -> Rate {
    Rate { at_once, per_second: 0 }
}

fn server(limits: Limits) -> Server {
    Server::of(Config {
        public_url: "http://127.0.0.1:8080".to_owned(),
        gateway: nowhere(),
        mail_from: "billing@sluice.example".to_owned(),
        demo: None,
        trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()],
        limits,
        oidc: None,
    })
}

async fn from(server: &Server, peer: &str, request: axum::http::request::Builder) -> Answer {
    let peer: SocketAddr = format!("{peer}:4000").parse().unwrap();
    server.send(request.extension(Peer(peer)).body(Body::empty()).unwrap()).await
}

/// How many of so many are not refused as too many.
async fn passed(server: &Server, tries: usize, ask: impl AsyncFn(&Server) -> Answer) -> usize {
    let mut passed = 0;
    for _ in 0..tries {
        let answer = ask(server).await;
        if answer.status == 429 {
            assert_eq!(answer.problem().1, "rate_limited");
            assert!(answer.header("retry-after").parse::<u32>().unwrap() >= 1);
        } else {
            passed += 1;
        }
    }
    passed
}

async fn me(server: &Server, person: &Person) -> Answer {
    server.get(person, "/api/v1/me").await
}

#[tokio::test]
async fn a_person_and_an_agency_ask_so_often_and_others_are_not_held_up() {
    let limits =
        Limits { peer: only(1_000), caller: only(6), agency: only(15), ..Limits::STANDARD };
    let server = server(limits);
    let owner = server.agency("Northwind").await;
    let [one, two] = [
        server.person(&owner, Role::Viewer, &[]).await,
        server.person(&owner, Role::BillingManager, &[]).await,
    ];
    let other = server.agency("Tidewater").await;
    assert_eq!(passed(&server, 9, async |server| me(server, &owner).await).await, 6);
    assert_eq!(passed(&server, 9, async |server| me(server, &one).await).await, 6);
    // Three are left of the agency's fifteen.
    assert_eq!(passed(&server, 9, async |server| me(server, &two).await).await, 3);
    assert_eq!(passed(&server, 6, async |server| me(server, &other).await).await, 6);
}

#[tokio::test]
async fn a_key_asks_so_often_but_sends_usage_as_fast_as_it_is_drawn() {
    let limits =
        Limits { peer: only(1_000), caller: only(6), agency: only(1_000), ..Limits::STANDARD };
    let server = server(limits);
    let owner = server.agency("Northwind").await;
    server.accounts(&owner, "A-1,Alder").await;
    let body = json!({ "name": "Robot", "scopes": ["accounts:read", "usage:write"] });
    let key = server.post(&owner, "/api/v1/api-keys", &[], &body).await.json();
    let key = format!("Bearer {}", key["key"].as_str().unwrap());
    let read = async |server: &Server| {
        let request = Request::get("/api/v1/accounts").header("authorization", &key);
        server.send(request.body(Body::empty()).unwrap()).await
    };
    assert_eq!(passed(&server, 9, read).await, 6);
    for id in 0..20 {
        let event = json!({
            "specversion": "1.0", "id": id.to_string(), "source": "s", "type": "sms.sent",
            "subject": "A-1",
        });
        let request = Request::post("/api/v1/events")
            .header("authorization", &key)
            .header("content-type", "application/cloudevents+json");
        let answer = server.send(request.body(Body::from(event.to_string())).unwrap()).await;
        assert_eq!(answer.status, 204, "{answer:?}");
    }
}

#[tokio::test]
async fn strangers_and_guesses_are_counted_by_address_and_apart() {
    let limits =
        Limits { peer: only(5), caller: only(1_000), agency: only(1_000), ..Limits::STANDARD };
    let server = server(limits);
    let owner = server.agency("Northwind").await;
    let [here, there] = ["203.0.113.7", "198.51.100.1"];
    let stranger = async |server: &Server| from(server, here, Request::get("/api/v1/me")).await;
    assert_eq!(passed(&server, 8, stranger).await, 5);
    // Whoever is signed in at the same address goes on, and so does every other address.
    let signed_in = || owner.request(Method::GET, "/api/v1/me");
    assert_eq!(from(&server, here, signed_in()).await.status, 200);
    assert_eq!(from(&server, there, Request::get("/api/v1/me")).await.status, 401);
    for free in ["/livez", "/assets/none.js"] {
        assert_ne!(from(&server, here, Request::get(free)).await.status, 429, "{free}");
    }
    // Dead credentials of every kind are guesses.
    let guess = async |server: &Server| {
        let request = Request::get("/api/v1/pay").header("authorization", "Bearer guess");
        from(server, here, request).await
    };
    assert_eq!(passed(&server, 3, guess).await, 3);
    let guess = async |server: &Server| {
        let request = Request::get("/api/v1/me").header("cookie", "sluice=guess");
        from(server, here, request).await
    };
    assert_eq!(passed(&server, 5, guess).await, 2);
    assert_eq!(from(&server, there, signed_in()).await.status, 200);
}

#[tokio::test]
async fn only_a_proxy_that_was_named_says_who_asks() {
    let limits =
        Limits { peer: only(3), caller: only(1_000), agency: only(1_000), ..Limits::STANDARD };
    let server = server(limits);
    let asked = async |peer: &str, forwarded: &str| {
        let request = Request::get("/api/v1/me").header("x-forwarded-for", forwarded);
        from(&server, peer, request).await.status.as_u16()
    };
    // Behind the proxy everybody is counted for themselves.
    for last in 1..=6 {
        assert_eq!(asked("10.1.2.3", &format!("203.0.113.{last}")).await, 401);
    }
    // What somebody claims before the proxy's own word does not help.
    for claimed in 1..=6 {
        let forwarded = format!("192.0.2.{claimed}, 203.0.113.99");
        let expected = if claimed <= 3 { 401 } else { 429 };
        assert_eq!(asked("10.1.2.3", &forwarded).await, expected, "{forwarded}");
    }
    // Nobody else is believed.
    for claimed in 1..=6 {
        let expected = if claimed <= 3 { 401 } else { 429 };
        let forwarded = format!("192.0.2.{claimed}");
        assert_eq!(asked("198.51.100.1", &forwarded).await, expected, "{forwarded}");
    }
}
