//! The server process is killed between each pair of steps of pay-then-flip, started again, and left to itself: one charge,
//! one flip, money conserved, letters sent once. Nothing in the server knows of these tests: the sandbox holds it at the step,
//! the operating system kills it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    dead_code,
    missing_docs,
    reason = "a test that cannot go on has failed; the support files serve several suites"
)]

#[path = "support/sandbox.rs"]
mod sandbox;

use std::{path::PathBuf, process::Stdio, time::Duration};

use reqwest::{Method, StatusCode, header};
use sandbox::Sandbox;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    process::{Child, Command},
    time::{sleep, timeout},
};

const PASSWORD: &str = "a password of the crash test";
/// Nobody listens there.
const NO_MAIL_SERVER: &str = "smtp://127.0.0.1:1";
const PATIENCE: Duration = Duration::from_secs(30);

/// Where the gateway holds the server when it is killed.
struct Step {
    name: &'static str,
    method: &'static str,
    path: &'static str,
    fault: &'static str,
    /// The intent was not committed yet: the customer has to press the button again.
    pays_again: bool,
}

const STEPS: [Step; 6] = [
    Step {
        name: "before the intent is committed",
        method: "GET",
        path: "/v1/confirmation_tokens/*",
        fault: "timeout_without_effect",
        pays_again: true,
    },
    Step {
        name: "after the intent, before the gateway has a customer",
        method: "POST",
        path: "/v1/customers",
        fault: "timeout_without_effect",
        pays_again: false,
    },
    Step {
        name: "after the gateway made the customer, before we know it",
        method: "POST",
        path: "/v1/customers",
        fault: "timeout_with_effect",
        pays_again: false,
    },
    Step {
        name: "before the charge",
        method: "POST",
        path: "/v1/payment_intents",
        fault: "timeout_without_effect",
        pays_again: false,
    },
    Step {
        name: "after the charge, before its answer",
        method: "POST",
        path: "/v1/payment_intents",
        fault: "timeout_with_effect",
        pays_again: false,
    },
    Step {
        name: "after a charge that was answered with 500",
        method: "POST",
        path: "/v1/payment_intents",
        fault: "error_500_with_effect",
        pays_again: false,
    },
];

#[tokio::test]
async fn killed_at_every_step_it_charges_once_and_flips_once() {
    for step in STEPS {
        let house = House::build().await;
        let server = house.serve(None).await;
        let agent = server.sign_in().await;
        let account = agent.account().await;
        let token = agent.ask(&account).await;
        let fault = json!({
            "method": step.method, "path": step.path, "fault": step.fault, "delay_ms": 20_000, "times": 1,
        });
        house.sandbox.send(Method::POST, "/_sandbox/faults", fault.to_string()).await;
        let paying = tokio::spawn(server.pay(&token, house.sandbox.token("visa").await));
        house.until_the_fault_fires(&step).await;
        server.kill().await;
        let _ = paying.await;
        house.sandbox.send(Method::DELETE, "/_sandbox/faults", String::new()).await;

        let server = house.serve(None).await;
        let agent = server.sign_in().await;
        if step.pays_again {
            assert_eq!(agent.account().await["funding"]["state"], "requested", "{}", step.name);
            server.pay(&token, house.sandbox.token("visa").await).await;
        }
        agent.until_the_customer_pays(step.name).await;
        house.assert_paid_once(&agent, &account, step.name).await;
        server.kill().await;
        house.assert_sound(step.name).await;
    }
}

#[tokio::test]
async fn killed_after_the_flip_it_still_sends_each_letter_once() {
    let house = House::build().await;
    let server = house.serve(Some(NO_MAIL_SERVER)).await;
    let agent = server.sign_in().await;
    let account = agent.account().await;
    let token = agent.ask(&account).await;
    server.pay(&token, house.sandbox.token("visa").await).await;
    agent.until_the_customer_pays("mail is away").await;
    server.kill().await;

    let server = house.serve(None).await;
    let sent = async {
        while house.mails().await.len() < 2 {
            sleep(Duration::from_millis(100)).await;
        }
    };
    timeout(PATIENCE, sent).await.expect("nobody sends them");
    server.kill().await;
    // Once more, so that what the second start does again would show.
    let server = house.serve(None).await;
    sleep(Duration::from_secs(7)).await;
    server.kill().await;
    let mails = house.mails().await;
    let mut subjects = mails.clone();
    subjects.sort();
    subjects.dedup();
    assert_eq!(subjects.len(), mails.len(), "{subjects:#?}");
    let to = |who: &str| subjects.iter().filter(|line| line.starts_with(who)).count();
    assert_eq!((to("dana@"), to("robin@")), (1, 1), "receipt and notice: {subjects:#?}");
    house.assert_sound("mail was away").await;
}

/// An installation on disk, and its gateway.
struct House {
    folder: TempDir,
    sandbox: Sandbox,
}

impl House {
    async fn build() -> Self {
        let house = Self { folder: tempfile::tempdir().unwrap(), sandbox: Sandbox::start().await };
        let agency = house.run(&["agency", "add", "--name", "Northwind Media"], "").await;
        let agency = agency.trim();
        let user = ["--name", "Robin Hale", "--email", "robin@northwind.example"];
        let mut arguments = vec!["user", "add", "--agency", agency];
        arguments.extend(user);
        house.run(&arguments, PASSWORD).await;
        let csv = house.folder.path().join("accounts.csv");
        std::fs::write(&csv, "external_id,name\nBW-0077,Brightwater Plumbing\n").unwrap();
        house.run(&["import", csv.to_str().unwrap(), "--agency", agency], "").await;
        house
    }

    fn database(&self) -> PathBuf {
        self.folder.path().join("sluice.db")
    }

    /// Whom letters went to, and their subjects.
    async fn mails(&self) -> Vec<String> {
        let store = server::storage::sqlite::open(&self.database()).unwrap().store;
        let mails = store.read(|tx| tx.mails(100)).await;
        let mails = mails.map_err(|error: server::storage::StorageError| error).unwrap();
        mails.iter().map(|row| format!("{}: {}", row.mail.to, row.mail.subject)).collect()
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sluice"));
        command
            .env("SLUICE_DATABASE_URL", format!("sqlite:{}", self.database().display()))
            .env("SLUICE_STRIPE_API_URL", &self.sandbox.config.api_url)
            .env("SLUICE_STRIPE_SECRET_KEY", &self.sandbox.config.secret_key.0)
            .kill_on_drop(true);
        command
    }

    async fn run(&self, arguments: &[&str], input: &str) -> String {
        let mut child = self
            .command()
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).await.unwrap();
        let output = child.wait_with_output().await.unwrap();
        assert!(output.status.success(), "{arguments:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    async fn serve(&self, mail: Option<&str>) -> Server {
        let gateway = &self.sandbox.config;
        let mut command = self.command();
        command
            .args(["serve", "--json", "--listen", "127.0.0.1:0"])
            .env("SLUICE_STRIPE_SCRIPT_URL", &gateway.script_url)
            .env("SLUICE_STRIPE_PUBLISHABLE_KEY", &gateway.publishable_key)
            .env("SLUICE_STRIPE_WEBHOOK_SECRET", "whsec_crash")
            .env("SLUICE_MAIL_FROM", "billing@sluice.example")
            .stdout(Stdio::piped());
        if let Some(url) = mail {
            command.env("SLUICE_MAIL_URL", url);
        }
        let mut process = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).await.unwrap();
        let told: Value = serde_json::from_str(&line).unwrap();
        Server { url: told["url"].as_str().unwrap().to_owned(), process }
    }

    async fn until_the_fault_fires(&self, step: &Step) {
        let fired = async {
            loop {
                let faults =
                    self.sandbox.send(Method::GET, "/_sandbox/faults", String::new()).await;
                if faults.to_string().contains(r#""fired":1"#) {
                    return;
                }
                sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(PATIENCE, fired).await.unwrap_or_else(|_| panic!("never {}", step.name));
        // An effect, and the commit of what is known before it, take a moment.
        sleep(Duration::from_millis(200)).await;
    }

    async fn assert_paid_once(&self, agent: &Agent, account: &Value, when: &str) {
        let now = agent.account().await;
        assert_eq!(now["customer_balance"]["amount"], "100.00", "{when}");
        let path = format!("/accounts/{}/funding-timeline", account["id"].as_str().unwrap());
        let timeline = agent.get(&path).await;
        let events = timeline["events"].as_array().unwrap();
        let named = |name: &str| events.iter().filter(|event| event["event"] == name).count();
        assert_eq!(named("switched_to_customer"), 1, "{when}: {timeline:#}");
        assert_eq!(named("payment_credited"), 1, "{when}: {timeline:#}");
        let books = self.sandbox.books().await;
        assert_eq!(books["totals"]["usd"]["captured"], 10_000, "{when}: {books:#}");
        assert_eq!(books["payment_intents"].as_array().unwrap().len(), 1, "{when}: {books:#}");
    }

    async fn assert_sound(&self, when: &str) {
        for check in ["verify", "reconcile"] {
            let report = self.run(&[check, "--json"], "").await;
            let report: Value = serde_json::from_str(&report).unwrap();
            assert_eq!(report["ok"], true, "{when}: {report:#}");
        }
    }
}

/// A running server.
struct Server {
    url: String,
    process: Child,
}

impl Server {
    /// As a power cut would.
    async fn kill(mut self) {
        self.process.kill().await.unwrap();
    }

    async fn sign_in(&self) -> Agent {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let body = json!({ "email": "robin@northwind.example", "password": PASSWORD });
        let answer = http
            .post(format!("{}/api/v1/session", self.url))
            .header(header::CONTENT_TYPE, "application/json")
            .body(body.to_string())
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        let cookie = answer.headers()[header::SET_COOKIE].to_str().unwrap();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        Agent { http, url: self.url.clone(), cookie }
    }

    /// Presses the button of the pay page; the answer may never come.
    fn pay(&self, token: &str, confirmation_token: String) -> impl Future<Output = ()> + use<> {
        let body = json!({
            "amount": { "amount": "100.00", "currency": "USD" }, "confirmation_token": confirmation_token,
        });
        let request = reqwest::Client::builder()
            .no_proxy()
            .build()
            .unwrap()
            .post(format!("{}/api/v1/pay/payments", self.url))
            .bearer_auth(token)
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", format!("key-{}", body["confirmation_token"]))
            .body(body.to_string());
        async move {
            let _ = request.send().await;
        }
    }
}

/// The agency's owner, signed in.
struct Agent {
    http: reqwest::Client,
    url: String,
    cookie: String,
}

impl Agent {
    async fn get(&self, path: &str) -> Value {
        let url = format!("{}/api/v1{path}", self.url);
        let answer = self.http.get(url).header(header::COOKIE, &self.cookie).send().await.unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap()
    }

    async fn post(&self, path: &str, version: &Value, body: &Value) -> Value {
        let answer = self
            .http
            .post(format!("{}/api/v1{path}", self.url))
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::IF_MATCH, format!("\"{version}\""))
            .header("idempotency-key", "once")
            .body(body.to_string())
            .send()
            .await
            .unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap()
    }

    async fn account(&self) -> Value {
        self.get("/accounts").await["accounts"][0].clone()
    }

    /// Asks the customer to take over; answers the token of a copied link.
    async fn ask(&self, account: &Value) -> String {
        let base = format!("/accounts/{}/billing-requests", account["id"].as_str().unwrap());
        let body = json!({
            "email": "dana@brightwater.example", "message": "Hi Dana",
            "starting_balance": { "amount": "100.00", "currency": "USD" },
        });
        let asked = self.post(&base, &account["funding"]["version"], &body).await;
        let funding = &asked["account"]["funding"];
        let request = funding["request"]["id"].as_str().unwrap();
        let path = format!("{base}/{request}/links");
        let link = self.post(&path, &funding["version"], &json!({})).await;
        link["url"].as_str().unwrap().split_once("#t=").unwrap().1.to_owned()
    }

    async fn until_the_customer_pays(&self, when: &str) {
        let flipped = async {
            while self.account().await["funding"]["state"] != "customer" {
                sleep(Duration::from_millis(100)).await;
            }
        };
        let flipped = timeout(PATIENCE, flipped).await;
        assert!(flipped.is_ok(), "{when}: {:#}", self.account().await);
    }
}
