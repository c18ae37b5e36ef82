//! People: invited by letter, changed, removed; a forgotten password; one's own sessions.

use std::time::Duration;

use axum::{
    body::Body,
    http::{Method, Request},
};
use billing::access::Role;
use serde_json::{Value, json};
use server::{jobs, mail::Mail};

use crate::support::{Answer, PASSWORD, Person, Server};

const PEOPLE: &str = "/api/v1/people";
const WEEK: Duration = Duration::from_secs(7 * 24 * 60 * 60);

fn kim(role: &str, accounts: &[billing::SubAccountId]) -> Value {
    json!({ "name": "Kim Vos", "email": "kim@x.example", "role": role, "accounts": accounts })
}

async fn send(
    server: &Server,
    person: &Person,
    method: Method,
    path: &str,
    body: &Value,
) -> Answer {
    let request = person.request(method, path).header("content-type", "application/json");
    server.send(request.body(Body::from(body.to_string())).unwrap()).await
}

async fn invite(server: &Server, owner: &Person, key: &str, body: &Value) -> Answer {
    server.post(owner, PEOPLE, &[("idempotency-key", key)], body).await
}

/// Somebody who is not signed in.
async fn anybody(server: &Server, path: &str, body: Value) -> Answer {
    let request = Request::post(path).header("content-type", "application/json");
    server.send(request.body(Body::from(body.to_string())).unwrap()).await
}

/// All letters that are due, newest last.
async fn letters(server: &Server) -> Vec<Mail> {
    while jobs::tick(&server.deps).await.unwrap() > 0 {}
    let mut rows = server.deps.store.read(|tx| tx.mails(100)).await.unwrap();
    rows.sort_by_key(|row| (row.at, row.id));
    rows.into_iter().map(|row| row.mail).collect()
}

fn token(mail: &Mail, page: &str) -> String {
    let link = mail.text.lines().find(|line| line.contains("#t=")).expect("a link").trim();
    let (address, token) = link.split_once("#t=").unwrap();
    assert_eq!(address, format!("http://127.0.0.1:8080/{page}"));
    token.to_owned()
}

async fn sign_in(server: &Server, email: &str, password: &str) -> Answer {
    anybody(server, "/api/v1/session", json!({ "email": email, "password": password })).await
}

fn cookie(answer: &Answer) -> String {
    answer.header("set-cookie").split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn somebody_is_invited_chooses_a_password_and_is_in() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let id = server.accounts(&owner, "A-1,Alder").await[0];
    let invited = invite(&server, &owner, "k", &kim("client", &[id])).await;
    assert_eq!(invited.status, 200, "{invited:?}");
    assert_eq!(invited.json()["is_invited"], true);
    let again = invite(&server, &owner, "k", &kim("client", &[id])).await;
    assert_eq!(again.text, invited.text, "a repeat has one effect and the same answer");
    // Nobody signs in without a password, whatever they say it is.
    assert_eq!(sign_in(&server, "kim@x.example", "").await.problem().0, 401);
    let mails = letters(&server).await;
    let [mail] = mails.as_slice() else { panic!("{mails:?}") };
    assert_eq!((mail.to.as_str(), mail.from_name.as_str()), ("kim@x.example", "Northwind"));
    assert!(
        mail.text.contains("Robin Hale invites you") && mail.text.contains("Alder"),
        "{mail:?}"
    );
    let token = token(mail, "join");
    assert!(!server.stores(&token[..16]) || mail.text.contains(&token), "only the letter has it");

    let view = anybody(&server, "/api/v1/invitations/open", json!({ "token": token })).await;
    assert_eq!(view.json()["email"], "kim@x.example");
    assert_eq!(view.json()["agency"], "Northwind");
    let accept = async |token: &str, password: &str| {
        let body = json!({ "token": token, "password": password });
        anybody(&server, "/api/v1/invitations/accept", body).await
    };
    for (password, code) in [("short", "too_short"), ("my kim@X.example", "is_the_address")] {
        let expected = [("/password".to_owned(), code.to_owned())];
        assert_eq!(accept(&token, password).await.fields(), expected);
    }
    let nonsense = accept("nonsense", PASSWORD).await;
    assert_eq!(nonsense.problem(), (404, "link_unknown".to_owned()));
    let accepted = accept(&token, PASSWORD).await;
    assert_eq!(accepted.status, 200, "{accepted:?}");
    assert_eq!(accepted.json()["role"], "client");
    let client = Person { cookie: cookie(&accepted), ..owner.clone() };
    assert_eq!(server.get(&client, &format!("/api/v1/client/accounts/{id}")).await.status, 200);
    assert_eq!(accept(&token, PASSWORD).await.problem().1, "link_unknown", "it works once");
    assert_eq!(sign_in(&server, "kim@x.example", PASSWORD).await.status, 200);
    let people = server.get(&owner, PEOPLE).await.json();
    assert_eq!(people["people"][1]["is_invited"], false);
    assert!(!server.stores(PASSWORD));
}

#[tokio::test]
async fn an_invitation_dies_after_a_week_and_is_sent_again() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let invited = invite(&server, &owner, "k", &kim("viewer", &[])).await.json();
    let first = token(&letters(&server).await[0], "join");
    server.clock.pass(WEEK);
    let owner = server.signed_in(&owner).await;
    let open = async |token: &str| {
        anybody(&server, "/api/v1/invitations/open", json!({ "token": token })).await
    };
    assert_eq!(open(&first).await.problem(), (410, "link_expired".to_owned()));
    let path = format!("{PEOPLE}/{}/invitation", invited["id"].as_str().unwrap());
    let again = server.post(&owner, &path, &[("idempotency-key", "again")], &json!({})).await;
    assert_eq!(again.status, 200, "{again:?}");
    let second = token(letters(&server).await.last().unwrap(), "join");
    assert_eq!(open(&second).await.status, 200);
    let body = json!({ "token": second, "password": PASSWORD });
    assert_eq!(anybody(&server, "/api/v1/invitations/accept", body).await.status, 200);
    let refused = server.post(&owner, &path, &[("idempotency-key", "third")], &json!({})).await;
    assert_eq!(refused.problem(), (409, "already_accepted".to_owned()));
}

#[tokio::test]
async fn what_is_wrong_with_an_invitation_is_told_field_by_field() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let other = server.agency("Tidewater").await;
    let theirs = server.accounts(&other, "T-1,Tern").await;
    let own = server.accounts(&owner, "A-1,Alder").await;
    let body = json!({ "name": "", "email": "kim", "role": "client" });
    let wrong = invite(&server, &owner, "a", &body).await.fields();
    let expected = [("/name", "required"), ("/email", "not_an_address"), ("/accounts", "required")];
    assert_eq!(wrong, expected.map(|(place, code)| (place.to_owned(), code.to_owned())));
    for (body, place, code) in [
        (kim("client", &theirs), "/accounts", "unknown_account"),
        (kim("viewer", &own), "/accounts", "not_for_this_role"),
        (kim("root", &[]), "/role", "invalid"),
    ] {
        let wrong = invite(&server, &owner, "b", &body).await.fields();
        assert_eq!(wrong, [(place.to_owned(), code.to_owned())], "{body}");
    }
    let answer = server.post(&owner, PEOPLE, &[], &kim("viewer", &[])).await;
    assert_eq!(answer.problem(), (400, "idempotency_key_required".to_owned()));
    let taken = json!({ "name": "Kim", "email": other.email, "role": "viewer" });
    let answer = invite(&server, &owner, "c", &taken).await;
    assert_eq!(answer.problem(), (409, "address_taken".to_owned()));
    assert_eq!(server.get(&owner, PEOPLE).await.json()["people"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_last_owner_stays_and_everybody_else_changes() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let ids = server.accounts(&owner, "A-1,Alder\nB-2,Bay").await;
    let path = |person: &Person| format!("{PEOPLE}/{}", person.user);
    let change = async |by: &Person, whom: &Person, body: Value| {
        send(&server, by, Method::PATCH, &path(whom), &body).await
    };
    let remove = async |by: &Person, whom: &Person| {
        send(&server, by, Method::DELETE, &path(whom), &json!({})).await
    };
    let refused = change(&owner, &owner, json!({ "role": "viewer" })).await;
    assert_eq!(refused.problem(), (409, "last_owner".to_owned()));
    assert!(refused.json()["detail"].as_str().unwrap().starts_with("This is the agency's last"));
    assert_eq!(remove(&owner, &owner).await.problem(), (409, "last_owner".to_owned()));
    // Somebody who has not accepted yet manages nothing.
    invite(&server, &owner, "k", &kim("owner", &[])).await;
    assert_eq!(remove(&owner, &owner).await.problem().0, 409);

    let viewer = server.person(&owner, Role::Viewer, &[]).await;
    let answer = change(&owner, &viewer, json!({ "role": "client" })).await;
    assert_eq!(answer.fields(), [("/accounts".to_owned(), "required".to_owned())]);
    let answer = change(&owner, &viewer, json!({ "role": "client", "accounts": ids })).await;
    assert_eq!(answer.json()["accounts"].as_array().unwrap().len(), 2);
    assert_eq!(server.get(&viewer, "/api/v1/accounts").await.problem().0, 403);
    let answer = change(&owner, &viewer, json!({ "role": "owner", "name": "Vera" })).await;
    let told = (&answer.json()["name"], &answer.json()["accounts"]);
    assert_eq!(told, (&json!("Vera"), &json!([])));
    assert_eq!(change(&viewer, &owner, json!({ "role": "viewer" })).await.status, 200);
    assert_eq!(remove(&owner, &viewer).await.problem(), (403, "forbidden".to_owned()));
    assert_eq!(remove(&viewer, &owner).await.status, 204);
    assert_eq!(server.get(&owner, "/api/v1/me").await.problem().0, 401, "signed out at once");
    assert_eq!(remove(&viewer, &owner).await.problem(), (404, "not_found".to_owned()));
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_and_every_session_ends() {
    let server = Server::start();
    let owner = server.agency_with_password("Northwind").await;
    let ask = async |email: &str| {
        anybody(&server, "/api/v1/password-resets", json!({ "email": email })).await
    };
    let (known, unknown) = (ask("OWNER@northwind.example").await, ask("no@x.example").await);
    for answer in [&known, &unknown] {
        assert_eq!((answer.status.as_u16(), answer.text.as_str()), (202, ""));
    }
    let mut mails = Vec::new();
    for _ in 0..100 {
        mails = letters(&server).await;
        if !mails.is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // Asked for again, but the letter is on its way.
    ask(&owner.email).await;
    let [mail] = mails.as_slice() else { panic!("{mails:?}") };
    assert_eq!(mail.to, owner.email);
    let token = token(mail, "reset");
    let accept = async |password: &str| {
        let body = json!({ "token": token, "password": password });
        anybody(&server, "/api/v1/password-resets/accept", body).await
    };
    assert_eq!(accept("short").await.fields()[0].0, "/password");
    let as_invitation = json!({ "token": token, "password": "another good password" });
    let answer = anybody(&server, "/api/v1/invitations/accept", as_invitation).await;
    assert_eq!(answer.problem().1, "link_unknown", "a ticket is good for what it was made for");
    assert_eq!(server.get(&owner, "/api/v1/me").await.status, 200);
    assert_eq!(accept("another good password").await.status, 204);
    assert_eq!(server.get(&owner, "/api/v1/me").await.problem().0, 401);
    assert_eq!(accept("yet another password").await.problem().0, 404);
    assert_eq!(sign_in(&server, &owner.email, PASSWORD).await.problem().0, 401);
    assert_eq!(sign_in(&server, &owner.email, "another good password").await.status, 200);
    for _ in 0..8 {
        assert_eq!(ask(&owner.email).await.status, 202);
    }
    let answer = ask(&owner.email).await;
    assert_eq!(answer.problem(), (429, "rate_limited".to_owned()));
    assert_eq!(ask("not an address").await.fields()[0].0, "/email");
}

#[tokio::test]
async fn an_owner_signs_somebody_out_everywhere() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let viewer = server.person(&owner, Role::Viewer, &[]).await;
    let path = format!("/api/v1/people/{}/sessions", viewer.user);
    let end = async |person: &Person| {
        server.send(person.request(Method::DELETE, &path).body(Body::empty()).unwrap()).await
    };
    assert_eq!(end(&viewer).await.problem().0, 403);
    assert_eq!(server.get(&viewer, "/api/v1/me").await.status, 200);
    assert_eq!(end(&owner).await.status, 204);
    assert_eq!(server.get(&viewer, "/api/v1/me").await.problem().0, 401);
    assert_eq!(server.get(&owner, "/api/v1/me").await.status, 200);
    let trail = server.get(&owner, "/api/v1/audit?action=end_sessions").await.json();
    let after = trail["lines"][0]["after"].as_str().unwrap();
    assert!(after.contains(&viewer.user.to_string()), "{trail}");
}

#[tokio::test]
async fn somebody_sees_and_ends_their_own_sessions() {
    let server = Server::start();
    let owner = server.agency_with_password("Northwind").await;
    let other = server.agency("Tidewater").await;
    server.clock.pass(Duration::from_secs(60));
    let body = json!({ "email": owner.email, "password": PASSWORD }).to_string();
    let request = Request::post("/api/v1/session")
        .header("content-type", "application/json")
        .header("user-agent", "Firefox");
    let answer = server.send(request.body(Body::from(body)).unwrap()).await;
    let second = Person { cookie: cookie(&answer), ..owner.clone() };
    let list = server.get(&owner, "/api/v1/sessions").await.json();
    let told: Vec<_> = list["sessions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|session| (session["agent"].clone(), session["is_current"].clone()))
        .collect();
    assert_eq!(told, [(json!("Firefox"), json!(false)), (json!(""), json!(true))]);
    let id = list["sessions"][0]["id"].as_str().unwrap();
    let path = format!("/api/v1/sessions/{id}");
    let body = json!({ "current_password": PASSWORD });
    let end = async |person: &Person| send(&server, person, Method::DELETE, &path, &body).await;
    assert_eq!(end(&other).await.fields()[0].1, "wrong_password");
    server.clock.pass(Duration::from_secs(60));
    let other = server.agency_with_password("Contoso").await;
    assert_eq!(end(&other).await.problem(), (404, "not_found".to_owned()));
    assert_eq!(server.get(&second, "/api/v1/me").await.status, 200);
    assert_eq!(end(&owner).await.status, 204);
    assert_eq!(server.get(&second, "/api/v1/me").await.problem().0, 401);
    assert_eq!(end(&owner).await.problem().0, 404);
}

#[tokio::test]
async fn nobody_ends_a_session_without_showing_who_they_are() {
    let server = Server::start();
    let owner = server.agency_with_password("Northwind").await;
    server.clock.pass(Duration::from_secs(5 * 60 + 1));
    let answer = sign_in(&server, &owner.email, PASSWORD).await;
    let second = Person { cookie: cookie(&answer), ..owner.clone() };
    let list = server.get(&owner, "/api/v1/sessions").await.json();
    let path = format!("/api/v1/sessions/{}", list["sessions"][0]["id"].as_str().unwrap());
    let end = async |body| send(&server, &owner, Method::DELETE, &path, &body).await;
    let missing = ("/current_password".to_owned(), "required".to_owned());
    assert_eq!(end(json!({})).await.fields(), [missing]);
    let wrong = ("/current_password".to_owned(), "wrong_password".to_owned());
    for _ in 0..10 {
        let refused = end(json!({ "current_password": "not this one" })).await;
        assert_eq!(refused.fields(), std::slice::from_ref(&wrong));
    }
    let answer = end(json!({ "current_password": PASSWORD })).await;
    assert_eq!(answer.problem(), (429, "rate_limited".to_owned()));
    assert_eq!(server.get(&second, "/api/v1/me").await.status, 200);
    server.clock.pass(Duration::from_secs(15 * 60));
    assert_eq!(end(json!({ "current_password": PASSWORD })).await.status, 204);
    assert_eq!(server.get(&second, "/api/v1/me").await.problem().0, 401);
}

#[tokio::test]
async fn whoever_has_signed_in_just_now_needs_no_password_to_end_a_session() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    server.clock.pass(Duration::from_secs(60));
    let fresh = server.signed_in(&owner).await;
    let list = server.get(&fresh, "/api/v1/sessions").await.json();
    let old = list["sessions"][1]["id"].as_str().unwrap();
    let path = format!("/api/v1/sessions/{old}");
    server.clock.pass(Duration::from_secs(5 * 60));
    let end = async |body| send(&server, &fresh, Method::DELETE, &path, &body).await;
    // What is given counts, also when nothing is needed.
    assert_eq!(end(json!({ "current_password": "a guess" })).await.fields()[0].1, "wrong_password");
    assert_eq!(end(json!({})).await.status, 204);
    assert_eq!(server.get(&owner, "/api/v1/me").await.problem().0, 401);
}
