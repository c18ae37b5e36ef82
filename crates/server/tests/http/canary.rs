//! A mark in everything of one agency's never shows up in what another sees, nor what of an agency its client may not see in
//! what the client sees: in no answer of any route, no stream, no letter, no export.

use std::time::Duration;

use axum::http::Method;
use billing::access::Role;
use server::{http::routes::table, jobs};

use crate::{
    changes::Stream,
    world::{Asks, World},
};

#[tokio::test]
async fn nothing_of_another_agency_shows_up_in_any_answer() {
    let world = World::make("NORTH", "TIDE").await;
    let mut read = 0;
    // A demo's mailbox shows everybody's letters: that is what it is for.
    for route in table(false).iter().filter(|route| route.method == Method::GET) {
        for asks in Asks::ALL {
            for tenant in [&world.own, &world.other] {
                let ids = world.ids(route, tenant, asks).await;
                let request = world.request(asks, route, &ids).await;
                let response = world.server.open(request).await;
                if route.path.ends_with("/changes") && response.status() == 200 {
                    continue;
                }
                let body = http_body_util::BodyExt::collect(response.into_body()).await.unwrap();
                let text = String::from_utf8_lossy(&body.to_bytes()).to_lowercase();
                read += usize::from(text.contains("north"));
                assert!(!text.contains("tide"), "{} by {asks:?}: {text}", route.path);
                if asks == Asks::Person(Role::Client) {
                    // Another client, the staff's keys, the agency's balance.
                    for hidden in ["sibling", "staff", "77777", "7777"] {
                        assert!(!text.contains(hidden), "{} tells of {hidden}: {text}", route.path);
                    }
                }
            }
        }
    }
    assert!(read > 50, "only {read} answers said anything of the own agency");
}

#[tokio::test]
async fn nothing_of_another_agency_shows_up_in_a_stream() {
    let world = World::make("NORTH", "TIDE").await;
    let (own, other) = (&world.own, &world.other);
    let client = own.person(Role::Client).clone();
    let mut owners = Stream::open(&world.server, &own.owner, "?after=0", None).await;
    let mut clients = Stream::open(&world.server, &client, "?after=0", None).await;
    for (tenant, account) in [(other, other.sibling), (own, own.sibling)] {
        world.server.request_billing(&tenant.owner, account).await;
    }
    let (mut heard, mut clients_heard) = (0, 0);
    let hear = async {
        loop {
            let (_, _, change) = owners.next().await.unwrap();
            heard += 1;
            assert!(!change.to_string().contains("TIDE"), "{change}");
            if change["account"]["id"] == own.sibling.to_string()
                && change["account"]["funding"]["state"] == "requested"
            {
                break;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(15), hear).await.unwrap();
    // What the owner has heard by now, the client has, too, as far as they may.
    let hear = async {
        loop {
            let (_, _, change) = clients.next().await.unwrap();
            clients_heard += 1;
            let text = change.to_string();
            assert_eq!(change["account"]["id"], own.account.to_string(), "{text}");
            for hidden in ["TIDE", "SIBLING", "77777", "agency\":{", "funding", "counts"] {
                assert!(!text.contains(hidden), "{hidden}: {text}");
            }
        }
    };
    assert!(tokio::time::timeout(Duration::from_secs(5), hear).await.is_err(), "it stays open");
    assert!(heard > 2 && clients_heard > 0, "{heard} {clients_heard}");
}

#[tokio::test]
async fn nothing_of_another_agency_shows_up_in_a_letter() {
    let world = World::make("NORTH", "TIDE").await;
    for (tenant, key) in [(&world.own, "a"), (&world.other, "b")] {
        let body = serde_json::json!({
            "name": "Kim", "email": format!("kim@{}client.example", tenant.mark.to_lowercase()),
            "role": "client", "accounts": [tenant.account],
        });
        let headers = [("idempotency-key", key)];
        let answer = world.server.post(&tenant.owner, "/api/v1/people", &headers, &body).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    while jobs::tick(&world.server.deps).await.unwrap() > 0 {}
    let mails = world.server.deps.store.read(|tx| tx.mails(100)).await.unwrap();
    let mut told = [0, 0];
    for row in mails {
        let text = format!(
            "{} {} {} {}",
            row.mail.from_name, row.mail.subject, row.mail.text, row.mail.html
        );
        let (north, tide) = (text.contains("NORTH"), text.contains("TIDE"));
        assert!(north != tide, "{text}");
        assert!(!text.contains("SIBLING") && !text.contains("77777"), "{text}");
        told[usize::from(tide)] += 1;
    }
    assert!(told[0] >= 2 && told[1] >= 2, "{told:?}");
}
