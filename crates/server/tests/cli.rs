//! The command line through the real binary: what it prints, and what it ends with.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop where it fails")]

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use server::deps::{Clock as _, SystemClock};
use tempfile::TempDir;

#[path = "support/database.rs"]
#[allow(dead_code, reason = "other suites use the rest")]
mod database;

use database::{Database, cluster};

/// The binary that `SLUICE_SANDBOX_BIN` names, or the one in this build's own folder.
fn sandbox() -> PathBuf {
    if let Some(path) = std::env::var_os("SLUICE_SANDBOX_BIN") {
        return path.into();
    }
    Path::new(env!("CARGO_BIN_EXE_sluice")).with_file_name("sluice-sandbox")
}

/// Where an operator sits: an empty folder, and a database in the cluster if there is one.
struct Desk {
    folder: TempDir,
    database: Option<Database>,
}

impl Desk {
    fn new() -> Self {
        Self { database: cluster().map(|_| Database::fresh()), ..Self::empty() }
    }

    /// Without a database.
    fn empty() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), database: None }
    }

    fn join(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Carries out a statement that goes around every guard.
    fn tamper(&self, statement: &str) {
        match &self.database {
            Some(database) => database.tamper(statement),
            None => {
                let database = rusqlite::Connection::open(self.join("sluice.db")).unwrap();
                database.execute_batch(statement).unwrap();
            }
        }
    }
}

fn sluice(desk: &Desk, words: &[&str]) -> Command {
    let folder = desk.folder.path();
    let mut command = Command::new(env!("CARGO_BIN_EXE_sluice"));
    command.args(words).current_dir(folder).env("SLUICE_SANDBOX_BIN", sandbox());
    command.env("TMPDIR", folder).stdin(Stdio::null());
    if let Some(database) = &desk.database {
        command.env("SLUICE_DATABASE_URL", database.url());
    }
    command
}

/// The exit code, standard output and standard error, without the line's end.
fn run(desk: &Desk, words: &[&str]) -> (i32, String, String) {
    let output = sluice(desk, words).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().trim_end().to_owned();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn done(desk: &Desk, words: &[&str]) -> String {
    let (code, out, error) = run(desk, words);
    assert_eq!((code, error.as_str()), (0, ""), "{words:?}");
    out
}

#[test]
fn an_operator_sets_an_agency_up_without_a_browser() {
    let desk = &Desk::new();
    let shown = match &desk.database {
        Some(database) => database.url().to_owned(),
        None => "sluice.db".to_owned(),
    };
    assert_eq!(done(desk, &["migrate"]), format!("{shown} is up to date"));
    let agency = done(desk, &["agency", "add", "--name", "Northwind"]);
    let credit =
        ["agency", "credit", "--agency", &agency, "--amount", "500.00", "--reference", "x"];
    assert_eq!(done(desk, &credit), "the balance is $500.00");
    assert_eq!(run(desk, &credit).0, 1, "the same reference again");

    let user = ["user", "add", "--agency", &agency, "--name", "Robin", "--email", "r@n.example"];
    let with = |password: &str| {
        let mut child = sluice(desk, &user)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        writeln!(child.stdin.take().unwrap(), "{password}").unwrap();
        child.wait_with_output().unwrap()
    };
    let short = with("short");
    assert_eq!(short.status.code(), Some(1));
    assert!(String::from_utf8(short.stderr).unwrap().contains("at least 12 characters"));
    assert!(String::from_utf8(with("correct horse battery").stdout).unwrap().starts_with("usr_"));
    let taken = String::from_utf8(with("correct horse battery").stderr).unwrap();
    assert_eq!(taken.trim_end(), "sluice: r@n.example belongs to a user already");

    std::fs::write(desk.join("a.csv"), "name,external_id\nAlder,A-1\nBay,B-2\n").unwrap();
    let import = ["import", "a.csv", "--agency", &agency];
    let dry = [&import[..], &["--dry-run"]].concat();
    assert_eq!(done(desk, &dry), "2 accounts could be imported; nothing was stored");
    assert_eq!(done(desk, &import), "imported 2 accounts");
    let (code, _, error) = run(desk, &import);
    assert_eq!(code, 1);
    assert!(error.starts_with("sluice: nothing was imported\na.csv: line 2, column external_id: "));

    let payment = "pay_01kmq8x1c5v7b9n2m4k6j8h0g3";
    let (code, _, error) = run(desk, &["payment", "look-again", payment]);
    assert_eq!((code, error), (1, format!("sluice: {payment} is not put aside")));

    let report = done(desk, &["verify", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["ok"], true, "{report}");
}

#[test]
fn what_was_not_meant_that_way_ends_with_2() {
    let desk = &Desk::empty();
    for words in [
        &["fly"][..],
        &["serve", "--listen", "here"],
        &["import", "a.csv"],
        &["payment", "look-again", "mine"],
        &["agency", "add", "--name", "x", "--currency", "XXX"],
        &["migrate", "--database-url", "mysql://localhost/x"],
        &["migrate", "--database-url", "postgres://localhost"],
    ] {
        assert_eq!(run(desk, words).0, 2, "{words:?}");
    }
    let (code, _, error) = run(desk, &["serve"]);
    assert_eq!(code, 2);
    assert!(error.contains("SLUICE_STRIPE_SECRET_KEY is not set"), "{error}");
    assert_eq!(run(desk, &["verify"]).0, 1, "no database");
    let output = sluice(desk, &["migrate"]).env("SLUICE_LISTN", "x").output().unwrap();
    let warning = String::from_utf8(output.stderr).unwrap();
    assert_eq!(warning, "sluice: warning: nothing here is called SLUICE_LISTN\n");
}

#[test]
fn data_that_is_not_as_it_must_be_ends_with_3() {
    let desk = &Desk::new();
    let agency = done(desk, &["agency", "add", "--name", "Northwind"]);
    done(desk, &["agency", "credit", "--agency", &agency, "--amount", "5.00", "--reference", "x"]);
    assert_eq!(run(desk, &["verify"]).0, 0);
    desk.tamper("UPDATE balances SET amount_micros = amount_micros + 1");
    let (code, out, _) = run(desk, &["verify"]);
    assert_eq!(code, 3, "{out}");
    assert!(out.contains("FAIL  a stored balance is the fold of its postings"), "{out}");
}

#[test]
fn a_demo_says_in_one_line_where_to_go_and_leaves_nothing_behind() {
    let desk = &Desk::new();
    let words = ["serve", "--demo", "--json", "--listen", "127.0.0.1:0"];
    let mut child = sluice(desk, &words).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let facts: serde_json::Value = serde_json::from_str(&line).unwrap();
    let text = |name: &str| facts[name].as_str().unwrap_or_else(|| panic!("{facts}")).to_owned();
    assert!(text("sign_in_url").starts_with(&format!("{}/demo/sign-in?token=", text("url"))));
    assert_eq!(text("mailbox_url"), format!("{}/demo/mailbox", text("url")));
    assert!(text("agency_id").starts_with("agy_") && text("api_key").starts_with("sluice_"));
    let get = |url: &str, path: &str| {
        let host = url.strip_prefix("http://").unwrap().to_owned();
        let mut stream = TcpStream::connect(&host)?;
        write!(stream, "GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).map(|_| answer)
    };
    let ready = get(&text("url"), "/readyz").unwrap();
    assert!(ready.starts_with("HTTP/1.1 200"), "{ready}");
    let mailbox = get(&text("url"), "/demo/mailbox.json").unwrap();
    assert!(mailbox.starts_with("HTTP/1.1 200"), "{mailbox}");
    // A letter is as old as its request, which is good for a week.
    let (_, letters) = mailbox.split_once("\r\n\r\n").unwrap();
    let letters: Vec<serde_json::Value> = serde_json::from_str(letters).unwrap();
    let hours_ago = |to: &str| {
        let letter = letters.iter().find(|letter| letter["to"] == to).unwrap();
        let at: billing::Timestamp = serde_json::from_value(letter["at"].clone()).unwrap();
        SystemClock.now().since(at).as_secs() / 3600
    };
    assert_eq!(hours_ago("dana@brightwater.example"), 47);
    assert_eq!(hours_ago("marco@dunefitness.example"), 26);

    let stop = Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert!(stop.success());
    let status = child.wait().unwrap();
    assert!(status.success(), "{status}");
    assert!(get(&text("sandbox_url"), "/").is_err(), "the sandbox ends with it");
    assert_eq!(std::fs::read_dir(desk.folder.path()).unwrap().count(), 0);
}
