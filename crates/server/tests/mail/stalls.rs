//! A mail server that falls silent, at each step of the conversation: the API goes on, and in the end each letter is there once.

use std::{collections::BTreeMap, time::Duration};

use futures_util::future::join_all;
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use server::storage::{StorageError, Transaction};
use tokio::time::timeout;

use crate::{
    process::House,
    sink::{FROM, Sink, header, recipient},
};

/// The steps, in their order.
const PHASES: [&str; 7] = ["greeting", "hello", "sender", "recipient", "data", "letter", "goodbye"];
/// Less than a server waits for mail (10 s), and far more than an answer takes.
const AT_ONCE: Duration = Duration::from_secs(8);

#[tokio::test]
async fn a_mail_server_that_falls_silent_slows_nobody_and_gets_each_letter_once() {
    join_all(PHASES.map(stalled_at)).await;
}

async fn stalled_at(phase: &str) {
    let mut sink = Sink::start(&["--stall", phase]).await;
    let house = House::build().await;
    let csv = house.folder.path().join("more.csv");
    std::fs::write(&csv, "external_id,name\nHL-0012,Harbor Light\n").unwrap();
    let agency = house.agency.to_string();
    house.done(&["import", csv.to_str().unwrap(), "--agency", &agency]).await;
    let create = ["key", "create", "--agency", &agency, "--name", "Desk"];
    let scope = ["--scope", "accounts:read,billing:write"];
    let key = house.done(&[&create[..], &scope].concat()).await;
    let mail = sink.url();
    let settings = [("SLUICE_MAIL_URL", mail.as_str()), ("SLUICE_MAIL_FROM", FROM)];
    let server = house.serve_with(&settings).await;
    let desk = Desk { http: Client::builder().no_proxy().build().unwrap(), url: &server.url, key };

    let ids = desk.accounts().await;
    desk.ask(&ids[0], "dana@brightwater.co").await;
    let mut letters: BTreeMap<String, String> = BTreeMap::new();
    let told = sink.told().await;
    if phase == "goodbye" {
        // It has the letter by then.
        letters.insert(recipient(&told).to_owned(), header(&told, "Message-ID")[0].to_owned());
        assert_eq!(sink.told().await["stalled"], phase);
    } else {
        assert_eq!(told["stalled"], phase);
    }
    timeout(AT_ONCE, async {
        desk.accounts().await;
        desk.ask(&ids[1], "erin@harborlight.example").await;
        desk.accounts().await;
    })
    .await
    .unwrap_or_else(|_| panic!("{phase}: the API waits for mail"));

    while letters.len() < 2 {
        let letter = sink.told().await;
        let before = letters
            .insert(recipient(&letter).to_owned(), header(&letter, "Message-ID")[0].to_owned());
        assert_eq!(before, None, "{phase}: a letter came twice");
    }
    assert_ne!(letters["dana@brightwater.co"], letters["erin@harborlight.example"]);
    // What is left to do is to let the two requests expire: nobody sends a letter again.
    let open = async || {
        let count = |tx: &mut dyn Transaction| Ok::<_, StorageError>(tx.job_counts()?);
        house.store().read(count).await.unwrap()
    };
    let settled = async {
        while open().await.open > 2 {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    timeout(Duration::from_secs(30), settled)
        .await
        .unwrap_or_else(|_| panic!("{phase}: a job is left"));
    assert_eq!(open().await.failed, 0, "{phase}");
}

/// Somebody with an API key.
struct Desk<'a> {
    http: Client,
    url: &'a str,
    key: String,
}

impl Desk<'_> {
    async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Value {
        let mut request = self.http.request(method, format!("{}/api/v1{path}", self.url));
        request = request.bearer_auth(&self.key);
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
            request = request.header("idempotency-key", path).header("if-match", "\"0\"");
        }
        let answer = request.send().await.unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert_eq!(status, StatusCode::OK, "{path}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    async fn accounts(&self) -> Vec<String> {
        let page = self.send(Method::GET, "/accounts", None).await;
        let id = |row: &Value| row["id"].as_str().unwrap().to_owned();
        page["accounts"].as_array().unwrap().iter().map(id).collect()
    }

    /// *Email Client*.
    async fn ask(&self, account: &str, email: &str) {
        let terms = json!({
            "email": email, "message": "Hi",
            "starting_balance": {"amount": "100.00", "currency": "USD"},
        });
        let path = format!("/accounts/{account}/billing-requests");
        self.send(Method::POST, &path, Some(terms)).await;
    }
}
