//! An authenticator app beside the password: turned on, asked for, replaced by a recovery code, turned off.

use std::time::Duration;

use axum::{body::Body, http::Method};
use billing::access::Role;
use serde_json::{Value, json};
use server::{
    config::Limits,
    execute::{Tools, people, tickets, totp},
    storage::{Transaction, tickets::TicketPurpose},
};

use crate::support::{Answer, PASSWORD, Person, Server};

const PATH: &str = "/api/v1/me/second-factor";
/// For how long an app shows a code.
const STEP: Duration = Duration::from_secs(30);

async fn send(server: &Server, person: &Person, method: Method, body: Value) -> Answer {
    let request = person.request(method, PATH).header("content-type", "application/json");
    server.send(request.body(Body::from(body.to_string())).unwrap()).await
}

async fn sign_in(server: &Server, person: &Person, body: Value) -> Answer {
    let mut body = body;
    body["email"] = json!(person.email);
    server.post(person, "/api/v1/session", &[], &body).await
}

async fn with_code(server: &Server, person: &Person, code: &str) -> Answer {
    sign_in(server, person, json!({ "password": PASSWORD, "code": code })).await
}

/// Reads base 32, as an app does.
fn secret(text: &str) -> Vec<u8> {
    let place = |letter| b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".iter().position(|one| *one == letter);
    let bits: String =
        text.bytes().map(|letter| format!("{:05b}", place(letter).unwrap())).collect();
    bits.as_bytes()
        .chunks_exact(8)
        .map(|bits| bits.iter().fold(0, |n, bit| n << 1 | (bit - b'0')))
        .collect()
}

/// What the app shows now.
fn shown(server: &Server, secret: &[u8]) -> String {
    totp::code(secret, totp::step(server.deps.clock.now())).unwrap()
}

/// Turns it on; the app's secret and the recovery codes.
async fn turned_on(server: &Server, person: &Person) -> (Vec<u8>, Vec<String>) {
    let begun = send(server, person, Method::POST, json!({ "current_password": PASSWORD })).await;
    assert_eq!(begun.status, 201, "{begun:?}");
    let secret = secret(begun.json()["secret"].as_str().unwrap());
    let code = shown(server, &secret);
    let on = send(server, person, Method::PUT, json!({ "code": code })).await;
    assert_eq!(on.status, 200, "{on:?}");
    let codes = on.json()["codes"].as_array().unwrap().clone();
    (secret, codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect())
}

async fn actions(server: &Server, person: &Person) -> Vec<String> {
    let trail = server.get(person, "/api/v1/audit").await.json();
    let lines = trail["lines"].as_array().unwrap().clone();
    lines.iter().map(|line| line["action"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn once_it_is_on_a_code_is_asked_for_and_each_is_taken_once() {
    let server = Server::start();
    let owner = server.agency_with_password("Northwind").await;
    let elsewhere = server.signed_in(&owner).await;
    assert_eq!(
        server.get(&owner, PATH).await.json(),
        json!({ "on_since": null, "recovery_codes_left": 0 })
    );
    // What was only begun is asked of nobody.
    send(&server, &owner, Method::POST, json!({ "current_password": PASSWORD })).await;
    assert_eq!(sign_in(&server, &owner, json!({ "password": PASSWORD })).await.status, 200);
    let (secret, codes) = turned_on(&server, &owner).await;
    assert_eq!(secret.len(), 20);
    assert_eq!(codes.len(), 10);
    assert_eq!(server.get(&elsewhere, "/api/v1/me").await.problem().0, 401, "others are over");
    let view = server.get(&owner, PATH).await.json();
    assert_eq!(view, json!({ "on_since": server.deps.clock.now(), "recovery_codes_left": 10 }));

    let missing = sign_in(&server, &owner, json!({ "password": PASSWORD })).await;
    assert_eq!(missing.problem(), (401, "second_factor_required".to_owned()));
    // A wrong password is told as ever: nobody learns who has an app.
    let wrong = sign_in(&server, &owner, json!({ "password": "wrong", "code": "000000" })).await;
    assert_eq!(wrong.problem(), (401, "bad_credentials".to_owned()));
    let used = with_code(&server, &owner, &shown(&server, &secret)).await;
    assert_eq!(used.problem(), (401, "wrong_code".to_owned()), "it has turned the app on");
    server.clock.pass(STEP);
    let code = shown(&server, &secret);
    let spaced = format!(" {} {} ", &code[..3], &code[3..]);
    assert_eq!(with_code(&server, &owner, &spaced).await.status, 200);
    assert_eq!(with_code(&server, &owner, &code).await.problem().1, "wrong_code", "used up");
    server.clock.pass(3 * STEP);
    assert_eq!(with_code(&server, &owner, &code).await.problem().1, "wrong_code", "too old");
    assert_eq!(with_code(&server, &owner, &shown(&server, &secret)).await.status, 200);
    assert_eq!(actions(&server, &owner).await[0], "turn_on_second_factor");
    assert!(!codes.iter().any(|code| server.stores(code) || server.stores(&code.replace('-', ""))));
}

#[tokio::test]
async fn a_recovery_code_stands_in_for_the_app_once() {
    let server = Server::start();
    let owner = server.agency_with_password("Northwind").await;
    let (_, codes) = turned_on(&server, &owner).await;
    let shape = |code: &String| code.len() == 27 && code.split('-').all(|group| group.len() == 6);
    assert!(codes.iter().all(shape), "{codes:?}");
    let typed = codes[3].to_uppercase().replace('-', " ");
    assert_eq!(with_code(&server, &owner, &typed).await.status, 200);
    assert_eq!(with_code(&server, &owner, &codes[3]).await.problem().1, "wrong_code");
    assert_eq!(server.get(&owner, PATH).await.json()["recovery_codes_left"], 9);
    assert_eq!(actions(&server, &owner).await[0], "use_recovery_code");
    assert_eq!(with_code(&server, &owner, &codes[4]).await.status, 200);
}

#[tokio::test]
async fn codes_cannot_be_tried_out_however_often_the_password_is_shown() {
    let server = Server::start();
    let owner = server.agency_with_password("Northwind").await;
    let (secret, _) = turned_on(&server, &owner).await;
    for _ in 0..9 {
        let wrong = with_code(&server, &owner, "12345x").await;
        assert_eq!(wrong.problem(), (401, "wrong_code".to_owned()));
    }
    // The tenth attempt is one with the password alone: it counts, too.
    assert_eq!(sign_in(&server, &owner, json!({ "password": PASSWORD })).await.problem().0, 401);
    server.clock.pass(STEP);
    let code = shown(&server, &secret);
    assert_eq!(with_code(&server, &owner, &code).await.problem(), (429, "rate_limited".to_owned()));
    server.clock.pass(Duration::from_secs(15 * 60));
    assert_eq!(with_code(&server, &owner, &shown(&server, &secret)).await.status, 200);
    // Who is signed in does not find out by trying, either.
    for _ in 0..10 {
        let body = json!({ "current_password": PASSWORD, "code": "000000" });
        let wrong = send(&server, &owner, Method::DELETE, body).await.fields();
        assert_eq!(wrong, [("/code".to_owned(), "wrong_code".to_owned())]);
    }
    let body = json!({ "current_password": PASSWORD, "code": shown(&server, &secret) });
    assert_eq!(send(&server, &owner, Method::DELETE, body).await.problem().0, 429);
}

#[tokio::test]
async fn it_is_turned_on_and_off_only_by_who_it_is_of() {
    let server = Server::start();
    let owner = server.agency_with_password("Northwind").await;
    server.clock.pass(Duration::from_secs(5 * 60 + 1));
    let required = [("/current_password".to_owned(), "required".to_owned())];
    let wrong = [("/current_password".to_owned(), "wrong_password".to_owned())];
    for (body, fields) in
        [(json!({}), &required), (json!({ "current_password": "not this one" }), &wrong)]
    {
        assert_eq!(send(&server, &owner, Method::POST, body).await.fields(), fields);
    }
    let off = (409, "second_factor_off".to_owned());
    let body = json!({ "code": "000000" });
    assert_eq!(send(&server, &owner, Method::PUT, body.clone()).await.problem(), off);
    let begun = send(&server, &owner, Method::POST, json!({ "current_password": PASSWORD })).await;
    assert_eq!(begun.header("cache-control"), "no-store");
    let uri = begun.json()["uri"].as_str().unwrap().to_owned();
    assert!(uri.starts_with("otpauth://totp/Sluice:owner%40northwind%2Eexample?secret="), "{uri}");
    assert!(begun.json()["picture"]["size"].as_u64().unwrap() >= 21);
    let mistyped = send(&server, &owner, Method::PUT, body).await.fields();
    assert_eq!(mistyped, [("/code".to_owned(), "wrong_code".to_owned())]);
    let (secret, codes) = turned_on(&server, &owner).await;
    let on = (409, "second_factor_on".to_owned());
    let again = json!({ "current_password": PASSWORD });
    assert_eq!(send(&server, &owner, Method::POST, again).await.problem(), on);
    assert_eq!(send(&server, &owner, Method::PUT, json!({ "code": "1" })).await.problem(), on);

    server.clock.pass(STEP);
    let code = shown(&server, &secret);
    for (body, fields) in [
        (json!({ "code": code }), &required),
        (json!({ "code": code, "current_password": "not this one" }), &wrong),
    ] {
        assert_eq!(send(&server, &owner, Method::DELETE, body).await.fields(), fields);
    }
    let elsewhere = server.signed_in(&owner).await;
    let body = json!({ "code": codes[0], "current_password": PASSWORD });
    assert_eq!(send(&server, &owner, Method::DELETE, body).await.status, 204);
    assert_eq!(server.get(&elsewhere, "/api/v1/me").await.problem().0, 401, "others are over");
    assert_eq!(sign_in(&server, &owner, json!({ "password": PASSWORD })).await.status, 200);
    let told = actions(&server, &owner).await;
    assert_eq!(told, ["turn_off_second_factor", "use_recovery_code", "turn_on_second_factor"]);
}

#[tokio::test]
async fn a_new_password_by_letter_is_no_way_around_it() {
    let server = Server::start();
    let owner = server.agency_with_password("Northwind").await;
    let (secret, _) = turned_on(&server, &owner).await;
    let (scope, user, tools) = (owner.scope, owner.user, Tools::of(&server.deps));
    let make = move |tx: &mut dyn Transaction| {
        tickets::make(tx, &tools, scope, user, TicketPurpose::Reset)
    };
    let (token, _) = server.deps.store.write(make).await.unwrap();
    let new = "seven quiet lanterns";
    let body = json!({ "token": token, "password": new });
    let accepted = server.post(&owner, "/api/v1/password-resets/accept", &[], &body).await;
    assert_eq!((accepted.status.as_u16(), accepted.header("set-cookie")), (204, ""));
    let missing = sign_in(&server, &owner, json!({ "password": new })).await;
    assert_eq!(missing.problem(), (401, "second_factor_required".to_owned()));
    server.clock.pass(STEP);
    let code = shown(&server, &secret);
    assert_eq!(
        sign_in(&server, &owner, json!({ "password": new, "code": code })).await.status,
        200
    );
}

#[tokio::test]
async fn an_operator_may_ask_everybody_for_one() {
    let server = Server::limited(Limits { second_factor: true, ..Limits::STANDARD });
    let owner = server.agency_with_password("Northwind").await;
    let accounts = server.accounts(&owner, "A-1,Alder").await;
    let needed = (403, "second_factor_needed".to_owned());
    for path in ["/api/v1/accounts", "/api/v1/people", "/api/v1/audit", "/api/v1/changes"] {
        assert_eq!(server.get(&owner, path).await.problem(), needed, "{path}");
    }
    let nobody = server.get(&owner, &format!("/api/v1/accounts/{}", accounts[0])).await;
    assert_eq!(nobody.problem(), needed);
    for path in ["/api/v1/me", "/api/v1/sessions", PATH] {
        assert_eq!(server.get(&owner, path).await.status, 200, "{path}");
    }
    let (secret, _) = turned_on(&server, &owner).await;
    assert_eq!(server.get(&owner, "/api/v1/accounts").await.status, 200, "it has shown a code");
    server.clock.pass(STEP);
    let answer = with_code(&server, &owner, &shown(&server, &secret)).await;
    let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
    let again = Person { cookie, ..owner.clone() };
    assert_eq!(server.get(&again, "/api/v1/accounts").await.status, 200);

    // What a provider asks for is its own matter; client users only read; machines have keys.
    let viewer = server.person(&owner, Role::Viewer, &[]).await;
    assert_eq!(server.get(&viewer, "/api/v1/accounts").await.problem(), needed);
    let (scope, user, tools) = (viewer.scope, viewer.user, Tools::of(&server.deps));
    let start =
        move |tx: &mut dyn Transaction| people::start_vouched_session(tx, &tools, scope, user, "");
    let (token, _) = server.deps.store.write(start).await.unwrap();
    let vouched = Person { cookie: format!("sluice={token}"), ..viewer.clone() };
    assert_eq!(server.get(&vouched, "/api/v1/accounts").await.status, 200);
    let client = server.person(&owner, Role::Client, &accounts).await;
    assert_eq!(server.get(&client, "/api/v1/client/accounts").await.status, 200);
}
