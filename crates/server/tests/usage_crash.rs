//! A server that is killed under load, again and again: every event it has acknowledged is there once, and one that is sent
//! again because nobody answered draws once. Nothing in the server knows of this test.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    dead_code,
    missing_docs,
    reason = "a test that cannot go on has failed; the support files serve several suites"
)]

#[path = "support/database.rs"]
mod database;
#[path = "support/process.rs"]
mod process;

use std::{collections::BTreeSet, time::Duration};

use billing::{Currency, Money};
use process::House;
use reqwest::{Client, StatusCode};
use server::{
    deps::{Entropy as _, SystemEntropy},
    storage::{StorageError, Transaction},
};
use tokio::sync::Notify;

const KILLS: usize = 20;
const CLIENTS: usize = 8;
const BATCH: usize = 25;
/// A kill comes at most so many milliseconds after the server has acknowledged its first batch.
const KILL_WITHIN_MILLIS: u64 = 400;

/// One who sends usage, batch after batch.
struct Sender {
    name: usize,
    http: Client,
    key: String,
    /// Batches that were begun.
    begun: usize,
    /// The last of them, while nobody has answered it.
    unanswered: Option<usize>,
}

impl Sender {
    /// Sends until the server is gone; answers how many batches it has acknowledged, and tells of each.
    async fn send_until_the_end(&mut self, url: &str, answered: &Notify) -> usize {
        let mut acknowledged = 0;
        loop {
            let number = self.begun;
            self.begun += 1;
            self.unanswered = Some(number);
            if self.send(url, number).await.is_err() {
                return acknowledged;
            }
            self.unanswered = None;
            acknowledged += 1;
            answered.notify_one();
        }
    }

    async fn send(&self, url: &str, number: usize) -> Result<(), reqwest::Error> {
        let events: Vec<_> = ids(self.name, number)
            .map(|id| {
                serde_json::json!({
                    "specversion": "1.0", "id": id, "source": "load", "type": "sms.sent",
                    "subject": "BW-0077", "data": { "segments": 1 },
                })
            })
            .collect();
        let answer = self
            .http
            .post(format!("{url}/api/v1/events"))
            .bearer_auth(&self.key)
            .header("content-type", "application/cloudevents-batch+json")
            .body(serde_json::Value::from(events).to_string())
            .send()
            .await?;
        assert_eq!(answer.status(), StatusCode::NO_CONTENT);
        Ok(())
    }

    /// What of its events has to be there.
    fn acknowledged(&self) -> impl Iterator<Item = String> {
        let unanswered = self.unanswered;
        (0..self.begun)
            .filter(move |number| Some(*number) != unanswered)
            .flat_map(move |number| ids(self.name, number))
    }
}

fn ids(sender: usize, batch: usize) -> impl Iterator<Item = String> {
    (0..BATCH).map(move |event| format!("{sender}-{batch}-{event}"))
}

/// The identities that were found in the database.
#[derive(Default)]
struct Stored(BTreeSet<String>);

impl Stored {
    /// Reads what has come since the last look; each must be there once.
    async fn look(&mut self, house: &House) {
        let (scope, next) = (house.scope(), self.0.len() as u64 + 1);
        let read = move |tx: &mut dyn Transaction| tx.events_from(scope, next, u32::MAX);
        let rows = house.store().read(read).await;
        for (row, number) in
            rows.map_err(|error: StorageError| error).unwrap().into_iter().zip(next..)
        {
            assert_eq!(row.number, number, "events are numbered without gaps");
            assert!(self.0.insert(row.id), "event {number} is there twice");
        }
    }
}

fn moment() -> Duration {
    let mut bytes = [0; 8];
    SystemEntropy.fill(&mut bytes);
    Duration::from_millis(u64::from_be_bytes(bytes) % KILL_WITHIN_MILLIS)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_under_load_it_keeps_what_it_has_acknowledged() {
    let house = House::build().await;
    let http = Client::builder().no_proxy().build().unwrap();
    let key = house.key.clone();
    let mut senders: Vec<_> = (0..CLIENTS)
        .map(|name| Sender {
            name,
            http: http.clone(),
            key: key.clone(),
            begun: 0,
            unanswered: None,
        })
        .collect();
    let (mut acknowledged, mut resent, mut resent_stored) = (0, 0, 0);
    let mut there = Stored::default();
    for kill in 1..=KILLS {
        let server = house.serve().await;
        let url = server.url.clone();
        let (moment, first) = (moment(), Notify::new());
        let load = senders.iter_mut().map(|sender| sender.send_until_the_end(&url, &first));
        let kill_it = async {
            let begun = tokio::time::timeout(Duration::from_secs(20), first.notified()).await;
            assert!(begun.is_ok(), "kill {kill}: the server acknowledges nothing");
            tokio::time::sleep(moment).await;
            server.kill().await;
        };
        let (answers, ()) = tokio::join!(futures_util::future::join_all(load), kill_it);
        let answered: usize = answers.iter().sum();
        acknowledged += answered;

        // What the server said is there is there, before anybody sends anything again.
        there.look(&house).await;
        let promised: BTreeSet<_> = senders.iter().flat_map(Sender::acknowledged).collect();
        let lost: Vec<_> = promised.difference(&there.0).take(5).collect();
        assert!(lost.is_empty(), "kill {kill}: acknowledged, but lost: {lost:?}");

        let server = house.serve().await;
        for sender in &mut senders {
            let Some(number) = sender.unanswered else { continue };
            resent += 1;
            let stored = ids(sender.name, number).filter(|id| there.0.contains(id)).count();
            assert!(stored == 0 || stored == BATCH, "kill {kill}: {stored} of a batch are stored");
            resent_stored += stored / BATCH;
            sender.send(&server.url, number).await.unwrap();
            sender.unanswered = None;
        }
        server.kill().await;
        let expected: BTreeSet<_> = senders.iter().flat_map(Sender::acknowledged).collect();
        there.look(&house).await;
        assert!(there.0 == expected, "kill {kill}: not exactly what was acknowledged");
        let events = expected.len();
        let balance =
            Money::from_micros(-i64::try_from(events).unwrap() * 1_000_000, Currency::Usd);
        assert_eq!(house.books().await, (events as u64, balance), "kill {kill}");
        println!(
            "kill {kill} {} ms into the load: {answered} batches acknowledged",
            moment.as_millis()
        );
    }
    println!(
        "{KILLS} kills: {acknowledged} batches acknowledged, {resent} sent again, of which {resent_stored} were stored already"
    );
    assert!(acknowledged > KILLS && resent > KILLS, "the load was no load");
    let mut at_last = Stored::default();
    at_last.look(&house).await;
    assert!(at_last.0 == there.0, "something that was seen before is gone");
    house.assert_sound().await;
}
