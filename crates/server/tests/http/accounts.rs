//! Lists, one account, its books and its past; nobody sees another agency's.

use std::{collections::BTreeSet, sync::atomic::Ordering, time::Duration};

use axum::{body::Body, http::Method};
use billing::{Currency, Money, api::AccountSort, funding::Actor, ledger::rules::Adjusted};
use serde_json::{Value, json};

use server::execute::{Origin, books};

use crate::support::{Person, Server, terms};

fn rows(count: usize) -> String {
    // Names that are equal, differ in case or in order from the external ids.
    let row =
        |n: usize| format!("X-{n:03},{} {}", ["Bay", "bay", "Elm", "Ärle"][n % 4], n / 8 * 7 % 10);
    (0..count).map(row).collect::<Vec<_>>().join("\n")
}

fn texts(list: &Value, field: &str) -> Vec<String> {
    let accounts = list["accounts"].as_array().unwrap();
    accounts.iter().map(|account| account[field].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn pages_in_every_order_show_each_account_exactly_once() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let ids = server.accounts(&owner, &rows(120)).await;
    for sort in AccountSort::ALL {
        let mut seen = Vec::new();
        let mut cursor = String::new();
        loop {
            let path = format!("/api/v1/accounts?sort={}&limit=17&cursor={cursor}", sort.name());
            let list = server.get(&owner, &path).await.json();
            assert_eq!(list["counts"]["all"], 120);
            seen.extend(texts(&list, "id"));
            let Some(next) = list["next_cursor"].as_str() else { break };
            cursor = next.to_owned();
        }
        assert_eq!(seen.len(), 120, "{sort:?}");
        assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{sort:?}");
    }
}

#[tokio::test]
async fn a_page_is_three_statements_however_long() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    server.accounts(&owner, &rows(60)).await;
    for limit in [1, 50] {
        let before = server.statements.load(Ordering::Relaxed);
        let path = format!("/api/v1/accounts?limit={limit}&q=bay&funding=agency&standing=paused");
        let list = server.get(&owner, &path).await.json();
        assert_eq!(texts(&list, "id").len(), limit.min(30), "{limit}");
        assert!(server.statements.load(Ordering::Relaxed) - before <= 3, "{limit}");
    }
}

#[tokio::test]
async fn a_list_is_searched_and_filtered() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let ids = server.accounts(&owner, "A-1,Alder Dental\nB-2,Bayside\nC-3,Calder & Finch").await;
    server.request_billing(&owner, ids[1]).await;
    for (query, names) in [
        ("", vec!["Alder Dental", "Bayside", "Calder & Finch"]),
        ("?q=DENTAL", vec!["Alder Dental"]),
        ("?q=B-2", vec!["Bayside"]),
        ("?q=dana%40brightwater", vec!["Bayside"]),
        ("?q=%25", vec![]),
        ("?q=_", vec![]),
        ("?funding=between", vec!["Bayside"]),
        ("?funding=customer", vec![]),
        ("?standing=paused&sort=-external_id", vec!["Calder & Finch", "Bayside", "Alder Dental"]),
        ("?standing=active", vec![]),
    ] {
        let list = server.get(&owner, &format!("/api/v1/accounts{query}")).await.json();
        assert_eq!(texts(&list, "name"), names, "{query}");
        let counts = json!({ "all": 3, "agency": 3, "customer": 0, "between": 1 });
        assert_eq!(list["counts"], counts, "{query}");
    }
}

#[tokio::test]
async fn the_standing_that_is_asked_for_is_the_one_that_is_listed() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    server.accounts(&owner, "A-1,Alder").await;
    // That of the agency's balance, which is low below 100.00.
    for (units, standing) in [(-5, "paused"), (45, "low"), (60, "active")] {
        let (scope, now) = (owner.scope, server.deps.clock.now());
        let amount = Money::from_micros(units * 1_000_000, Currency::Usd);
        let write = move |tx: &mut dyn server::storage::Transaction| {
            let origin = Origin::new(Actor::system("test"), "test");
            books::adjust(tx, scope, Adjusted::Agency, amount, standing.into(), now, &origin)
        };
        server.deps.store.write(write).await.unwrap();
        for asked in ["paused", "low", "active"] {
            let path = format!("/api/v1/accounts?standing={asked}");
            let list = server.get(&owner, &path).await.json();
            let expected = if asked == standing { vec![asked] } else { vec![] };
            assert_eq!(texts(&list, "standing"), expected, "{asked}");
        }
    }
}

#[tokio::test]
async fn a_wrong_question_is_told_by_its_parameter() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    for (query, pointer, code) in [
        ("limit=0", "limit", "invalid"),
        ("limit=101", "limit", "invalid"),
        ("sort=size", "sort", "invalid"),
        ("funding=me", "funding", "invalid"),
        ("standing=up", "standing", "invalid"),
        ("cursor=abc", "cursor", "invalid"),
        ("page=2", "page", "unknown_parameter"),
        ("limit=1&limit=2", "limit", "repeated"),
    ] {
        let answer = server.get(&owner, &format!("/api/v1/accounts?{query}")).await;
        assert_eq!(answer.fields(), [(pointer.to_owned(), code.to_owned())], "{query}");
    }
}

#[tokio::test]
async fn an_account_has_its_version_as_etag_and_an_empty_past() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let id = server.accounts(&owner, "A-1,Alder").await[0];
    let answer = server.get(&owner, &format!("/api/v1/accounts/{id}")).await;
    assert_eq!(answer.header("etag"), "\"0\"");
    assert_eq!(answer.json()["account"]["name"], "Alder");
    let ledger = server.get(&owner, &format!("/api/v1/accounts/{id}/ledger")).await.json();
    assert_eq!(ledger, json!({ "lines": [], "next_cursor": null, "curve": [] }));
    let path = format!("/api/v1/accounts/{id}/funding-timeline");
    let timeline = server.get(&owner, &path).await.json();
    assert_eq!(timeline["events"], json!([]));
    assert_eq!(timeline["intervals"].as_array().unwrap().len(), 1);
    assert_eq!(timeline["intervals"][0]["payer"], "agency");
}

#[tokio::test]
async fn ledger_lines_come_in_pages_newest_first() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let id = server.accounts(&owner, "A-1,Alder").await[0];
    let (scope, created) = (owner.scope, server.deps.clock.now());
    server.clock.pass(Duration::from_secs(5 * 24 * 60 * 60));
    let owner = server.signed_in(&owner).await;
    let write = move |tx: &mut dyn server::storage::Transaction| {
        for day in 0..5_u64 {
            let at = created.plus(Duration::from_secs(day * 24 * 60 * 60 + 60));
            let amount = billing::Money::from_micros(-1_500_000, billing::Currency::Usd);
            let (whose, reference) = (Adjusted::Customer(id), format!("day {day}"));
            let origin = Origin::new(Actor::system("test"), "test");
            books::adjust(tx, scope, whose, amount, reference, at, &origin)?;
        }
        Ok::<_, server::execute::ExecuteError>(())
    };
    server.deps.store.write(write).await.unwrap();
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/v1/accounts/{id}/ledger?limit=2&cursor={cursor}");
        let page = server.get(&owner, &path).await.json();
        for line in page["lines"].as_array().unwrap() {
            let text = |name: &str| line[name].as_str().unwrap().to_owned();
            assert_eq!(
                (text("kind"), text("balance_of")),
                ("adjustment".into(), "customer".into())
            );
            seen.push(format!(
                "{} {} {}",
                text("reference"),
                line["amount"]["amount"].as_str().unwrap(),
                line["balance_after"]["amount"].as_str().unwrap()
            ));
        }
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = next.to_owned();
    }
    assert_eq!(
        seen,
        [
            "day 4 -1.50 -7.50",
            "day 3 -1.50 -6.00",
            "day 2 -1.50 -4.50",
            "day 1 -1.50 -3.00",
            "day 0 -1.50 -1.50",
        ]
    );
}

#[tokio::test]
async fn another_agencys_account_is_as_absent_as_one_that_never_was() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let other: Person = server.agency("Tidewater").await;
    let foreign = server.accounts(&other, "T-1,Theirs").await[0];
    let asked = server.request_billing(&other, foreign).await.json();
    let request = asked["account"]["funding"]["request"]["id"].as_str().unwrap().to_owned();
    let absent = "sub_01m0tbtx74k2a3fszbeds1w1fz";
    let key = [("if-match", "\"1\""), ("idempotency-key", "k")];
    for id in [foreign.to_string(), absent.to_owned()] {
        let mut answers = Vec::new();
        for path in ["", "/ledger", "/funding-timeline"] {
            answers.push(server.get(&owner, &format!("/api/v1/accounts/{id}{path}")).await);
        }
        let base = format!("/api/v1/accounts/{id}");
        let requests = format!("{base}/billing-requests");
        let mut bad = terms();
        bad["email"] = json!("nonsense");
        for body in [terms(), bad] {
            answers.push(server.post(&owner, &requests, &key, &body).await);
        }
        for path in [format!("{requests}/{request}/resend"), format!("{requests}/{request}/links")]
        {
            answers.push(server.post(&owner, &path, &key, &json!({})).await);
        }
        let body = json!({ "choice": "transfer" });
        answers.push(server.post(&owner, &format!("{base}/agency-billing"), &key, &body).await);
        let revoke = owner
            .request(Method::DELETE, &format!("{requests}/{request}"))
            .header("if-match", "\"1\"");
        answers.push(server.send(revoke.body(Body::empty()).unwrap()).await);
        for answer in answers {
            assert_eq!(answer.problem(), (404, "not_found".to_owned()), "{id}");
            let mut json = answer.json();
            json.as_object_mut().unwrap().remove("request_id");
            let same = json!({
                "status": 404, "code": "not_found", "detail": "There is no such thing here.",
            });
            assert_eq!(json, same);
        }
    }
    let list = server.get(&owner, "/api/v1/accounts?q=Theirs").await.json();
    assert_eq!(list["accounts"], json!([]));
}
