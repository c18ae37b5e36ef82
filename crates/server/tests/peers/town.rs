//! A server as a process of its own, localstripe behind its shim, aiosmtpd, and whoever talks to them.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::{
    process::{House, Server},
    python::Python,
};

pub const ROBIN: &str = "robin@northwind.co";
pub const DANA: &str = "dana@brightwater.co";
const PASSWORD: &str = "a password of the peers' test";
const PATIENCE: Duration = Duration::from_secs(30);
const HOOK_SECRET: &str = "whsec_of_the_peer";

/// The installation and its peers.
pub struct Town {
    pub house: House,
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
pub enum Who {
    Cookie(String),
    Token(String),
}

impl Town {
    pub async fn build() -> Self {
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
    pub async fn command(&self, words: &[&str]) -> (i32, Value) {
        let mut command = self.house.command(words);
        command.envs(self.settings.iter().map(|(name, value)| (*name, value.as_str())));
        let output = command.env("SLUICE_PUBLIC_URL", &self.server.url).output().await.unwrap();
        let told = String::from_utf8(output.stdout).unwrap();
        let told = serde_json::from_str(&told)
            .unwrap_or_else(|_| panic!("{told}{}", String::from_utf8_lossy(&output.stderr)));
        (output.status.code().unwrap(), told)
    }

    pub async fn send(&self, method: Method, path: &str, who: &Who, body: Value) -> (u16, Vec<u8>) {
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
    pub async fn done(&self, method: Method, path: &str, who: &Who, body: Value) -> Value {
        let (status, text) = self.send(method, path, who, body).await;
        let told = String::from_utf8_lossy(&text);
        assert!(status < 300, "{path}: {status} {told}");
        serde_json::from_slice(&text).unwrap_or_default()
    }

    pub async fn get(&self, path: &str, who: &Who) -> Value {
        self.done(Method::GET, path, who, json!({})).await
    }

    pub async fn post(&self, path: &str, who: &Who, body: Value) -> Value {
        self.done(Method::POST, path, who, json!({ "body": body })).await
    }

    pub async fn sign_in(&self) -> Who {
        let body = json!({ "email": ROBIN, "password": PASSWORD }).to_string();
        let request = self.http.post(format!("{}/api/v1/session", self.server.url));
        let answer = request.header("content-type", "application/json").body(body).send().await;
        let answer = answer.unwrap();
        assert_eq!(answer.status(), 200);
        let cookie = answer.headers()["set-cookie"].to_str().unwrap();
        Who::Cookie(cookie.split(';').next().unwrap().to_owned())
    }

    /// What the gateway's script would make of this card; `card` is the end of Stripe's `pm_card_…` name.
    pub async fn card(&self, card: &str) -> String {
        let request =
            self.http.post(format!("{}/v1/test_helpers/confirmation_tokens", self.gateway));
        let request = request.bearer_auth("sk_test_peer");
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let answer = request.body(format!("payment_method=pm_card_{card}")).send().await.unwrap();
        let token: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        token["id"].as_str().unwrap().to_owned()
    }

    /// The cardholder's answer to 3-D Secure, as the gateway's script sends it.
    pub async fn authenticate(&self, secret: &str, success: bool) {
        let (intent, _) = secret.split_once("_secret_").unwrap();
        let url = format!(
            "{}/v1/payment_intents/{intent}/_authenticate?success={success}&client_secret={secret}",
            self.bare
        );
        let answer = self.http.post(url).bearer_auth("sk_test_peer").send().await.unwrap();
        assert!(answer.status().is_success());
    }

    /// The newest letter to somebody whose subject says this, once it has come.
    pub async fn letter(&mut self, to: &str, subject: &str) -> Value {
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
    pub async fn link(&mut self, to: &str, subject: &str) -> Who {
        let letter = self.letter(to, subject).await;
        let text = letter["parts"][0][1].as_str().unwrap();
        let (_, rest) = text.split_once("#t=").unwrap_or_else(|| panic!("no link in {text}"));
        let of_it = |char: &char| char.is_ascii_alphanumeric() || "-_".contains(*char);
        Who::Token(rest.chars().take_while(of_it).collect())
    }

    /// Asks until it is so.
    pub async fn until(&self, path: &str, who: &Who, is_so: impl Fn(&Value) -> bool) -> Value {
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
    pub async fn spend(&self, account: &str, dollars: u64) {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let event = json!({
            "specversion": "1.0", "id": number.to_string(), "source": "peers", "type": "sms.sent",
            "subject": account, "data": { "segments": dollars },
        });
        let key = Who::Token(self.house.key.clone());
        self.post("/events", &key, json!([event])).await;
    }
}
