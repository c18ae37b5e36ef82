//! A gateway of one's own per test, and short ways to talk to it.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::Duration,
};

use reqwest::{Method, RequestBuilder, header::HeaderMap};
use serde_json::Value;

pub const SECRET: &str = "sk_test_sandbox";
pub const PUBLISHABLE: &str = "pk_test_sandbox";

/// Form parameters.
pub type Form<'a> = &'a [(&'a str, &'a str)];

pub struct Gateway {
    pub url: String,
    pub http: reqwest::Client,
    /// Ends with us: its standard input closes when this is dropped.
    _process: Option<Process>,
}

struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _status = self.0.wait();
    }
}

pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Reply {
    /// The text at a JSON pointer.
    #[track_caller]
    pub fn text(&self, pointer: &str) -> &str {
        self.body
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_else(|| panic!("no text at {pointer} in {} {:#}", self.status, self.body))
    }

    #[track_caller]
    pub fn number(&self, pointer: &str) -> i64 {
        self.body
            .pointer(pointer)
            .and_then(Value::as_i64)
            .unwrap_or_else(|| panic!("no number at {pointer} in {} {:#}", self.status, self.body))
    }

    #[track_caller]
    pub fn id(&self) -> String {
        self.text("/id").to_owned()
    }

    /// Status and error code, for a glance at a refusal.
    #[track_caller]
    pub fn refusal(&self) -> (u16, &str) {
        (self.status, self.text("/error/code"))
    }
}

pub fn command() -> Command {
    Command::new(env!("CARGO_BIN_EXE_sluice-sandbox"))
}

impl Gateway {
    pub fn start() -> Self {
        let mut child = command()
            .args(["--json", "--exit-with-stdin", "--seed", "1"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let announced: Value = serde_json::from_str(&line).unwrap();
        let mut gateway = Self::at(announced["url"].as_str().unwrap().to_owned());
        gateway._process = Some(Process(child));
        gateway
    }

    pub fn at(url: String) -> Self {
        let http = reqwest::Client::builder().timeout(Duration::from_secs(20)).build().unwrap();
        Self { url, http, _process: None }
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url))
    }

    pub async fn get(&self, path: &str) -> Reply {
        send(self.request(Method::GET, path).bearer_auth(SECRET)).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        send(self.request(Method::DELETE, path).bearer_auth(SECRET)).await
    }

    pub fn posting(&self, path: &str, form: Form<'_>) -> RequestBuilder {
        self.request(Method::POST, path)
            .bearer_auth(SECRET)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(encode(form))
    }

    pub async fn post(&self, path: &str, form: Form<'_>) -> Reply {
        send(self.posting(path, form)).await
    }

    pub async fn post_with_key(&self, key: &str, path: &str, form: Form<'_>) -> Reply {
        send(self.posting(path, form).header("idempotency-key", key)).await
    }

    pub async fn control(&self, path: &str, body: Value) -> Reply {
        let path = format!("/_sandbox{path}");
        send(self.request(Method::POST, &path).bearer_auth(SECRET).json(&body)).await
    }

    pub async fn fault(&self, body: Value) {
        let reply = self.control("/faults", body).await;
        assert_eq!(reply.status, 200, "{:#}", reply.body);
    }

    pub async fn books(&self) -> Value {
        self.get("/_sandbox/books").await.body
    }

    pub async fn customer(&self) -> String {
        self.post("/v1/customers", &[("email", "dana@example.com")]).await.id()
    }

    /// A token for a card as the frame makes it.
    pub async fn token(&self, number: &str) -> Reply {
        let form = [
            ("payment_method_data[type]", "card"),
            ("payment_method_data[card][number]", number),
            ("payment_method_data[card][exp_month]", "12"),
            ("payment_method_data[card][exp_year]", "34"),
            ("payment_method_data[card][cvc]", "123"),
            ("setup_future_usage", "off_session"),
        ];
        let request = self
            .request(Method::POST, "/v1/confirmation_tokens")
            .bearer_auth(PUBLISHABLE)
            .body(encode(&form));
        send(request).await
    }

    /// The payment that Sluice makes: 25.00 with a new card that is kept.
    pub async fn pay(&self, customer: &str, number: &str) -> Reply {
        let token = self.token(number).await.id();
        let form = [
            ("amount", "2500"),
            ("currency", "usd"),
            ("customer", customer),
            ("confirmation_token", token.as_str()),
            ("confirm", "true"),
            ("setup_future_usage", "off_session"),
            ("allowed_payment_method_types[]", "card"),
            ("payment_method_options[card][setup_credential_usage]", "unscheduled"),
            ("return_url", "https://pay.example/done"),
            ("metadata[request_id]", "req_1"),
        ];
        self.post("/v1/payment_intents", &form).await
    }

    /// A later payment without the customer there.
    pub async fn recharge(&self, customer: &str, method: &str) -> Reply {
        let form = [
            ("amount", "2500"),
            ("currency", "usd"),
            ("customer", customer),
            ("payment_method", method),
            ("confirm", "true"),
            ("off_session", "true"),
            ("payment_method_options[card][stored_credential_usage]", "unscheduled"),
        ];
        self.post("/v1/payment_intents", &form).await
    }

    /// The types of all events so far, oldest first.
    pub async fn event_types(&self) -> Vec<String> {
        let list = self.get("/v1/events?limit=100").await.body;
        let events = list["data"].as_array().unwrap().iter().rev();
        events.map(|event| event["type"].as_str().unwrap().to_owned()).collect()
    }
}

pub fn encode(form: Form<'_>) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish()
}

pub async fn send(request: RequestBuilder) -> Reply {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let text = response.text().await.unwrap();
    let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
    Reply { status, headers, body }
}
