//! A demo as a process of its own, and whoever asks it.

use std::{
    process::Stdio,
    sync::atomic::{AtomicU64, Ordering},
};

use reqwest::{Client, Method};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

/// The password of everybody in the demo.
const PASSWORD: &str = "northwind-demo-2026";

/// A running demo.
pub struct Demo {
    pub url: String,
    pub sandbox_url: String,
    /// Has every scope.
    pub key: String,
    http: Client,
    count: AtomicU64,
    _process: Child,
}

/// Somebody with a session, or a machine with a key: the header that says so.
pub struct Credentials {
    pub name: &'static str,
    pub value: String,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        assert!(self.status < 300, "{self:?}");
        serde_json::from_str(&self.text).unwrap()
    }
}

impl Demo {
    pub async fn start() -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_sluice"))
            .args(["serve", "--demo", "--json", "--listen", "127.0.0.1:0"])
            .env_remove("SLUICE_DATABASE_URL")
            .env("SLUICE_LOG", "error")
            // Whoever calls here calls often; that it is counted is another test's.
            .env("SLUICE_RATE_PEER", "100000")
            .env("SLUICE_RATE_CALLER", "100000")
            .env("SLUICE_RATE_AGENCY", "100000")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).await.unwrap();
        let told: Value = serde_json::from_str(&line)
            .unwrap_or_else(|error| panic!("the demo did not start ({error}): {line:?}"));
        let text = |name: &str| told[name].as_str().unwrap().to_owned();
        // It is on this machine, whatever stands between us and the world.
        let http = Client::builder().no_proxy().build().unwrap();
        Self {
            url: text("url"),
            sandbox_url: text("sandbox_url"),
            key: text("api_key"),
            http,
            count: AtomicU64::new(0),
            _process: process,
        }
    }

    /// Signs somebody of the demo in.
    pub async fn sign_in(&self, email: &str) -> Credentials {
        let body = json!({ "email": email, "password": PASSWORD }).to_string();
        let request = self.http.post(format!("{}/api/v1/session", self.url));
        let sent = request.header("content-type", "application/json").body(body).send().await;
        let answer = sent.unwrap();
        assert_eq!(answer.status(), 200, "{email}");
        let cookie = answer.headers()["set-cookie"].to_str().unwrap();
        let value = cookie.split(';').next().unwrap().to_owned();
        Credentials { name: "Cookie", value }
    }

    /// The demo's key.
    pub fn machine(&self) -> Credentials {
        Credentials { name: "Authorization", value: format!("Bearer {}", self.key) }
    }

    /// Sends a request; `version` is what `If-Match` says.
    pub async fn send(
        &self,
        who: &Credentials,
        method: Method,
        path: &str,
        version: Option<u64>,
        body: Option<Value>,
    ) -> Answer {
        let number = self.count.fetch_add(1, Ordering::SeqCst);
        let mut request = self
            .http
            .request(method, format!("{}/api/v1{path}", self.url))
            .header(who.name, &who.value)
            .header("Idempotency-Key", format!("stage-{number}"));
        if let Some(version) = version {
            request = request.header("If-Match", format!("\"{version}\""));
        }
        if let Some(body) = body {
            request = request.header("Content-Type", "application/json").body(body.to_string());
        }
        let answer = request.send().await.unwrap();
        Answer { status: answer.status().as_u16(), text: answer.text().await.unwrap() }
    }

    /// Sends a body of another kind; answers the status.
    pub async fn post_as(&self, who: &Credentials, path: &str, kind: &str, body: &Value) -> u16 {
        let request = self.http.post(format!("{}/api/v1{path}", self.url));
        let request = request.header(who.name, &who.value).header("Content-Type", kind);
        request.body(body.to_string()).send().await.unwrap().status().as_u16()
    }

    /// What is there.
    pub async fn get(&self, who: &Credentials, path: &str) -> Value {
        self.send(who, Method::GET, path, None, None).await.json()
    }

    /// What stands outside the API.
    pub async fn page(&self, path: &str) -> (reqwest::header::HeaderMap, String) {
        let answer = self.http.get(format!("{}{path}", self.url)).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        (answer.headers().clone(), answer.text().await.unwrap())
    }

    /// The document, as the server tells it.
    pub async fn document(&self) -> Value {
        serde_json::from_str(&self.page("/api/openapi.json").await.1).unwrap()
    }

    /// A form of the sandbox's own API.
    pub async fn sandbox(&self, path: &str, key: &str, form: String) -> Value {
        let request = self.http.post(format!("{}{path}", self.sandbox_url)).bearer_auth(key);
        let kind = "application/x-www-form-urlencoded";
        let sent = request.header("content-type", kind).body(form).send().await.unwrap();
        serde_json::from_str(&sent.text().await.unwrap()).unwrap()
    }
}
