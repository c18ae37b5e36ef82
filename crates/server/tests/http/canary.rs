//! A mark in everything of one agency's never shows up in what another sees, nor what of an agency its client may not see in
//! what the client sees: in no answer of any route, no stream, no letter, no export, no line of the log.

use std::{
    io::Write,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::http::Method;
use billing::access::Role;
use server::{http::routes::table, jobs};

use crate::{
    changes::Stream,
    world::{Asks, Tenant, World},
};

#[tokio::test]
async fn nothing_of_another_agency_shows_up_in_any_answer() {
    let world = World::make("NORTH", "TIDE").await;
    let mut read = 0;
    // A demo's mailbox shows everybody's letters: that is what it is for.
    for route in table(false).iter().filter(|route| route.method == Method::GET) {
        // What the API's own document says is made of nobody's data, and the same for everybody.
        if matches!(route.path.as_str(), "/api/openapi.json" | "/api/docs") {
            continue;
        }
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

/// What every server of this process has logged, as JSON.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// From now on.
    fn hear() -> Self {
        let log = Self::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .json()
            .with_max_level(tracing::Level::DEBUG)
            .with_writer(move || writer.clone())
            .finish();
        tracing::subscriber::set_global_default(subscriber).unwrap();
        log
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_secret_and_nothing_of_another_agency_shows_up_in_the_log() {
    const CARD: &str = "4242424242424242";
    let log = Log::hear();
    let world = World::make("MAPLE", "CEDAR").await;
    let server = &world.server;
    for route in &table(false) {
        for asks in Asks::ALL {
            let ids = world.ids(route, &world.own, asks).await;
            let request = world.request(asks, route, &ids).await;
            let response = server.open(request).await;
            if !(route.path.ends_with("/changes") && response.status() == 200) {
                http_body_util::BodyExt::collect(response.into_body()).await.unwrap();
            }
        }
    }
    // Whatever people type where it does not belong.
    let owner = &world.own.owner;
    let card = |space: &str| format!("4242{space}4242{space}4242{space}4242");
    let typed = [
        format!("/api/v1/accounts/{CARD}"),
        format!("/api/v1/accounts?q={CARD}"),
        format!("/api/v1/accounts?q={}", card("-")),
        format!("/api/v1/audit?actor={}&action={CARD}", card("+")),
        format!("/pay?card={CARD}"),
        format!("/{}", card("-")),
    ];
    for path in &typed {
        server.get(owner, path).await;
    }
    let name = format!("Kim {}", card(" "));
    let key = serde_json::json!({ "name": name, "scopes": ["usage:write"] });
    let person =
        serde_json::json!({ "name": name, "email": format!("{CARD}@x.example"), "role": "viewer" });
    for (path, body) in [("/api/v1/api-keys", key), ("/api/v1/people", person)] {
        let answer = server.post(owner, path, &[("idempotency-key", "card")], &body).await;
        assert!(answer.fields().contains(&("/name".to_owned(), "card_number".to_owned())));
    }
    let mut terms = crate::support::terms();
    terms["message"] = format!("It is {}.", card("-")).into();
    let path = format!("/api/v1/accounts/{}/billing-requests", world.own.sibling);
    let headers = [("if-match", "\"0\""), ("idempotency-key", "card-2")];
    let wrong = server.post(owner, &path, &headers, &terms).await.fields();
    assert_eq!(wrong, [("/message".to_owned(), "card_number".to_owned())]);
    let secret = "a password in the wrong field";
    let body = serde_json::json!({ "email": secret, "password": crate::support::PASSWORD });
    assert_eq!(server.post(owner, "/api/v1/session", &[], &body).await.status, 401);

    let text = log.text();
    let ours: Vec<_> = text.lines().filter(|line| line.contains("\"answered\"")).collect();
    assert!(ours.len() > 500, "only {} requests were logged", ours.len());
    for line in text.lines() {
        let json: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(json["timestamp"].as_str().unwrap().ends_with('Z'), "{line}");
        assert!(!line.contains("CEDAR"), "{line}");
        let digits: String = line.chars().filter(|char| !matches!(char, ' ' | '-' | '+')).collect();
        assert!(!digits.contains(CARD), "{line}");
    }
    let both = [&world.own, &world.other].into_iter().flat_map(Tenant::secrets);
    let others = [crate::support::PASSWORD, secret, "whsec_", "sk_test_x"].map(str::to_owned);
    for secret in both.chain(others) {
        // Half of one would be too much already.
        let part: String = secret.chars().take(16).collect();
        assert!(!text.contains(&part), "{part}");
    }
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
