//! `sluice usage import` through the real binary: files of usage go in once, wherever and however often it is interrupted.

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

use std::{fmt::Write as _, path::PathBuf, process::Stdio, time::Duration};

use billing::{Currency, Money, api::Who};
use process::House;
use server::storage::{StorageError, Transaction, audit::AuditQuery};

/// Long ago: no live usage is taken of then.
const TIME: &str = "2024-02-29T10:00:00Z";

fn usd(units: i64) -> Money {
    Money::from_micros(units * 1_000_000, Currency::Usd)
}

fn line(id: &str) -> String {
    format!(
        r#"{{"specversion":"1.0","id":"{id}","source":"twilio","type":"sms.sent","subject":"BW-0077","time":"{TIME}","data":{{"segments":1,"to":"+1 555 0100"}}}}"#
    )
}

fn lines(count: usize) -> String {
    (0..count).map(|number| line(&number.to_string()) + "\n").collect()
}

fn table(count: usize) -> String {
    let mut text = "time,segments,to,id,source,type,subject,note\r\n".to_owned();
    for number in 0..count {
        let _ = write!(text, "{TIME},1,+1 555 0100,{number},twilio,sms.sent,BW-0077,\r\n");
    }
    text
}

/// What an import of files does and says.
trait Imports {
    fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf;
    async fn import(&self, name: &str, more: &[&str]) -> (i32, String, String);
}

impl Imports for House {
    fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    async fn import(&self, name: &str, more: &[&str]) -> (i32, String, String) {
        let agency = self.agency.to_string();
        let words = [&["usage", "import", name, "--agency", &agency], more].concat();
        let (code, out, error) = self.run(&words).await;
        // How far it is, is told every few seconds: on a slow machine there is something to tell.
        let error = error.split_inclusive('\n').filter(|line| !line.contains(" a second, "));
        (code, out, error.collect())
    }
}

fn done(out: &str) -> (i32, String, String) {
    (0, out.to_owned(), String::new())
}

#[tokio::test]
async fn lines_and_tables_say_the_same_and_are_drawn_once() {
    let house = House::build().await;
    house.write("events.ndjson", format!("\u{feff}{}\n\r\n", lines(2_500)));
    house.write("events.csv", format!("\u{feff}{}", table(2_600)));
    let trial = house.import("events.ndjson", &["--dry-run"]).await;
    assert_eq!(trial, done("2500 events could be imported; nothing was stored"));
    assert_eq!(house.books().await, (0, usd(0)));

    assert_eq!(house.import("events.ndjson", &[]).await, done("imported 2500 events"));
    assert_eq!(house.books().await, (2_500, usd(-2_500)));
    assert_eq!(house.import("events.ndjson", &[]).await, done("imported 2500 events"));
    assert_eq!(house.books().await, (2_500, usd(-2_500)));
    assert_eq!(house.import("events.csv", &[]).await, done("imported 2600 events"));
    assert_eq!(house.books().await, (2_600, usd(-2_600)));

    // The trail has a line of each import that brought something.
    let (store, scope) = (house.store(), house.scope());
    let query =
        AuditQuery { action: Some("import_usage".to_owned()), limit: 9, ..Default::default() };
    let read = move |tx: &mut dyn Transaction| tx.audit(scope, &query);
    let lines: Result<_, StorageError> = store.read(read).await;
    let lines: Vec<_> = lines.unwrap().into_iter().map(|(_, row)| (row.who, row.after)).collect();
    let by = || Who::System { part: "command line".to_owned() };
    let told = |events: u32, file: &str| {
        (by(), Some(format!("{{\"events\":{events},\"file\":\"{file}\"}}")))
    };
    assert_eq!(lines, [told(100, "events.csv"), told(2_500, "events.ndjson")]);

    house.write("nothing.ndjson", "");
    assert_eq!(house.import("nothing.ndjson", &[]).await, done("imported 0 events"));
    house.write("no rows.CSV", "id,source,type,subject,time\n");
    assert_eq!(house.import("no rows.CSV", &[]).await, done("imported 0 events"));
    let left: Vec<_> = std::fs::read_dir(house.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("position"))
        .collect();
    assert_eq!(left, [""; 0]);
    house.assert_sound().await;
}

#[tokio::test]
async fn a_wrong_line_is_told_by_its_number_and_field() {
    let house = House::build().await;
    let change = |from: &str, to: &str| line("x").replace(from, to);
    let header = "id,source,type,subject,time,segments\n";
    let row = |row: &str| format!("{header}1,twilio,sms.sent,BW-0077,{TIME},1\n{row}\n");
    let with = |text: String| format!("{}\n{text}\n", line("fine"));
    let cases = [
        ("a.ndjson", with("{".to_owned()), "line 2: This is not JSON (column 1)."),
        (
            "a.ndjson",
            with(change("\"segments\":1", "\"segments\":-1")),
            "line 2, field data.segments: A quantity is not negative.",
        ),
        (
            "a.ndjson",
            with(change("BW-0077", "nobody")),
            "line 2, field subject: There is no sub-account with this id or external id.",
        ),
        (
            "a.ndjson",
            with(change(TIME, "yesterday")),
            "line 2, field time: Expected a time like 2026-11-22T16:10:09Z.",
        ),
        (
            "a.ndjson",
            with(change(TIME, "9999-01-01T00:00:00Z")),
            "line 2, field time: Usage is taken at most 5 minutes before it happens.",
        ),
        (
            "a.ndjson",
            with(change(&format!(r#""time":"{TIME}","#), "")),
            "line 2, field time: History says when it happened.",
        ),
        (
            "a.ndjson",
            with(change("\"x\"", "\"fine\"").replace(":1,", ":2,")),
            "line 2, field id: An event with this source and id, but other content, was taken before.",
        ),
        (
            "a.ndjson",
            with(format!("\n{}", " ".repeat(1024 * 1024))),
            "line 3: a line is at most 1 MiB",
        ),
        (
            "a.csv",
            row("2,twilio,sms.sent,BW-0077"),
            "line 3: the number of cells is not that of the header",
        ),
        (
            "a.csv",
            row(&format!("2,twilio,sms.sent,BW-0077,{TIME},\"1,000\"")),
            "line 3, column segments: A quantity is a number like 2 or 0.5.",
        ),
        (
            "a.csv",
            row(&format!("2,twilio,sms.sent,BW-0077,{TIME},")),
            "line 3, column segments: The price of this type counts segments, which is not in the data.",
        ),
        (
            "a.csv",
            row(&format!("2,twilio,sms.sent,,{TIME},1")),
            "line 3, column subject: This is needed.",
        ),
        (
            "a.csv",
            row("2,twilio,sms.sent,BW-0077,,1"),
            "line 3, column time: History says when it happened.",
        ),
        (
            "a.csv",
            "id,source,type,subject\n".to_owned(),
            "line 1, column time: the column is missing",
        ),
        (
            "a.csv",
            "id,source,type,subject,time,id\n".to_owned(),
            "line 1, column id: the column stands twice",
        ),
        ("a.csv", "id,source,type,subject,time,\n".to_owned(), "line 1: a column has no name"),
        (
            "a.csv",
            row(&format!("\"{}", "x,".repeat(1024 * 1024))),
            "a row is longer than 1 MiB; is a quote not closed?",
        ),
    ];
    for (name, text, said) in cases {
        house.write(name, text);
        for more in [&["--dry-run"][..], &[]] {
            let (code, out, error) = house.import(name, more).await;
            assert_eq!((code, out.as_str()), (1, ""), "{said}");
            assert!(error.contains(&format!("{name}: {said}")), "{said}: {error}");
        }
    }
    let mut latin = row("").into_bytes();
    latin.extend(b"2,twilio,sms.sent,M\xfcller,2024-02-29T10:00:00Z,1\n");
    house.write("a.csv", latin);
    let (code, _, error) = house.import("a.csv", &[]).await;
    assert_eq!(code, 1);
    assert!(error.contains("a.csv: line 4: this is not UTF-8"), "{error}");
    assert_eq!(house.import("nowhere.csv", &[]).await.0, 1);
    assert_eq!(house.books().await, (0, usd(0)));
    house.assert_sound().await;
}

#[tokio::test]
async fn after_a_wrong_line_it_goes_on_where_it_was() {
    let house = House::build().await;
    let mut text: Vec<_> = (0..3_000).map(|number| line(&number.to_string())).collect();
    text[2_345] = text[2_345].replace("BW-0077", "nobody");
    text[2_777] = "?".to_owned();
    house.write("events.ndjson", text.join("\n"));
    let (code, out, error) = house.import("events.ndjson", &["--dry-run"]).await;
    assert_eq!((code, out.as_str()), (1, ""));
    let told: Vec<_> = error.lines().map(|line| line.split(':').nth(1).unwrap().trim()).collect();
    assert_eq!(told, ["nothing was stored", "line 2346, field subject", "line 2778"]);

    let (code, _, error) = house.import("events.ndjson", &[]).await;
    let stored = "what stands before line 2001 is stored, and nothing else";
    assert!(code == 1 && error.contains("line 2778") && error.contains(stored), "{error}");
    assert_eq!(house.books().await, (2_000, usd(-2_000)));
    text[2_777] = line("2777");
    house.write("events.ndjson", text.join("\n"));
    let (code, _, error) = house.import("events.ndjson", &[]).await;
    assert!(code == 1 && error.starts_with("sluice: going on after line 2000\n"), "{error}");
    assert!(error.contains("line 2346, field subject"), "{error}");
    text[2_345] = line("2345");
    house.write("events.ndjson", text.join("\n"));
    let (code, out, _) = house.import("events.ndjson", &[]).await;
    assert_eq!((code, out.as_str()), (0, "imported 1000 events"));
    assert_eq!(house.books().await, (3_000, usd(-3_000)));
    house.assert_sound().await;
}

#[tokio::test]
async fn killed_in_the_middle_it_imports_every_event_once() {
    for (name, text) in [("events.ndjson", lines(30_000)), ("events.csv", table(30_000))] {
        let house = House::build().await;
        let file = house.write(name, text);
        let position = file.with_file_name(format!("{name}.sluice-position"));
        let agency = house.agency.to_string();
        let mut seen = 0;
        for kill in 1..=3 {
            let words = ["usage", "import", name, "--agency", &agency];
            let mut import = house.command(&words).stdout(Stdio::null()).spawn().unwrap();
            // Until it has come further than the one before it.
            while std::fs::metadata(&position).is_err() || house.books().await.0 <= seen {
                assert_eq!(import.try_wait().unwrap(), None, "it was done before kill {kill}");
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            import.kill().await.unwrap();
            let (events, balance) = house.books().await;
            println!("{name}: kill {kill} after {events} of 30000 events");
            assert!(events > seen && events < 30_000, "{events}");
            assert_eq!((events % 1_000, balance), (0, usd(-i64::try_from(events).unwrap())));
            seen = events;
        }
        let (code, _, error) = house.import(name, &[]).await;
        assert!(code == 0 && error.contains("going on after line"), "{error}");
        assert_eq!(house.books().await, (30_000, usd(-30_000)));
        assert!(!position.exists());
        house.assert_sound().await;
    }
}

#[tokio::test]
async fn a_position_of_something_else_costs_time_only() {
    let house = House::build().await;
    let file = house.write("events.ndjson", lines(3_000) + "?\n");
    let position = file.with_file_name("events.ndjson.sluice-position");
    assert_eq!(house.import("events.ndjson", &[]).await.0, 1);
    let kept = std::fs::read(&position).unwrap();

    // The same name, another content.
    let other: String = (0..1_500).map(|number| line(&format!("other {number}")) + "\n").collect();
    house.write("events.ndjson", other);
    let (code, out, error) = house.import("events.ndjson", &[]).await;
    assert_eq!((code, out.as_str()), (0, "imported 1500 events"));
    assert!(error.contains("is of another import; starting anew"), "{error}");
    // Nonsense.
    house.write("events.ndjson", lines(3_000));
    std::fs::write(&position, "nonsense").unwrap();
    let (code, out, _) = house.import("events.ndjson", &[]).await;
    assert_eq!((code, out.as_str()), (0, "imported 3000 events"));
    assert_eq!(house.books().await, (4_500, usd(-4_500)));

    // Another installation, whose agency is another one.
    let fresh = House::build().await;
    fresh.write("events.ndjson", lines(3_000));
    fresh.write("events.ndjson.sluice-position", kept);
    let (code, out, error) = fresh.import("events.ndjson", &[]).await;
    assert_eq!((code, out.as_str()), (0, "imported 3000 events"));
    assert!(error.contains("starting anew"), "{error}");
    assert_eq!(fresh.books().await, (3_000, usd(-3_000)));
    fresh.assert_sound().await;
}
