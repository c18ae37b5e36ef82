//! The payment gateway's sandbox as a process of its own, and its switches.

#![allow(dead_code, reason = "every suite uses its own part")]

use std::{path::PathBuf, process::Stdio, time::Duration};

use billing::{Money, PaymentId, RequestId, SetupId, SubAccountId, Timestamp};
use reqwest::Method;
use serde_json::{Value, json};
use server::{
    config::{GatewayConfig, Secret},
    gateway::{Charge, Gateway as _, NewCustomer, Setup, Source, stripe::Stripe},
};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

/// The binary that `SLUICE_SANDBOX_BIN` names, or the one in this build's own folder.
fn binary() -> PathBuf {
    if let Some(path) = std::env::var_os("SLUICE_SANDBOX_BIN") {
        return path.into();
    }
    let test = std::env::current_exe().unwrap();
    let folder = test.parent().and_then(|deps| deps.parent()).unwrap();
    folder.join("sluice-sandbox")
}

/// A running sandbox with empty books; it ends with this value.
pub struct Sandbox {
    pub config: GatewayConfig,
    http: reqwest::Client,
    _process: Child,
}

impl Sandbox {
    pub async fn start() -> Self {
        let binary = binary();
        assert!(
            binary.is_file(),
            "no sandbox at {}: build it first (cargo build -p sluice-sandbox) or name it in \
             SLUICE_SANDBOX_BIN",
            binary.display()
        );
        let mut process = Command::new(binary)
            .args(["--json", "--exit-with-stdin"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).await.unwrap();
        let told: Value = serde_json::from_str(&line).unwrap();
        let text = |name: &str| told[name].as_str().unwrap().to_owned();
        let config = GatewayConfig {
            api_url: text("url"),
            script_url: text("script_url"),
            secret_key: Secret(text("secret_key")),
            publishable_key: text("publishable_key"),
            webhook_secret: Secret(String::new()),
        };
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { config, http, _process: process }
    }

    pub fn stripe(&self) -> Stripe {
        Stripe::new(&self.config).unwrap()
    }

    /// A client that soon loses its patience.
    pub fn impatient(&self) -> Stripe {
        Stripe::builder(&self.config).total_timeout(Duration::from_millis(1_500)).build().unwrap()
    }

    /// Sends a request with the secret key; `body` is JSON for the switches, a form for the rest.
    pub async fn send(&self, method: Method, path: &str, body: String) -> Value {
        let kind = if path.starts_with("/_sandbox") {
            "application/json"
        } else {
            "application/x-www-form-urlencoded"
        };
        let answer = self
            .http
            .request(method, format!("{}{path}", self.config.api_url))
            .bearer_auth(&self.config.secret_key.0)
            .header("content-type", kind)
            .body(body)
            .send()
            .await
            .unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// The next such request goes wrong.
    pub async fn fault(&self, method: &str, path: &str, fault: &str) {
        let fault = json!({"method": method, "path": path, "fault": fault, "delay_ms": 3_000});
        self.send(Method::POST, "/_sandbox/faults", fault.to_string()).await;
    }

    /// What the gateway has written down.
    pub async fn books(&self) -> Value {
        self.send(Method::GET, "/_sandbox/books", String::new()).await
    }

    /// How many of `kind` are in the books.
    pub async fn count(&self, kind: &str) -> usize {
        self.books().await[kind].as_array().unwrap().len()
    }

    /// What the browser would make of this card; `card` is the end of Stripe's `pm_card_…` name.
    pub async fn token(&self, card: &str) -> String {
        let form = format!("payment_method=pm_card_{card}&setup_future_usage=off_session");
        let token = self.send(Method::POST, "/v1/test_helpers/confirmation_tokens", form).await;
        token["id"].as_str().unwrap().to_owned()
    }

    /// The customer's answer to 3-D Secure, about a payment or a card to keep.
    pub async fn authenticate(&self, intent: &str, success: bool) {
        let kind = if intent.starts_with("seti_") { "setup_intents" } else { "payment_intents" };
        let path = format!("/_sandbox/{kind}/{intent}/authenticate?success={success}");
        self.send(Method::POST, &path, String::new()).await;
    }

    /// A cardholder disputes so many cents of a payment; answers the dispute's id.
    pub async fn dispute(&self, intent: &str, amount: i64) -> String {
        let body = json!({"payment_intent": intent, "amount": amount}).to_string();
        let dispute = self.send(Method::POST, "/_sandbox/disputes", body).await;
        dispute["id"].as_str().unwrap().to_owned()
    }

    /// The bank decides a dispute: `under_review`, `won`, `lost`, or an inquiry's `warning_closed`.
    pub async fn decide(&self, dispute: &str, status: &str) {
        let body = json!({"status": status}).to_string();
        self.send(Method::POST, &format!("/_sandbox/disputes/{dispute}"), body).await;
    }

    /// The next off-session charges of this card are declined, with this advice or the usual one.
    pub async fn decline(
        &self,
        payment_method: &str,
        code: &str,
        advice: Option<&str>,
        times: u32,
    ) {
        let body = json!({"decline_code": code, "advice_code": advice, "times": times}).to_string();
        let path = format!("/_sandbox/payment_methods/{payment_method}/declines");
        self.send(Method::POST, &path, body).await;
    }

    /// A charge of $25.00 to this card, for a new customer; `number` makes its ids.
    pub async fn charge(&self, number: u8, card: &str) -> Charge {
        charge_by(&self.stripe(), number, self.token(card).await).await
    }
}

/// A charge of $25.00 to the card behind this token, for a new customer; `number` makes its ids.
pub async fn charge_by(stripe: &Stripe, number: u8, confirmation_token: String) -> Charge {
    let (request, sub_account) = (request(number), sub_account());
    let new = NewCustomer::of_request(
        request,
        sub_account,
        "dana@brightwater.co",
        "Brightwater Plumbing",
    );
    let customer = stripe.create_customer(&new).await.unwrap();
    Charge {
        payment: payment(number),
        request: Some(request),
        sub_account: Some(sub_account),
        amount: usd("25.00"),
        customer,
        source: Source::Token(confirmation_token),
        return_url: "http://127.0.0.1:1/pay".to_owned(),
    }
}

fn at() -> Timestamp {
    Timestamp::from_millis(1_795_363_809_250)
}

pub fn payment(number: u8) -> PaymentId {
    PaymentId::new(at(), [number; 10])
}

pub fn request(number: u8) -> RequestId {
    RequestId::new(at(), [number; 10])
}

pub fn setup(number: u8) -> SetupId {
    SetupId::new(at(), [number; 10])
}

/// A charge of $25.00 to this saved card for the agency's own balance.
pub fn saved_charge(number: u8, saved: &Setup, off_session: bool) -> Charge {
    let payment_method = saved.card.as_ref().and_then(|card| card.payment_method.clone());
    Charge {
        payment: payment(number),
        request: None,
        sub_account: None,
        amount: usd("25.00"),
        customer: saved.customer.clone().unwrap(),
        source: Source::Saved { payment_method: payment_method.unwrap(), off_session },
        return_url: "http://127.0.0.1:1/account".to_owned(),
    }
}

pub fn sub_account() -> SubAccountId {
    SubAccountId::new(at(), [9; 10])
}

pub fn usd(amount: &str) -> Money {
    Money::parse_wire(amount, billing::Currency::Usd).unwrap()
}
