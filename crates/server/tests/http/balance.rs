//! A customer's balance by the link of a letter: who gets one, how it dies, what the routes refuse; against the real sandbox.

use axum::{
    body::Body,
    http::{Method, Request},
};
use billing::SubAccountId;
use serde_json::{Value, json};
use server::jobs;

use crate::{
    customers::{link, pay, payment},
    sandbox::Sandbox,
    support::{Answer, Person, Server},
};

const DANA: &str = "dana@brightwater.co";

struct Desk {
    sandbox: Sandbox,
    server: Server,
    owner: Person,
    account: SubAccountId,
    token: String,
}

impl Desk {
    /// The customer has paid 40.00, and holds the link of their receipt.
    async fn open() -> Self {
        let sandbox = Sandbox::start().await;
        let server = Server::with("http://127.0.0.1:8080", sandbox.config.clone(), false);
        let owner = server.agency("Northwind").await;
        let account = server.accounts(&owner, "A-1,Alder").await[0];
        let request = link(&server, &owner, account).await;
        let body = payment("40.00", &sandbox.token("visa").await);
        let paid = pay(&server, &request, "first", &body).await;
        assert_eq!(paid.json()["state"], "paid", "{paid:?}");
        let mut desk = Self { sandbox, server, owner, account, token: String::new() };
        desk.work().await;
        desk.token = desk.newest_link().await;
        desk
    }

    async fn work(&self) {
        while jobs::tick(&self.server.deps).await.unwrap() > 0 {}
    }

    async fn mails(&self) -> Vec<String> {
        let mails = self.server.deps.store.read(|tx| tx.mails(100)).await;
        let mails = mails.map_err(|error: server::storage::StorageError| error).unwrap();
        mails.into_iter().map(|row| format!("{}\n{}", row.mail.to, row.mail.text)).collect()
    }

    async fn newest_link(&self) -> String {
        let mails = self.mails().await;
        let (_, rest) = mails.iter().find_map(|mail| mail.split_once("/balance#t=")).unwrap();
        rest.split_whitespace().next().unwrap().to_owned()
    }

    async fn by(&self, token: &str, method: Method, path: &str, body: Option<Value>) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .header("idempotency-key", "one-key");
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        self.server.send(request.body(body).unwrap()).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.by(&self.token, Method::GET, path, None).await
    }

    async fn ask(&self, body: Value) -> Answer {
        let request = Request::post("/api/v1/balance/links")
            .header("content-type", "application/json")
            .body(Body::from(body.to_string()));
        self.server.send(request.unwrap()).await
    }

    /// So many letters, and no more. The answer goes out before anybody looks, so each takes a moment.
    async fn has_sent(&self, letters: usize) -> bool {
        for _ in 0..1_000 {
            self.work().await;
            if self.mails().await.len() >= letters {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        // One too many would come about now.
        for _ in 0..50 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            self.work().await;
        }
        self.mails().await.len() == letters
    }
}

#[tokio::test]
async fn everybody_gets_the_same_answer_and_only_who_pays_a_letter() {
    let desk = Desk::open().await;
    let before = desk.mails().await.len();
    let nobody = desk.ask(json!({ "email": "nobody@brightwater.co" })).await;
    assert_eq!(nobody.status, 202);
    let dana = desk.ask(json!({ "email": DANA })).await;
    assert_eq!((dana.status, dana.text), (nobody.status, nobody.text));
    assert!(desk.has_sent(before + 1).await);
    // By a link that has expired: to where that one went.
    desk.server.clock.pass(std::time::Duration::from_secs(25 * 3_600));
    assert_eq!(desk.get("/balance").await.problem(), (410, "link_expired".to_owned()));
    assert_eq!(desk.ask(json!({ "token": desk.token })).await.status, 202);
    assert!(desk.has_sent(before + 2).await);
    assert_eq!(desk.by(&desk.newest_link().await, Method::GET, "/balance", None).await.status, 200);
    assert_eq!(desk.ask(json!({ "token": "nonsense" })).await.status, 202);
    for wrong in [json!({}), json!({ "email": DANA, "token": desk.token }), json!({ "email": "x" })]
    {
        assert_eq!(desk.ask(wrong.clone()).await.status, 422, "{wrong}");
    }
    assert!(desk.has_sent(before + 2).await);
    assert!(!desk.mails().await.iter().any(|mail| mail.starts_with("nobody@")));
}

#[tokio::test]
async fn a_link_shows_the_balance_until_it_is_ended() {
    let desk = Desk::open().await;
    let shown = desk.get("/balance").await.json();
    assert_eq!((&shown["state"], &shown["balance"]["amount"]), (&json!("open"), &json!("40.00")));
    assert_eq!((&shown["email"], &shown["card"]["last4"]), (&json!(DANA), &json!("4242")));
    assert_eq!(shown["days"].as_array().unwrap().len(), 30);
    let lines = desk.get("/balance/ledger").await.json();
    assert_eq!(lines["lines"][0]["balance_after"]["amount"], "40.00");
    let receipts = desk.get("/balance/receipts").await.json();
    let number = receipts["receipts"][0]["number"].as_str().unwrap();
    let one = desk.get(&format!("/balance/receipts/{number}")).await.json();
    assert_eq!(one["amount"]["amount"], "40.00");
    let pdf = Request::get(format!("/api/v1/balance/receipts/{number}.pdf"))
        .header("authorization", format!("Bearer {}", desk.token));
    let pdf = desk.server.open(pdf.body(Body::empty()).unwrap()).await;
    assert_eq!(
        (pdf.status().as_u16(), &pdf.headers()["content-type"]),
        (200, &"application/pdf".parse().unwrap())
    );
    for absent in ["/balance/receipts/R-2026-999999", "/balance/receipts/x.csv"] {
        assert_eq!(desk.get(absent).await.problem(), (404, "not_found".to_owned()), "{absent}");
    }
    let ended = desk.by(&desk.token, Method::DELETE, "/balance/link", None).await;
    assert_eq!(ended.status, 204);
    assert_eq!(desk.get("/balance").await.problem(), (410, "link_expired".to_owned()));
    let unknown = desk.by("nonsense", Method::GET, "/balance", None).await;
    assert_eq!(unknown.problem(), (404, "link_unknown".to_owned()));
}

#[tokio::test]
async fn a_card_on_file_pays_and_settings_are_refused_by_field() {
    let desk = Desk::open().await;
    let usd = |amount: &str| json!({ "amount": amount, "currency": "USD" });
    let path = "/balance/top-ups";
    let low =
        desk.by(&desk.token, Method::POST, path, Some(json!({ "amount": usd("1.00") }))).await;
    assert_eq!(low.fields(), [("/amount".to_owned(), "below_minimum".to_owned())]);
    let body = json!({ "amount": usd("25.00") });
    let paid = desk.by(&desk.token, Method::POST, path, Some(body)).await.json();
    assert_eq!(
        (&paid["payment"]["status"], &paid["balance"]["amount"]),
        (&json!("paid"), &json!("65.00"))
    );
    let mut recharge = json!({
        "below": usd("10.00"), "amount": usd("25.00"), "daily_cap": usd("100.00"),
        "consent": "Yes", "consent_version": "2026-11",
    });
    let put = |body: Value| desk.by(&desk.token, Method::PUT, "/balance/recharge", Some(body));
    assert_eq!(
        put(recharge.clone()).await.fields(),
        [("/consent".to_owned(), "consent_changed".to_owned())]
    );
    recharge["consent"] = json!(
        "I allow Northwind to charge Visa ···· 4242 $25.00 whenever this balance falls below $10.00, at most $100.00 within 24 \
         hours and four times, until I switch it off on this page. I get a receipt for every charge."
    );
    let on = put(recharge.clone()).await;
    assert_eq!(on.json()["recharge"]["state"]["state"], "on", "{on:?}");
    recharge["up_to"] = usd("80.00");
    assert_eq!(put(recharge).await.fields(), [("/amount".to_owned(), "required".to_owned())]);
    let alert = |amount: &str| {
        let body = json!({ "low_below": usd(amount) });
        desk.by(&desk.token, Method::PUT, "/balance/alert", Some(body))
    };
    assert_eq!(alert("20.00").await.json()["low_below"]["amount"], "20.00");
    let wrong = alert("-1.00").await.fields();
    assert_eq!(wrong, [("/low_below".to_owned(), "out_of_range".to_owned())]);
    let role = desk.by(&desk.token, Method::DELETE, "/balance/cards/third", None).await;
    assert_eq!(role.problem(), (404, "not_found".to_owned()));
    desk.work().await;
    assert_eq!(desk.sandbox.count("payment_intents").await, 2);
    let account = desk.server.get(&desk.owner, &format!("/api/v1/accounts/{}", desk.account)).await;
    assert_eq!(
        account.json()["account"]["low_below"]["amount"],
        "20.00",
        "the agency sees it, too"
    );
}
