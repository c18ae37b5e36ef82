//! `sluice doctor` against a real gateway, mail server and server; and what `sluice serve` refuses.

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
#[path = "support/python.rs"]
mod python;
#[path = "support/sandbox.rs"]
mod sandbox;

use std::{collections::BTreeMap, time::Duration};

use process::{House, Server};
use python::Python;
use sandbox::Sandbox;
use serde_json::{Value, json};

/// Nobody listens there.
const NOBODY: &str = "http://127.0.0.1:9";

/// An installation with everything that it needs.
struct Ground {
    house: House,
    server: Server,
    sandbox: Sandbox,
    sink: Python,
    mail: String,
}

impl Ground {
    async fn build() -> Self {
        let house = House::build().await;
        let server = house.serve().await;
        let mut sink = Python::start("smtp_sink.py", &[]);
        let mail = format!("smtp://127.0.0.1:{}", sink.port().await);
        Self { house, server, sandbox: Sandbox::start().await, sink, mail }
    }

    /// Has the gateway send such events to the server.
    async fn hears(&self, events: &str) {
        let body =
            format!("url={}/api/v1/webhooks/stripe&enabled_events[]={events}", self.server.url);
        let authorization = format!("Bearer {}", self.sandbox.config.secret_key.0);
        let made = reqwest::Client::new()
            .post(format!("{}/v1/webhook_endpoints", self.sandbox.config.api_url))
            .header("Authorization", authorization)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(body)
            .send();
        assert_eq!(made.await.unwrap().status(), 200);
    }

    /// Settings that are right, but for these.
    fn settings(&self, but: &[(&'static str, &str)]) -> BTreeMap<&'static str, String> {
        let gateway = &self.sandbox.config;
        let right = [
            ("SLUICE_STRIPE_API_URL", gateway.api_url.clone()),
            ("SLUICE_STRIPE_SECRET_KEY", gateway.secret_key.0.clone()),
            ("SLUICE_STRIPE_PUBLISHABLE_KEY", gateway.publishable_key.clone()),
            ("SLUICE_STRIPE_WEBHOOK_SECRET", "whsec_test".to_owned()),
            ("SLUICE_PUBLIC_URL", self.server.url.clone()),
            ("SLUICE_MAIL_URL", self.mail.clone()),
            ("SLUICE_MAIL_FROM", "billing@northwind.example".to_owned()),
        ];
        right
            .into_iter()
            .chain(but.iter().map(|(name, value)| (*name, (*value).to_owned())))
            .collect()
    }

    /// Exit code and output.
    async fn doctor(&self, but: &[(&'static str, &str)], words: &[&str]) -> (i32, String) {
        let mut command = self.house.command(&[&["doctor"], words].concat());
        let output = command.envs(self.settings(but)).output().await.unwrap();
        let out = String::from_utf8(output.stdout).unwrap();
        (output.status.code().unwrap(), out)
    }
}

#[tokio::test]
async fn an_installation_that_is_right_is_told_so() {
    let mut ground = Ground::build().await;
    ground.hears("*").await;
    let (code, out) = ground.doctor(&[], &["--json", "--mail-to", "dana@brightwater.co"]).await;
    let told: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &told["ok"]), (0, &json!(true)), "{told:#}");
    let findings = told["findings"].as_array().unwrap();
    let subjects: Vec<_> = findings.iter().map(|row| row["subject"].as_str().unwrap()).collect();
    assert_eq!(
        subjects,
        [
            "gateway keys",
            "clock",
            "webhook",
            "webhook events",
            "public URL",
            "mail",
            "test letter",
            "database"
        ]
    );
    assert!(findings.iter().all(|row| row["ok"] == true && row["remedy"].is_null()), "{told:#}");
    let letter = ground.sink.told().await;
    assert_eq!(letter["rcpt_tos"], json!(["dana@brightwater.co"]));
    assert_eq!(letter["defects"], json!([]));

    let (code, table) = ground.doctor(&[], &[]).await;
    assert_eq!((code, table.lines().count()), (0, 7), "{table}");
    assert!(table.lines().all(|line| line.starts_with("ok  ")), "{table}");
    for secret in [ground.sandbox.config.secret_key.0.as_str(), "whsec_test"] {
        assert!(!table.contains(secret), "{table}");
    }
}

#[tokio::test]
async fn events_that_the_gateway_does_not_send_are_named() {
    let ground = Ground::build().await;
    let (code, table) = ground.doctor(&[], &[]).await;
    assert!(code == 0 && table.contains("forward them, with `stripe listen`"), "{table}");
    ground.hears("payment_intent.succeeded").await;
    let (code, table) = ground.doctor(&[], &[]).await;
    assert!(code == 1 && table.contains("\nFIX   webhook events  "), "{table}");
    assert!(table.contains(", charge.dispute.created, "), "{table}");
    assert!(!table.contains("payment_intent.succeeded"), "{table}");
    ground.hears("*").await;
    assert_eq!(ground.doctor(&[], &[]).await.0, 0);
}

#[tokio::test]
async fn what_is_wrong_is_told_with_what_to_do() {
    let ground = Ground::build().await;
    for (but, subject, words) in [
        (("SLUICE_STRIPE_API_URL", NOBODY), "gateway keys", "cannot be reached"),
        (
            ("SLUICE_STRIPE_SECRET_KEY", "sk_test_other"),
            "gateway keys",
            "does not know the secret key",
        ),
        (
            ("SLUICE_STRIPE_PUBLISHABLE_KEY", "sk_test_x"),
            "gateway keys",
            "every browser would be told it",
        ),
        (("SLUICE_STRIPE_WEBHOOK_SECRET", "secret"), "webhook", "it begins with whsec_"),
        (("SLUICE_PUBLIC_URL", NOBODY), "public URL", "nobody is there"),
        (("SLUICE_PUBLIC_URL", NOBODY), "webhook", "nobody is there"),
        (
            ("SLUICE_PUBLIC_URL", &ground.sandbox.config.api_url),
            "webhook",
            "not how Sluice answers",
        ),
        (("SLUICE_PUBLIC_URL", "http://billing.example"), "public URL", "is not encrypted"),
        (("SLUICE_PUBLIC_URL", "billing.example"), "public URL", "expected https://HOST"),
        (("SLUICE_MAIL_URL", "smtp://127.0.0.1:9"), "mail", "cannot be reached"),
        (("SLUICE_MAIL_URL", "smtp://u:p@mail.example"), "mail", "over TLS only"),
        (("SLUICE_MAIL_CA_FILE", "/none.pem"), "mail", "/none.pem"),
        (("SLUICE_DATABASE_URL", "sqlite:none.db"), "database", "nothing of ours"),
        (("SLUICE_LIVE", "true"), "gateway keys", "--live is set"),
    ] {
        let (code, out) = ground.doctor(&[but], &["--json"]).await;
        let told: Value = serde_json::from_str(&out).unwrap();
        assert_eq!((code, &told["ok"]), (1, &json!(false)), "{but:?}: {told:#}");
        let found = told["findings"].as_array().unwrap().iter().find(|row| {
            row["subject"] == subject && row["detail"].as_str().unwrap().contains(words)
        });
        let found = found.unwrap_or_else(|| panic!("{but:?}: {told:#}"));
        assert!(found["ok"] == false && found["remedy"].is_string(), "{found}");
    }
    assert!(!ground.house.folder.path().join("none.db").exists(), "looking makes nothing");
    let (_, table) = ground.doctor(&[("SLUICE_MAIL_URL", "smtp://127.0.0.1:9")], &[]).await;
    assert!(table.contains("\nFIX   mail            127.0.0.1:9: "), "{table}");
    assert!(table.contains("→ Check host, port"), "{table}");
}

#[tokio::test]
async fn serve_refuses_what_must_not_be_meant() {
    let house = House::build().await;
    let real = [
        ("SLUICE_STRIPE_SECRET_KEY", "sk_test_4eC39HqLyjWDarjtT1zdp7dc"),
        ("SLUICE_STRIPE_PUBLISHABLE_KEY", "pk_test_TYooMQauvdEDq54NiTphI7jx"),
        ("SLUICE_STRIPE_WEBHOOK_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
        ("SLUICE_DATABASE_URL", "sqlite:new.db"),
    ];
    for (but, words) in [
        (&[("SLUICE_PUBLIC_URL", "http://billing.example")][..], "is not encrypted"),
        (&[("SLUICE_LISTEN", "0.0.0.0:0")], "is not encrypted"),
        (&[("SLUICE_LIVE", "true")], "--live is set, and the gateway's keys are test keys"),
        (
            &[("SLUICE_STRIPE_SECRET_KEY", "rk_live_4eC39HqLyjWDarjtT1zdp7dc")],
            "is a test key, and the other is not",
        ),
        (&[("SLUICE_STRIPE_WEBHOOK_SECRET", "whsec_test")], "whoever guesses it"),
        (&[("SLUICE_STRIPE_SECRET_KEY", "sk_test_sandbox")], "a stand-in"),
        (&[("SLUICE_LIVE", "true"), ("SLUICE_DEMO", "true")], "cannot be used with"),
    ] {
        let mut command = house.command(&["serve", "--listen", "127.0.0.1:0"]);
        if but[0].0 == "SLUICE_LISTEN" {
            command = house.command(&["serve"]);
        }
        let refused = command.envs(real).envs(but.iter().copied()).output();
        let output = tokio::time::timeout(Duration::from_secs(30), refused).await;
        let output = output.unwrap_or_else(|_| panic!("{but:?} was served")).unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(told.contains(words), "{but:?}: {told}");
        assert!(!told.contains("4eC39HqLyjWDarjtT1zdp7dc"), "{told}");
    }
    assert!(!house.folder.path().join("new.db").exists());
}
