//! What has to be there before an example makes sense: made over the API, as anybody would.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use super::demo::{Credentials, Demo};

/// A demo with its owner.
pub struct Stage {
    pub demo: Demo,
    pub owner: Credentials,
}

/// An account with an open billing request.
pub struct Asked {
    pub account: String,
    pub request: String,
    pub version: u64,
}

impl Stage {
    pub async fn set() -> Self {
        let demo = Demo::start().await;
        let owner = demo.sign_in("robin@northwind-media.example").await;
        Self { demo, owner }
    }

    pub async fn post(&self, path: &str, body: Value) -> Value {
        self.demo.send(&self.owner, Method::POST, path, None, Some(body)).await.json()
    }

    /// The accounts of the agency in this state that nobody has closed.
    pub async fn accounts(&self, state: &str) -> Vec<Value> {
        let list = self.demo.get(&self.owner, "/accounts?limit=100").await;
        let mut accounts = list["accounts"].as_array().unwrap().clone();
        accounts.retain(|account| {
            account["funding"]["state"] == state && account["funding"]["closed"].is_null()
        });
        accounts
    }

    /// One whose funding is in this state, and its version.
    pub async fn account(&self, state: &str) -> (String, u64) {
        let accounts = self.accounts(state).await;
        let account = accounts.first().unwrap_or_else(|| panic!("no account is {state}"));
        (text(&account["id"]), account["funding"]["version"].as_u64().unwrap())
    }

    /// An account with such a line of its usage or its ledger, and the line.
    pub async fn line(&self, of: &str, is: impl Fn(&Value) -> bool) -> (String, Value) {
        for account in self.accounts("agency").await {
            let account = text(&account["id"]);
            let path = format!("/accounts/{account}/{of}?limit=100");
            let page = self.demo.get(&self.owner, &path).await;
            if let Some(line) = page["lines"].as_array().unwrap().iter().find(|line| is(line)) {
                return (account, line.clone());
            }
        }
        panic!("no account has such a line of {of}");
    }

    /// Asks a customer.
    pub async fn asked(&self) -> Asked {
        let (account, version) = self.account("agency").await;
        let path = format!("/accounts/{account}/billing-requests");
        let money = json!({ "amount": "100.00", "currency": "USD" });
        let body = json!({ "email": "dana@x.example", "starting_balance": money, "message": "Hi" });
        let answer = self.demo.send(&self.owner, Method::POST, &path, Some(version), Some(body));
        let funding = answer.await.json()["account"]["funding"].clone();
        let request = text(&funding["request"]["id"]);
        Asked { account, request, version: funding["version"].as_u64().unwrap() }
    }

    /// Has the account use a dollar's worth, or so.
    pub async fn used(&self, asked: &Asked) {
        let event = json!({
            "specversion": "1.0", "id": asked.request, "source": "stage", "type": "sms.sent",
            "subject": asked.account, "data": { "segments": 200 },
        });
        let machine = self.demo.machine();
        let batch = json!([event]);
        let kind = "application/cloudevents-batch+json";
        assert_eq!(self.demo.post_as(&machine, "/events", kind, &batch).await, 204);
    }

    /// The token of a fresh link to an account's open request.
    pub async fn link(&self, asked: &Asked) -> String {
        let Asked { account, request, .. } = asked;
        let path = format!("/accounts/{account}/billing-requests/{request}/links");
        token(&text(&self.post(&path, json!({})).await["url"]))
    }

    /// The token of a link to the balance of the customer who takes care, and their account. One that is to be ended is the oldest
    /// of theirs: nobody else uses it.
    pub async fn balance_link(&self, to_end: bool) -> (String, String) {
        let email = "anna@juniperskin.example";
        let newest = self.letter_to(email).await;
        let accounts = self.accounts("customer").await;
        let theirs = accounts.iter().find(|account| account["external_id"] == "JS-0826").unwrap();
        let all = self.demo.page("/demo/mailbox.json").await.1;
        let all: Vec<Value> = serde_json::from_str(&all).unwrap();
        let oldest = all.iter().rfind(|letter| letter["to"] == email).unwrap();
        let oldest = token(oldest["text"].as_str().unwrap());
        (if to_end { oldest } else { newest }, text(&theirs["id"]))
    }

    /// Sees to a backup card of the agency's.
    pub async fn backup_card(&self) {
        let body = json!({ "confirmation_token": self.card().await, "role": "backup" });
        let wallet = self.post("/agency/cards", body).await;
        assert!(wallet["backup"].is_object(), "{wallet}");
    }

    /// The payment of the newest receipt of the agency's, which pays onto its balance first.
    pub async fn agency_receipt(&self) -> String {
        let body = json!({ "amount": { "amount": "50.00", "currency": "USD" } });
        let wallet = self.post("/agency/top-ups", body).await;
        assert_eq!(wallet["payment"]["status"], "paid", "{wallet}");
        let list = self.demo.get(&self.owner, "/agency/receipts").await;
        text(&list["receipts"][0]["payment"])
    }

    /// Invites somebody; their id and address.
    pub async fn invited(&self, name: &str) -> (String, String) {
        let email = format!("{}@stage.example", name.to_lowercase());
        let body = json!({ "name": name, "email": email, "role": "viewer" });
        (text(&self.post("/people", body).await["id"]), email)
    }

    /// The token in the newest letter to an address.
    pub async fn letter_to(&self, email: &str) -> String {
        for _ in 0..100 {
            let letters: Value =
                serde_json::from_str(&self.demo.page("/demo/mailbox.json").await.1).unwrap();
            let letter = letters.as_array().unwrap().iter().find(|letter| letter["to"] == email);
            if let Some(letter) = letter {
                return token(letter["text"].as_str().unwrap());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("no letter came to {email}");
    }

    /// A token for the widget, as its site's backend gets it.
    pub async fn embed_token(&self) -> String {
        let origins = json!({ "origins": ["https://portal.northwind-media.example"] });
        let set = self.demo.send(&self.owner, Method::PUT, "/embed/origins", None, Some(origins));
        set.await.json();
        let body = json!({ "account": "CF-2210" });
        let machine = self.demo.machine();
        let minted = self.demo.send(&machine, Method::POST, "/embed/sessions", None, Some(body));
        text(&minted.await.json()["token"])
    }

    /// What the gateway's script makes of a card that pays.
    pub async fn card(&self) -> String {
        let card = "payment_method=pm_card_visa&setup_future_usage=off_session";
        let path = "/v1/test_helpers/confirmation_tokens";
        text(&self.demo.sandbox(path, SANDBOX_KEY, card.to_owned()).await["id"])
    }
}

/// The sandbox's own secret key.
const SANDBOX_KEY: &str = "sk_test_sandbox";

/// What stands after `#t=`.
fn token(text: &str) -> String {
    let (_, rest) = text.split_once("#t=").unwrap_or_else(|| panic!("no link in {text}"));
    rest.chars().take_while(|char| char.is_ascii_alphanumeric() || "-_".contains(*char)).collect()
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}
