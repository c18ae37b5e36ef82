//! An installation with nothing of ours beside it: `sluice serve`, with localstripe as its gateway and aiosmtpd as its mail server,
//! both processes of their own and written by others. Everything is done over HTTP and by what letters say, as people would.

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

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use billing::{
    Currency, Money,
    wallet::{
        RechargeSettings,
        recharge::{CONSENT_VERSION, RechargeCharge},
    },
};
use process::{House, Server};
use python::Python;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

const ROBIN: &str = "robin@northwind.co";
const DANA: &str = "dana@brightwater.co";
const PASSWORD: &str = "a password of the peers' test";
const PATIENCE: Duration = Duration::from_secs(30);
const HOOK_SECRET: &str = "whsec_of_the_peer";

/// The installation and its peers.
struct Town {
    house: House,
    server: Server,
    settings: Vec<(&'static str, String)>,
    http: reqwest::Client,
    gateway: String,
    /// localstripe, without what stands before it.
    bare: String,
    sink: Python,
    letters: Vec<Value>,
    count: AtomicU64,
    _processes: [Python; 2],
}

/// Who sends a request.
#[derive(Clone)]
enum Who {
    Cookie(String),
    Token(String),
}

impl Town {
    async fn build() -> Self {
        let house = House::build().await;
        house.add_person(ROBIN, PASSWORD).await;
        let mut peer = Python::start("localstripe_loopback.py", &[]);
        let port = peer.port().await;
        let mut shim = Python::start("localstripe_shim.py", &[&port.to_string()]);
        let gateway = format!("http://127.0.0.1:{}", shim.port().await);
        let mut sink = Python::start("smtp_sink.py", &[]);
        let settings = vec![
            ("SLUICE_STRIPE_API_URL", gateway.clone()),
            ("SLUICE_STRIPE_SECRET_KEY", "sk_test_peer".to_owned()),
            ("SLUICE_STRIPE_PUBLISHABLE_KEY", "pk_test_peer".to_owned()),
            ("SLUICE_STRIPE_WEBHOOK_SECRET", HOOK_SECRET.to_owned()),
            ("SLUICE_MAIL_URL", format!("smtp://127.0.0.1:{}", sink.port().await)),
            ("SLUICE_MAIL_FROM", "billing@northwind.co".to_owned()),
        ];
        let given: Vec<_> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let server = house.serve_with(&given).await;
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let town = Self {
            house,
            server,
            settings,
            http,
            gateway,
            bare: format!("http://127.0.0.1:{port}"),
            sink,
            letters: Vec::new(),
            count: AtomicU64::new(0),
            _processes: [peer, shim],
        };
        town.hook().await;
        town
    }

    /// Has the gateway send its events to the server.
    async fn hook(&self) {
        let url = format!("{}/api/v1/webhooks/stripe", self.server.url);
        let events = ["payment_intent.succeeded", "setup_intent.succeeded"];
        let body = json!({ "url": url, "secret": HOOK_SECRET, "events": events }).to_string();
        let put = self.http.post(format!("{}/_config/webhooks/sluice", self.bare));
        let put = put.header("content-type", "application/json").body(body).send();
        assert!(put.await.unwrap().status().is_success());
    }

    /// What a command prints that knows of both peers, and its exit code.
    async fn command(&self, words: &[&str]) -> (i32, Value) {
        let mut command = self.house.command(words);
        command.envs(self.settings.iter().map(|(name, value)| (*name, value.as_str())));
        let output = command.env("SLUICE_PUBLIC_URL", &self.server.url).output().await.unwrap();
        let told = String::from_utf8(output.stdout).unwrap();
        let told = serde_json::from_str(&told)
            .unwrap_or_else(|_| panic!("{told}{}", String::from_utf8_lossy(&output.stderr)));
        (output.status.code().unwrap(), told)
    }

    async fn send(&self, method: Method, path: &str, who: &Who, body: Value) -> (u16, Vec<u8>) {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let url = format!("{}/api/v1{path}", self.server.url);
        let mut request =
            self.http.request(method, url).header("idempotency-key", format!("n{number}"));
        request = match who {
            Who::Cookie(cookie) => request.header("cookie", cookie),
            Who::Token(token) => request.bearer_auth(token),
        };
        if let Some(version) = body["version"].as_u64() {
            request = request.header("if-match", format!("\"{version}\""));
        }
        if body["body"].is_object() || body["body"].is_array() {
            let kind = match path {
                "/events" => "application/cloudevents-batch+json",
                _ => "application/json",
            };
            request = request.header("content-type", kind).body(body["body"].to_string());
        }
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.bytes().await.unwrap().to_vec())
    }

    /// The answer to a request that must work.
    async fn done(&self, method: Method, path: &str, who: &Who, body: Value) -> Value {
        let (status, text) = self.send(method, path, who, body).await;
        let told = String::from_utf8_lossy(&text);
        assert!(status < 300, "{path}: {status} {told}");
        serde_json::from_slice(&text).unwrap_or_default()
    }

    async fn get(&self, path: &str, who: &Who) -> Value {
        self.done(Method::GET, path, who, json!({})).await
    }

    async fn post(&self, path: &str, who: &Who, body: Value) -> Value {
        self.done(Method::POST, path, who, json!({ "body": body })).await
    }

    async fn sign_in(&self) -> Who {
        let body = json!({ "email": ROBIN, "password": PASSWORD }).to_string();
        let request = self.http.post(format!("{}/api/v1/session", self.server.url));
        let answer = request.header("content-type", "application/json").body(body).send().await;
        let answer = answer.unwrap();
        assert_eq!(answer.status(), 200);
        let cookie = answer.headers()["set-cookie"].to_str().unwrap();
        Who::Cookie(cookie.split(';').next().unwrap().to_owned())
    }

    /// What the gateway's script would make of this card; `card` is the end of Stripe's `pm_card_…` name.
    async fn card(&self, card: &str) -> String {
        let request =
            self.http.post(format!("{}/v1/test_helpers/confirmation_tokens", self.gateway));
        let request = request.bearer_auth("sk_test_peer");
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let answer = request.body(format!("payment_method=pm_card_{card}")).send().await.unwrap();
        let token: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        token["id"].as_str().unwrap().to_owned()
    }

    /// The cardholder's answer to 3-D Secure, as the gateway's script sends it.
    async fn authenticate(&self, secret: &str, success: bool) {
        let (intent, _) = secret.split_once("_secret_").unwrap();
        let url = format!(
            "{}/v1/payment_intents/{intent}/_authenticate?success={success}&client_secret={secret}",
            self.bare
        );
        let answer = self.http.post(url).bearer_auth("sk_test_peer").send().await.unwrap();
        assert!(answer.status().is_success());
    }

    /// The newest letter to somebody whose subject says this, once it has come.
    async fn letter(&mut self, to: &str, subject: &str) -> Value {
        let is_it = |letter: &Value| {
            let says = letter["headers"].as_array().unwrap().iter().any(|header| {
                header[0] == "Subject" && header[1].as_str().unwrap().contains(subject)
            });
            says && letter["rcpt_tos"] == json!([to])
        };
        let wait = async {
            loop {
                if let Some(place) = self.letters.iter().rposition(is_it) {
                    return self.letters.remove(place);
                }
                let letter = self.sink.told().await;
                assert_eq!(letter["defects"], json!([]), "{letter}");
                self.letters.push(letter);
            }
        };
        timeout(PATIENCE, wait).await.unwrap_or_else(|_| panic!("no “{subject}” to {to}"))
    }

    /// The token of the link in the newest such letter.
    async fn link(&mut self, to: &str, subject: &str) -> Who {
        let letter = self.letter(to, subject).await;
        let text = letter["parts"][0][1].as_str().unwrap();
        let (_, rest) = text.split_once("#t=").unwrap_or_else(|| panic!("no link in {text}"));
        let of_it = |char: &char| char.is_ascii_alphanumeric() || "-_".contains(*char);
        Who::Token(rest.chars().take_while(of_it).collect())
    }

    /// Asks until it is so.
    async fn until(&self, path: &str, who: &Who, is_so: impl Fn(&Value) -> bool) -> Value {
        let mut last = Value::Null;
        let ask = async {
            loop {
                last = self.get(path, who).await;
                if is_so(&last) {
                    return;
                }
                sleep(Duration::from_millis(100)).await;
            }
        };
        if timeout(PATIENCE, ask).await.is_err() {
            panic!("{path} stays {last:#}");
        }
        last
    }

    /// Usage of so many dollars.
    async fn spend(&self, account: &str, dollars: u64) {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let event = json!({
            "specversion": "1.0", "id": number.to_string(), "source": "peers", "type": "sms.sent",
            "subject": account, "data": { "segments": dollars },
        });
        let key = Who::Token(self.house.key.clone());
        self.post("/events", &key, json!([event])).await;
    }
}

fn usd(amount: &str) -> Value {
    json!({ "amount": amount, "currency": "USD" })
}

fn units(units: i64) -> Money {
    Money::from_micros(units * 1_000_000, Currency::Usd)
}

/// 30.00 whenever less than 20.00 are left.
fn recharge(card: &str) -> Value {
    let charge = RechargeCharge::Fixed { amount: units(30) };
    let settings = RechargeSettings { below: units(20), charge, daily_cap: units(100) };
    json!({
        "below": usd("20.00"), "amount": usd("30.00"), "daily_cap": usd("100.00"),
        "consent": settings.consent_text("Northwind", card), "consent_version": CONSENT_VERSION,
    })
}

#[tokio::test]
async fn an_agency_goes_live_with_a_gateway_and_a_mail_server_that_others_wrote() {
    let mut town = Town::build().await;
    let (code, told) = town.command(&["doctor", "--json"]).await;
    assert_eq!((code, &told["ok"]), (0, &json!(true)), "{told:#}");
    let robin = town.sign_in().await;
    let list = town.get("/accounts", &robin).await;
    let account = list["accounts"][0]["id"].as_str().unwrap().to_owned();

    takes_over(&mut town, &robin, &account).await;
    let dana = looks_after_the_balance(&mut town, &account).await;
    second_card_is_tried(&mut town, &account, &dana).await;
    money_goes_back(&mut town, &robin, &account).await;

    let delivered = |view: &Value| {
        let letters = view["letters"].as_array().unwrap();
        letters.len() > 6 && letters.iter().all(|letter| letter["state"] == "accepted")
    };
    town.until(&format!("/accounts/{account}/funding-timeline"), &robin, delivered).await;
    let (code, told) = town.command(&["reconcile", "--json"]).await;
    assert_eq!((code, &told["ok"]), (0, &json!(true)), "{told:#}");
    // One declined, one not authenticated, one paid; a top-up, a recharge, one that was declined, and the backup's.
    assert_eq!((&told["payments"], &told["intents"]), (&json!(7), &json!(7)), "{told:#}");
    town.house.assert_sound().await;
}

/// Asked by mail; declined, not authenticated, authenticated: then the account is the customer's.
async fn takes_over(town: &mut Town, robin: &Who, account: &str) {
    let terms = json!({ "email": DANA, "starting_balance": usd("100.00"), "message": "Hi Dana" });
    let path = format!("/accounts/{account}/billing-requests");
    town.done(Method::POST, &path, robin, json!({ "version": 0, "body": terms })).await;
    let link = town.link(DANA, "Set up billing").await;
    let body = |card: String| json!({ "amount": usd("100.00"), "confirmation_token": card });
    let card = town.card("chargeCustomerFail").await;
    let declined = town.post("/pay/payments", &link, body(card)).await;
    assert_eq!(declined["state"], "open", "{declined:#}");
    assert_eq!(declined["last_failure"]["code"], "card_declined", "{declined:#}");
    for success in [false, true] {
        let card = town.card("authenticationRequired").await;
        let asked = town.post("/pay/payments", &link, body(card)).await;
        assert_eq!(asked["state"], "action_required", "{asked:#}");
        town.authenticate(asked["client_secret"].as_str().unwrap(), success).await;
        let state = if success { "paid" } else { "open" };
        town.until("/pay", &link, |view| view["state"] == state).await;
    }
    let shown = town.get(&format!("/accounts/{account}"), robin).await;
    assert_eq!(shown["account"]["funding"]["state"], "customer");
    assert_eq!(shown["account"]["customer_balance"], usd("100.00"));
    town.letter(DANA, "Receipt").await;
    town.letter(ROBIN, "customer billing").await;
}

/// By a link from a letter: a top-up with the card on file, and an auto-recharge that charges it.
async fn looks_after_the_balance(town: &mut Town, account: &str) -> Who {
    let nobody = Who::Token(String::new());
    town.post("/balance/links", &nobody, json!({ "email": DANA })).await;
    let dana = town.link(DANA, "balance").await;
    let body = |card: String, role: &str| json!({ "confirmation_token": card, "role": role });
    let card = town.card("visa").await;
    town.post("/balance/cards", &dana, body(card, "main")).await;
    town.until("/balance", &dana, |view| view["card"]["last4"] == "4242").await;
    let topped_up = town.post("/balance/top-ups", &dana, json!({ "amount": usd("25.00") })).await;
    assert_eq!(topped_up["payment"]["status"], "paid", "{topped_up:#}");
    assert_eq!(topped_up["balance"], usd("125.00"));

    let agreed = recharge("Visa ···· 4242");
    town.done(Method::PUT, "/balance/recharge", &dana, json!({ "body": agreed })).await;
    town.letter(DANA, "Auto-recharge is on").await;
    town.spend(account, 110).await;
    let recharged = town.until("/balance", &dana, |view| view["balance"] == usd("45.00")).await;
    assert_eq!(recharged["payment"]["is_recharge"], true);
    dana
}

/// The main card is declined, the backup pays, and its owner is told.
async fn second_card_is_tried(town: &mut Town, account: &str, dana: &Who) {
    let body = |card: String, role: &str| json!({ "confirmation_token": card, "role": role });
    for (card, role, last4) in [("visa", "backup", "4242"), ("chargeCustomerFail", "main", "0341")]
    {
        let card = town.card(card).await;
        town.post("/balance/cards", dana, body(card, role)).await;
        let field = if role == "main" { "card" } else { role };
        town.until("/balance", dana, |view| view[field]["last4"] == last4).await;
    }
    town.spend(account, 30).await;
    town.until("/balance", dana, |view| view["balance"] == usd("45.00")).await;
    let list = town.get("/balance/receipts", dana).await;
    assert_eq!(list["receipts"].as_array().unwrap().len(), 4, "{list:#}");
    assert_eq!(list["receipts"][0]["card"], "Visa ···· 4242");
}

/// Some by hand, the rest when the account is closed; each by the card that paid it.
async fn money_goes_back(town: &mut Town, robin: &Who, account: &str) {
    let path = format!("/accounts/{account}");
    let version = town.get(&path, robin).await["account"]["funding"]["version"].clone();
    let list = town.get(&format!("{path}/payments"), robin).await;
    let payment = list["payments"][0]["id"].as_str().unwrap().to_owned();
    let refund = json!({ "version": version, "body": { "amount": usd("10.00") } });
    let at = format!("{path}/payments/{payment}/refunds");
    town.done(Method::POST, &at, robin, refund).await;
    town.letter(DANA, "$10.00 is on its way back").await;

    let at_the_card = |list: &Value| list["payments"][0]["refunds"][0]["status"] == "succeeded";
    town.until(&format!("{path}/payments"), robin, at_the_card).await;
    let version = town.get(&path, robin).await["account"]["funding"]["version"].clone();
    let close = json!({ "version": version, "body": { "balance": "refund" } });
    town.done(Method::POST, &format!("{path}/closure"), robin, close).await;
    let closed =
        town.until(&path, robin, |view| view["account"]["customer_balance"] == usd("0.00"));
    assert!(closed.await["account"]["funding"]["closed"].is_string());
    let settled = |list: &Value| {
        let payments = list["payments"].as_array().unwrap();
        let refunds: Vec<_> =
            payments.iter().flat_map(|payment| payment["refunds"].as_array().unwrap()).collect();
        !refunds.is_empty() && refunds.iter().all(|refund| refund["status"] == "succeeded")
    };
    let list = town.until(&format!("{path}/payments"), robin, settled).await;
    let payments = list["payments"].as_array().unwrap().iter();
    let cents: i64 = payments
        .flat_map(|payment| payment["refunds"].as_array().unwrap())
        .map(|refund| refund["amount"]["amount"].as_str().unwrap().replace('.', ""))
        .map(|cents| cents.parse::<i64>().unwrap())
        .sum();
    assert_eq!(cents, 45_00, "{list:#}");

    let month = town.get(&format!("{path}/statements"), robin).await["running"].clone();
    let month = month.as_str().unwrap();
    let (status, pdf) =
        town.send(Method::GET, &format!("{path}/statements/{month}.pdf"), robin, json!({})).await;
    assert!(status == 200 && pdf.starts_with(b"%PDF-"), "{status}");
}
