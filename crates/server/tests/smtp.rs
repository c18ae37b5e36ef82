//! Letters to a real SMTP server (aiosmtpd), read by a parser that is not ours (Python's).
//!
//! `SLUICE_PYTHON` names a Python that has what `requirements.txt` says; `cargo xtask test` makes one.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test that cannot go on has failed"
)]

use std::{process::Stdio, time::Duration};

use billing::{
    Currency, Money, Timestamp,
    text::{EmailAddress, MessageText, Name},
};
use serde_json::Value;
use server::mail::{
    Mail, MailError, Mailer as _, Picture,
    compose::{Facts, LetterContent, Look, compose},
    smtp::{Smtp, mime},
};
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    net::TcpListener,
    process::{Child, ChildStdout, Command},
};

const FROM: &str = "billing@northwind.example";

struct Sink {
    url: String,
    lines: Lines<BufReader<ChildStdout>>,
    _process: Child,
}

impl Sink {
    async fn start() -> Self {
        let Some(python) = std::env::var_os("SLUICE_PYTHON") else {
            panic!(
                "SLUICE_PYTHON is not set: it names a Python with crates/server/tests/requirements.txt \
                 installed (python3 -m venv V && V/bin/pip install -r …; SLUICE_PYTHON=V/bin/python)"
            );
        };
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/smtp_sink.py");
        let mut process = Command::new(&python)
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("{} does not start: {error}", python.display()));
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let line = lines.next_line().await.unwrap().expect("aiosmtpd is not in this Python");
        let told: Value = serde_json::from_str(&line).unwrap();
        Self { url: format!("smtp://127.0.0.1:{}", told["port"]), lines, _process: process }
    }

    fn smtp(&self) -> Smtp {
        Smtp::from_url(&self.url, FROM).unwrap()
    }

    async fn next(&mut self) -> Value {
        let line = tokio::time::timeout(Duration::from_secs(10), self.lines.next_line()).await;
        serde_json::from_str(&line.unwrap().unwrap().unwrap()).unwrap()
    }
}

fn header<'a>(letter: &'a Value, name: &str) -> Vec<&'a str> {
    letter["headers"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|header| header[0].as_str().unwrap().eq_ignore_ascii_case(name))
        .map(|header| header[1].as_str().unwrap())
        .collect()
}

fn mail() -> Mail {
    Mail {
        message_id: "mail_01m820b9q8".to_owned(),
        from_name: "Northwind Media".to_owned(),
        to: "dana@brightwater.co".to_owned(),
        subject: "Set up billing".to_owned(),
        text: "Hi Dana".to_owned(),
        html: "<p>Hi Dana</p>".to_owned(),
        logo: None,
    }
}

#[tokio::test]
async fn a_billing_request_arrives_whole() {
    let mut sink = Sink::start().await;
    let link = format!("https://billing.example/pay#t={}", "Ab_-".repeat(11));
    let letter = LetterContent {
        message_id: "mail_01m820b9q8".to_owned(),
        to: EmailAddress::parse("dana@brightwater.co").unwrap(),
        agency: Name::parse("Søren, \"Finch\" & <Sons>").unwrap(),
        account: Name::parse("Brightwater Plumbing – 水").unwrap(),
        facts: Facts::BillingRequest {
            message: MessageText::parse("Hi Dana 👋,\n\n.\n=3D\nFrom here on\nyours").unwrap(),
            starting_balance: Money::from_micros(100_000_000, Currency::Usd),
            usage: None,
            minimum: Money::from_micros(25_000_000, Currency::Usd),
            link: link.clone(),
            expires_at: Timestamp::from_millis(1_795_968_609_000),
        },
        look: Look::default(),
    };
    let mail = compose(&letter).unwrap();
    sink.smtp().send(&mail).await.unwrap();
    let got = sink.next().await;

    assert_eq!(got["defects"], serde_json::json!([]));
    assert_eq!(got["mail_from"], FROM);
    assert_eq!(got["rcpt_tos"], serde_json::json!(["dana@brightwater.co"]));
    assert_eq!(got["from_name"], "Søren, \"Finch\" & <Sons>");
    assert_eq!(got["from_address"], FROM);
    assert_eq!(header(&got, "To"), ["dana@brightwater.co"]);
    assert_eq!(header(&got, "Subject"), ["Set up billing for Brightwater Plumbing – 水"]);
    assert_eq!(header(&got, "Message-ID"), ["<mail_01m820b9q8@northwind.example>"]);
    assert_eq!(header(&got, "Auto-Submitted"), ["auto-generated"]);
    assert_eq!(header(&got, "Date").len(), 1);
    assert_eq!(got["type"], "multipart/alternative");
    let part = |index: usize| {
        let text = got["parts"][index][1].as_str().unwrap().replace("\r\n", "\n");
        (got["parts"][index][0].as_str().unwrap().to_owned(), text)
    };
    let ((plain, text), (html_type, html)) = (part(0), part(1));
    assert_eq!((plain.as_str(), html_type.as_str()), ("text/plain", "text/html"));
    assert_eq!(text.trim_end(), mail.text.trim_end());
    assert_eq!(html.trim_end(), mail.html.trim_end());
    assert!(text.lines().any(|line| line == link) && html.contains(&link));
    assert_eq!(got["parts"].as_array().unwrap().len(), 2);

    let raw = got["raw"].as_str().unwrap();
    assert!(raw.is_ascii() && raw.lines().all(|line| line.len() <= 998));
    // Nothing that would tell where the server runs, or what it runs: and what stands in them is asserted above.
    let mut names: Vec<&str> = got["headers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|header| header[0].as_str().unwrap())
        .collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "Auto-Submitted",
            "Content-Type",
            "Date",
            "From",
            "MIME-Version",
            "Message-ID",
            "Subject",
            "To"
        ]
    );
}

#[test]
fn a_logo_travels_beside_the_html_that_names_it() {
    let logo = Some(Picture { media_type: "image/png", bytes: b"\x89PNG".to_vec() });
    let html = "<img src=\"cid:logo\">".to_owned();
    let bytes = mime(&Mail { html, logo, ..mail() }, FROM).unwrap();
    let raw = String::from_utf8(bytes).unwrap();
    let place = |what: &str| raw.find(what).unwrap_or_else(|| panic!("{what} in {raw}"));
    assert!(place("multipart/alternative") < place("text/plain"));
    assert!(place("text/plain") < place("multipart/related"));
    assert!(place("multipart/related") < place("text/html"));
    assert!(place("text/html") < place("image/png"));
    assert!(place("Content-ID: <logo>") > 0 && place("Content-Disposition: inline") > 0);
    assert!(place("iVBORw==") > 0);
}

#[tokio::test]
async fn no_header_can_be_smuggled_in() {
    let mut sink = Sink::start().await;
    for bad in ["\r\n", "\n", "\r", "\0", "\u{85}", "\u{2028}"] {
        let inject = format!("A{bad}Bcc: eve@evil.example{bad}{bad}<p>body</p>");
        let mail = Mail { from_name: inject.clone(), subject: inject, ..mail() };
        sink.smtp().send(&mail).await.unwrap();
        let got = sink.next().await;
        assert_eq!(got["rcpt_tos"], serde_json::json!(["dana@brightwater.co"]), "{bad:?}");
        assert_eq!(header(&got, "Bcc"), [""; 0], "{bad:?}");
        assert_eq!(header(&got, "Subject"), ["A Bcc: eve@evil.example <p>body</p>"], "{bad:?}");
        assert_eq!(got["from_name"], "A Bcc: eve@evil.example <p>body</p>", "{bad:?}");
        assert_eq!(got["parts"][0][1].as_str().unwrap().trim_end(), "Hi Dana", "{bad:?}");
    }
    for bad in ["dana@x.co\r\nBcc: eve@evil.example", "dana@x.co, eve@evil.example", "", "dana"] {
        let refused = sink.smtp().send(&Mail { to: bad.to_owned(), ..mail() }).await;
        assert!(matches!(refused, Err(MailError::Refused(_))), "{bad:?}: {refused:?}");
    }
    for bad in ["", "a b", "a>\r\nBcc: eve@evil.example", "a@b"] {
        let refused = mime(&Mail { message_id: bad.to_owned(), ..mail() }, FROM);
        assert!(matches!(refused, Err(MailError::Refused(_))), "{bad:?}");
    }
}

#[tokio::test]
async fn long_and_foreign_names_are_cut_and_arrive() {
    let mut sink = Sink::start().await;
    for name in ["🦊".repeat(200), "a".repeat(500), "水 ".repeat(200), "\\\"".repeat(100)] {
        let mail = Mail { from_name: name.clone(), subject: name.repeat(3), ..mail() };
        sink.smtp().send(&mail).await.unwrap();
        let got = sink.next().await;
        // Python's parser puts a space where a name's encoding was folded, which RFC 2047 §6.2 forbids.
        let solid = |text: &str| text.replace(' ', "");
        let (shown, name) = (solid(got["from_name"].as_str().unwrap()), solid(&name));
        let subject = solid(header(&got, "Subject")[0]);
        assert!(name.starts_with(&shown) && shown.chars().count() >= 50, "{shown}");
        assert!(subject.starts_with(&shown) && subject.len() > shown.len(), "{subject}");
        assert!(got["raw"].as_str().unwrap().lines().all(|line| line.len() <= 998));
    }
}

#[tokio::test]
async fn a_line_with_a_single_dot_does_not_end_the_letter() {
    let mut sink = Sink::start().await;
    let text = "before\n.\n..\nRCPT TO:<eve@evil.example>\r\n.\r\nQUIT\nafter";
    sink.smtp().send(&Mail { text: text.to_owned(), ..mail() }).await.unwrap();
    let got = sink.next().await;
    let arrived = got["parts"][0][1].as_str().unwrap().replace("\r\n", "\n");
    assert_eq!(arrived.trim_end(), text.replace("\r\n", "\n"));
}

#[tokio::test]
async fn what_the_server_says_decides_whether_it_is_tried_again() {
    let sink = Sink::start().await;
    let send = async |to: &str, subject: &str| {
        let mail = Mail { to: to.to_owned(), subject: subject.to_owned(), ..mail() };
        sink.smtp().send(&mail).await
    };
    let refused = |code: u16| Err(MailError::Refused(format!("the mail server said {code}")));
    assert_eq!(send("refused@x.example", "Hi").await, refused(550));
    assert_eq!(send("dana@x.example", "spam").await, refused(554));
    let later = MailError::TryLater("the mail server said 451".to_owned());
    assert_eq!(send("later@x.example", "Hi").await, Err(later));
    assert_eq!(send("dana@x.example", "Hi").await, Ok(()));
}

#[tokio::test]
async fn a_server_that_is_away_or_silent_is_tried_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let smtp = Smtp::from_url(&url, FROM).unwrap().timeout(Duration::from_millis(300));
    let silent = smtp.send(&mail()).await;
    assert!(matches!(silent, Err(MailError::TryLater(_))), "{silent:?}");
    drop(listener);
    let away = smtp.send(&mail()).await;
    assert!(matches!(away, Err(MailError::TryLater(_))), "{away:?}");
}

#[tokio::test]
async fn a_server_without_the_tls_that_is_wanted_gets_nothing() {
    let mut sink = Sink::start().await;
    let smtp = Smtp::from_url(&format!("{}?tls=required", sink.url), FROM).unwrap();
    let outcome = smtp.send(&mail()).await;
    assert!(matches!(outcome, Err(MailError::TryLater(_))), "{outcome:?}");
    sink.smtp().send(&Mail { subject: "In the clear".to_owned(), ..mail() }).await.unwrap();
    assert_eq!(header(&sink.next().await, "Subject"), ["In the clear"]);
}
