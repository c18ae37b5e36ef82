//! A mail server that falls silent, at each step of the conversation: the API goes on, and in the end each letter is there once.

use std::{collections::BTreeMap, time::Duration};

use futures_util::future::join_all;
use server::storage::Transaction;
use tokio::time::timeout;

use crate::{
    desk::Desk,
    process::{House, Server},
    sink::{FROM, Sink, header, recipient},
};

/// The steps, in their order.
const PHASES: [&str; 7] = ["greeting", "hello", "sender", "recipient", "data", "letter", "goodbye"];
/// Less than a server waits for mail (10 s), and far more than an answer takes.
const AT_ONCE: Duration = Duration::from_secs(8);

#[tokio::test]
async fn a_mail_server_that_falls_silent_slows_nobody_and_gets_each_letter_once() {
    // All are there before the first is asked anything: to start them is what takes the time.
    let grounds = join_all(PHASES.map(Ground::build)).await;
    join_all(grounds.into_iter().map(stalled)).await;
}

/// A server whose mail server falls silent at one step, the first time that anybody comes to it.
struct Ground {
    phase: &'static str,
    sink: Sink,
    house: House,
    desk: Desk,
    _server: Server,
}

impl Ground {
    async fn build(phase: &'static str) -> Self {
        let sink = Sink::start(&["--stall", phase]).await;
        let house = House::build().await;
        let csv = house.folder.path().join("more.csv");
        std::fs::write(&csv, "external_id,name\nHL-0012,Harbor Light\n").unwrap();
        let agency = house.agency.to_string();
        house.done(&["import", csv.to_str().unwrap(), "--agency", &agency]).await;
        let mail = sink.url();
        let settings = [("SLUICE_MAIL_URL", mail.as_str()), ("SLUICE_MAIL_FROM", FROM)];
        let server = house.serve_with(&settings).await;
        let desk = Desk::of(&house, &server).await;
        Self { phase, sink, house, desk, _server: server }
    }
}

async fn stalled(ground: Ground) {
    let Ground { phase, mut sink, house, desk, _server } = ground;
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
        let count = |tx: &mut dyn Transaction| tx.job_counts();
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
