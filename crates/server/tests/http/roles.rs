//! Who may do what: people of an agency by their role, and client users, who see their own and nothing else. Every route with
//! every role is in `matrix`; here are the words, and what is in the answers.

use std::{collections::BTreeSet, time::Duration};

use axum::{
    body::Body,
    http::{Method, Request},
};
use billing::{
    Currency, Money,
    access::{KeyScope, Role},
    ledger::rules::Adjusted,
};
use serde_json::{Value, json};
use server::{
    execute::{ExecuteError, Origin, Tools, books, keys},
    storage::Transaction,
};

use crate::{
    changes::Stream,
    support::{Answer, Person, Server, terms},
};

async fn access(server: &Server, person: &Person, role: Role, accounts: &[billing::SubAccountId]) {
    let (scope, id, accounts) = (person.scope, person.user, accounts.to_vec());
    let change = move |tx: &mut dyn Transaction| {
        let mut row = tx.user(scope, id)?.unwrap();
        row.role = role;
        row.accounts = accounts.iter().copied().collect();
        tx.save_user(scope, &row)
    };
    server.deps.store.write(change).await.unwrap();
}

async fn key(server: &Server, person: &Person, scopes: &'static [KeyScope]) -> String {
    let (scope, tools) = (person.scope, Tools::of(&server.deps));
    let name = billing::text::Name::parse("Robot").unwrap();
    let make = move |tx: &mut dyn Transaction| {
        let origin = Origin::new(billing::funding::Actor::system("test"), "test");
        keys::create_key(tx, &tools, scope, &name, scopes, &origin)
    };
    server.deps.store.write(make).await.unwrap()
}

async fn with_key(server: &Server, key: &str, path: &str) -> Answer {
    let request = Request::get(path).header("authorization", format!("Bearer {key}"));
    server.send(request.body(Body::empty()).unwrap()).await
}

fn detail(answer: &Answer) -> String {
    answer.json()["detail"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn me_tells_role_and_rights_and_a_client_nothing_of_the_agency() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let ids = server.accounts(&owner, "A-1,Alder\nB-2,Bay").await;
    let me = server.get(&owner, "/api/v1/me").await.json();
    assert_eq!((&me["role"], &me["accounts"]), (&json!("owner"), &json!([])));
    assert!(me["rights"].as_array().unwrap().contains(&json!("manage_people")));
    assert_eq!(me["agency"]["balance"]["amount"], "0.00");
    let viewer = server.person(&owner, Role::Viewer, &[]).await;
    let me = server.get(&viewer, "/api/v1/me").await.json();
    assert_eq!(
        (&me["role"], &me["rights"]),
        (
            &json!("viewer"),
            &json!([
                "be_signed_in",
                "listen",
                "read_statements",
                "read_accounts",
                "read_settings",
                "preview_embedded"
            ])
        )
    );
    let client = server.person(&owner, Role::Client, &ids[1..]).await;
    let me = server.get(&client, "/api/v1/me").await.json();
    assert_eq!(
        me["agency"],
        json!({
            "id": owner.scope.agency(), "name": "Northwind", "currency": "USD", "stylesheet": null,
        })
    );
    assert_eq!((&me["role"], &me["accounts"]), (&json!("client"), &json!([ids[1]])));
    assert_eq!(
        me["rights"],
        json!(["be_signed_in", "listen", "see_own_accounts", "read_statements"])
    );
    let fields: Vec<_> = me.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(fields, ["accounts", "agency", "change_seq", "rights", "role", "user"]);
}

#[tokio::test]
async fn a_refusal_names_who_may_and_what_is_not_yours_is_not_there() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let other = server.agency("Tidewater").await;
    let ids = server.accounts(&owner, "A-1,Alder\nB-2,Bay").await;
    let theirs = server.accounts(&other, "T-1,Tern").await[0];
    let viewer = server.person(&owner, Role::Viewer, &[]).await;
    let manager = server.person(&owner, Role::BillingManager, &[]).await;
    let client = server.person(&owner, Role::Client, &ids[..1]).await;
    let ask = async |person: &Person, id| {
        let path = format!("/api/v1/accounts/{id}/billing-requests");
        server
            .post(person, &path, &[("if-match", "\"0\""), ("idempotency-key", "k")], &terms())
            .await
    };
    let answer = ask(&viewer, ids[0]).await;
    assert_eq!(answer.problem(), (403, "forbidden".to_owned()));
    assert_eq!(detail(&answer), "Only the agency's owner and billing managers may do this.");
    assert_eq!(ask(&viewer, theirs).await.problem(), (404, "not_found".to_owned()));
    assert_eq!(ask(&client, ids[0]).await.problem(), (403, "forbidden".to_owned()));
    assert_eq!(ask(&client, ids[1]).await.problem(), (404, "not_found".to_owned()));
    let answer = server.get(&client, "/api/v1/prices").await;
    assert_eq!(answer.problem(), (403, "forbidden".to_owned()));
    assert_eq!(detail(&answer), "Only people of the agency may do this.");
    assert_eq!(ask(&manager, ids[0]).await.status, 200);
    let add = json!({ "url": "https://hooks.example/in" });
    let answer = server.post(&manager, "/api/v1/webhook-endpoints", &[], &add).await;
    assert_eq!(detail(&answer), "Only the agency's owner may do this.");
    assert_eq!(server.get(&viewer, "/api/v1/webhook-endpoints").await.status, 200);
    let answer = server.get(&owner, "/api/v1/client/accounts").await;
    assert_eq!(detail(&answer), "Only client users may do this.");
}

#[tokio::test]
async fn a_client_user_sees_their_own_and_never_what_the_agency_has() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let ids = server.accounts(&owner, "A-1,Alder\nB-2,Bay\nC-3,Cay").await;
    let client = server.person(&owner, Role::Client, &ids[..2]).await;
    let (scope, own, now) = (owner.scope, ids[0], server.deps.clock.now());
    let credit = move |tx: &mut dyn Transaction| {
        let origin = Origin::new(billing::funding::Actor::system("test"), "test");
        let usd = |units: i64| Money::from_micros(units * 1_000_000, Currency::Usd);
        books::adjust(tx, scope, Adjusted::Agency, usd(7_777), "a".to_owned(), now, &origin)?;
        let customer = Adjusted::Customer(own);
        books::adjust(tx, scope, customer, usd(31), "b".to_owned(), now, &origin)?;
        Ok::<_, ExecuteError>(())
    };
    server.deps.store.write(credit).await.unwrap();
    let list = server.get(&client, "/api/v1/client/accounts").await;
    let listed: BTreeSet<_> = list.json()["accounts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|account| account["name"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(listed, ["Alder", "Bay"].map(str::to_owned).into());
    // The agency pays: neither its balance nor what follows from it is told.
    let path = format!("/api/v1/client/accounts/{own}");
    let account = server.get(&client, &path).await;
    assert_eq!(account.json()["payer"], "agency");
    for hidden in ["balance", "low_below", "standing"] {
        assert_eq!(account.json()[hidden], Value::Null, "{hidden}");
    }
    let ledger = server.get(&client, &format!("{path}/ledger")).await;
    assert_eq!(ledger.json()["lines"][0]["balance_after"]["amount"], "31.00");
    for path in [
        "/api/v1/client/usage?by=day".to_owned(),
        "/api/v1/client/usage.csv".to_owned(),
        format!("{path}/usage"),
    ] {
        let answer = server.get(&client, &path).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert!(
            !answer.text.contains("7777") && !answer.text.contains("agency_paid"),
            "{answer:?}"
        );
    }
    let foreign = server.get(&client, &format!("/api/v1/client/accounts/{}", ids[2])).await;
    assert_eq!(foreign.problem(), (404, "not_found".to_owned()));
    // What was taken away is gone from the next request.
    access(&server, &client, Role::Client, &ids[1..2]).await;
    assert_eq!(server.get(&client, &path).await.problem().0, 404);
    access(&server, &client, Role::Viewer, &[]).await;
    assert_eq!(server.get(&client, &path).await.problem().0, 403);
    assert_eq!(server.get(&client, "/api/v1/accounts").await.status, 200);
}

#[tokio::test]
async fn a_client_users_stream_carries_their_own_and_ends_with_the_right() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let ids = server.accounts(&owner, "A-1,Alder\nB-2,Bay").await;
    let client = server.person(&owner, Role::Client, &ids[1..]).await;
    let viewer = server.person(&owner, Role::Viewer, &[]).await;
    let mut stream = Stream::open(&server, &client, "", None).await;
    let mut viewers = Stream::open(&server, &viewer, "", None).await;
    server.request_billing(&owner, ids[0]).await;
    let seq = server.request_billing(&owner, ids[1]).await.json()["change_seq"].clone();
    let (id, name, change) = stream.next().await.unwrap();
    assert_eq!((json!(id), name.as_str(), &change["seq"]), (seq.clone(), "change", &seq));
    assert_eq!(change["account"]["id"], ids[1].to_string());
    let fields: Vec<_> = change.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(fields, ["account", "seq"]);
    assert!(change["account"].get("funding").is_none());
    assert!(viewers.next().await.unwrap().2["agency"]["balance"].is_object());
    assert!(viewers.next().await.is_some());
    access(&server, &client, Role::Client, &ids[..1]).await;
    access(&server, &viewer, Role::Client, &ids).await;
    let ends = async { (stream.next().await, viewers.next().await) };
    let ends = tokio::time::timeout(Duration::from_secs(5), ends).await;
    assert_eq!(ends.expect("both end within five seconds"), (None, None));
}

#[tokio::test]
async fn a_key_reads_and_funds_by_its_scopes_and_leaves_its_name() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let other = server.agency("Tidewater").await;
    let id = server.accounts(&owner, "A-1,Alder").await[0];
    let theirs = server.accounts(&other, "T-1,Tern").await[0];
    let reader = key(&server, &owner, &[KeyScope::AccountsRead]).await;
    let funder = key(&server, &owner, &[KeyScope::BillingWrite]).await;
    for path in ["", "/ledger", "/usage", "/standing", "/funding-timeline"] {
        let own = format!("/api/v1/accounts/{id}{path}");
        assert_eq!(with_key(&server, &reader, &own).await.status, 200, "{path}");
        let refused = with_key(&server, &funder, &own).await;
        assert_eq!(refused.problem(), (403, "scope_missing".to_owned()), "{path}");
        let foreign = format!("/api/v1/accounts/{theirs}{path}");
        for key in [&reader, &funder] {
            let answer = with_key(&server, key, &foreign).await;
            assert_eq!(answer.problem(), (404, "not_found".to_owned()), "{path}");
        }
    }
    let answer = with_key(&server, &reader, "/api/v1/prices").await;
    assert_eq!(answer.problem(), (403, "forbidden".to_owned()));
    assert!(detail(&answer).starts_with("An API key may not do this."), "{answer:?}");
    let ask = |key: &str| {
        Request::builder()
            .method(Method::POST)
            .uri(format!("/api/v1/accounts/{id}/billing-requests"))
            .header("authorization", format!("Bearer {key}"))
            .header("content-type", "application/json")
            .header("if-match", "\"0\"")
            .header("idempotency-key", "k")
            .body(Body::from(terms().to_string()))
            .unwrap()
    };
    assert_eq!(server.send(ask(&reader)).await.problem().0, 403);
    assert_eq!(server.send(ask(&funder)).await.status, 200);
    assert_eq!(server.send(ask(&funder)).await.status, 200, "the same answer again");
    let timeline =
        server.get(&owner, &format!("/api/v1/accounts/{id}/funding-timeline")).await.json();
    let actor = &timeline["events"][0]["actor"];
    assert_eq!(actor, &json!({ "kind": "system", "part": "API key Robot" }));
}
