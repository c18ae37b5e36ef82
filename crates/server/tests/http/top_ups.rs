//! A balance is topped up from the widget: its link, its page, its payment; against the real sandbox.

use axum::{
    body::Body,
    http::{Method, Request},
};
use billing::SubAccountId;
use serde_json::{Value, json};
use server::{
    execute::{ExecuteError, Tools, embed},
    storage::Transaction,
};

use crate::{
    customers::{link, pay, payment, view},
    sandbox::Sandbox,
    support::{Answer, Person, Server},
};

/// An account on customer billing whose widget stands somewhere.
struct Desk {
    sandbox: Sandbox,
    server: Server,
    owner: Person,
    account: SubAccountId,
    widget: String,
}

impl Desk {
    /// The agency still pays.
    async fn open() -> Self {
        let sandbox = Sandbox::start().await;
        let server = Server::with("http://127.0.0.1:8080", sandbox.config.clone(), false);
        let owner = server.agency("Northwind").await;
        let account = server.accounts(&owner, "A-1,Alder").await[0];
        let (scope, tools) = (owner.scope, Tools::of(&server.deps));
        let mint = move |tx: &mut dyn Transaction| {
            let sites = vec!["https://app.example".to_owned()];
            tx.save_embed_origins(scope, &sites)?;
            let hour = std::time::Duration::from_secs(3_600);
            let shown = billing::api::EmbedComponent::ALL.to_vec();
            Ok::<_, ExecuteError>(
                embed::mint(tx, &tools, scope, account, shown, sites, hour)?.token,
            )
        };
        let widget = server.deps.store.write(mint).await.unwrap();
        Self { sandbox, server, owner, account, widget }
    }

    /// The customer pays, with 40 on the balance.
    async fn of_a_customer() -> Self {
        let desk = Self::open().await;
        let token = link(&desk.server, &desk.owner, desk.account).await;
        let body = payment("40.00", &desk.sandbox.token("visa").await);
        let paid = pay(&desk.server, &token, "first", &body).await;
        assert_eq!(paid.json()["state"], "paid", "{paid:?}");
        desk
    }

    async fn ask(&self) -> Answer {
        let request = Request::builder()
            .method(Method::POST)
            .uri("/api/v1/embed/top-ups")
            .header("authorization", format!("Bearer {}", self.widget));
        self.server.send(request.body(Body::empty()).unwrap()).await
    }

    /// A link's token.
    async fn link(&self) -> String {
        let made = self.ask().await;
        assert_eq!(made.status, 201, "{made:?}");
        made.json()["url"].as_str().unwrap().split_once("/pay#t=").unwrap().1.to_owned()
    }

    async fn shown(&self) -> Value {
        let request = Request::get("/api/v1/embed/balance")
            .header("authorization", format!("Bearer {}", self.widget));
        self.server.send(request.body(Body::empty()).unwrap()).await.json()
    }

    async fn account(&self) -> Value {
        self.server.get(&self.owner, &format!("/api/v1/accounts/{}", self.account)).await.json()["account"].clone()
    }

    async fn take_back(&self) {
        let version = self.account().await["funding"]["version"].to_string();
        let path = format!("/api/v1/accounts/{}/agency-billing", self.account);
        let tag = format!("\"{version}\"");
        let headers = [("if-match", tag.as_str()), ("idempotency-key", "back")];
        let body = json!({ "choice": "transfer" });
        let back = self.server.post(&self.owner, &path, &headers, &body).await;
        assert_eq!(back.status, 200, "{back:?}");
    }
}

#[tokio::test]
async fn a_top_up_is_paid_once_and_shows_in_the_widget() {
    let desk = Desk::of_a_customer().await;
    // Nobody pays twice within a millisecond.
    desk.server.clock.pass(std::time::Duration::from_secs(1));
    let before = desk.shown().await["last_top_up"].clone();
    assert_eq!(before["amount"]["amount"], "40.00");
    let token = desk.link().await;
    let seen = view(&desk.server, &token).await.json();
    assert_eq!(seen["state"], "open");
    assert_eq!(seen["balance"]["amount"], "40.00");
    assert_eq!(seen["starting_balance"]["amount"], "40.00", "what was paid last");
    assert_eq!((&seen["message"], &seen["usage"]), (&Value::Null, &Value::Null));

    let body = payment("60.00", &desk.sandbox.token("mastercard").await);
    let paid = pay(&desk.server, &token, "top", &body).await.json();
    assert_eq!((&paid["state"], &paid["balance"]["amount"]), (&json!("paid"), &json!("100.00")));
    assert_eq!(pay(&desk.server, &token, "top", &body).await.json(), paid);
    let again = pay(&desk.server, &token, "once-more", &payment("60.00", "ctoken_x")).await;
    assert_eq!(again.problem(), (410, "link_already_paid".to_owned()));
    assert_eq!(desk.sandbox.count("payment_intents").await, 2);
    assert_eq!(desk.sandbox.count("customers").await, 1, "the same customer at the gateway");

    let account = desk.account().await;
    assert_eq!(account["customer_balance"]["amount"], "100.00");
    assert_eq!(account["funding"]["customer"]["card"]["brand"], "mastercard");
    let shown = desk.shown().await;
    assert_eq!(shown["balance"]["amount"], "100.00");
    assert_eq!(shown["last_top_up"]["amount"]["amount"], "60.00");
    // Two links at once: what was paid by one says nothing on the other.
    assert_eq!(view(&desk.server, &desk.link().await).await.json()["state"], "open");
}

#[tokio::test]
async fn the_card_before_is_forgotten_at_the_gateway() {
    let desk = Desk::of_a_customer().await;
    let old = desk.account().await["funding"]["customer"]["card"]["payment_method"].clone();
    let token = desk.link().await;
    let body = payment("60.00", &desk.sandbox.token("mastercard").await);
    pay(&desk.server, &token, "top", &body).await;
    let new = desk.account().await["funding"]["customer"]["card"]["payment_method"].clone();
    assert_ne!(old, new);
    while server::jobs::tick(&desk.server.deps).await.unwrap() > 0 {}
    let books = desk.sandbox.books().await;
    let methods = books["payment_methods"].as_array().unwrap();
    let holder =
        |id: &Value| &methods.iter().find(|method| method["id"] == *id).unwrap()["customer"];
    assert_eq!(*holder(&old), Value::Null);
    assert!(holder(&new).is_string());
}

#[tokio::test]
async fn a_declined_card_can_be_followed_by_another() {
    let desk = Desk::of_a_customer().await;
    let token = desk.link().await;
    let body = payment("60.00", &desk.sandbox.token("visa_chargeDeclined").await);
    let declined = pay(&desk.server, &token, "one", &body).await.json();
    assert_eq!(declined["state"], "open");
    assert_eq!(declined["last_failure"]["code"], "generic_decline");
    let body = payment("60.00", &desk.sandbox.token("visa").await);
    assert_eq!(pay(&desk.server, &token, "two", &body).await.json()["state"], "paid");
    assert_eq!(desk.account().await["customer_balance"]["amount"], "100.00");
}

#[tokio::test]
async fn what_the_agency_pays_for_is_not_topped_up() {
    let desk = Desk::open().await;
    let refused = (409, "already_on_agency_billing".to_owned());
    assert_eq!(desk.ask().await.problem(), refused);
    assert_eq!(desk.shown().await["last_top_up"], Value::Null);

    let desk = Desk::of_a_customer().await;
    let token = desk.link().await;
    desk.take_back().await;
    assert_eq!(view(&desk.server, &token).await.json()["state"], "agency_pays");
    let late = pay(&desk.server, &token, "late", &payment("60.00", "ctoken_x")).await;
    assert_eq!(late.problem(), refused);
    assert_eq!(desk.sandbox.count("payment_intents").await, 1);
}

#[tokio::test]
async fn a_link_has_its_limits() {
    let desk = Desk::of_a_customer().await;
    let token = desk.link().await;
    let body = |amount: &str| payment(amount, "ctoken_x");
    let low = pay(&desk.server, &token, "low", &body("24.99")).await;
    assert_eq!(low.status, 422, "{low:?}");
    let mut with_usage = body("60.00");
    with_usage["usage"] = json!({ "amount": "3.00", "currency": "USD" });
    with_usage["confirmation_token"] = json!(desk.sandbox.token("visa").await);
    let terms = pay(&desk.server, &token, "usage", &with_usage).await;
    assert_eq!(terms.problem(), (409, "terms_changed".to_owned()));

    desk.server.clock.pass(std::time::Duration::from_secs(60 * 60));
    assert_eq!(view(&desk.server, &token).await.json()["state"], "expired");
    let late = pay(&desk.server, &token, "late", &body("60.00")).await;
    assert_eq!(late.problem(), (410, "link_expired".to_owned()));
    assert_eq!(desk.ask().await.status, 401, "the widget's token has died with it");
}

#[tokio::test]
async fn one_account_has_fifty_open_pages_at_most() {
    let desk = Desk::of_a_customer().await;
    for _ in 0..server::execute::top_ups::LIVE_MAX {
        assert_eq!(desk.ask().await.status, 201);
    }
    let refused = desk.ask().await;
    assert_eq!(refused.problem(), (429, "rate_limited".to_owned()));
    assert_eq!(refused.header("retry-after"), "600");
}
