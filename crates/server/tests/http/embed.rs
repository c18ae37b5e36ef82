//! The widget's side of the API: which sites, which token, and what it shows: one account's own, and nothing of the agency's.

use std::time::Duration;

use axum::{
    body::Body,
    http::{Method, Request},
};
use billing::{
    Currency, Money, PaymentId, RequestId, SubAccountId,
    funding::{Actor, Card, Command, Payer},
    ledger::rules::{Adjusted, adjustment},
    text::{EmailAddress, MessageText, Name},
    usage::{Day, EventType},
};
use serde_json::{Value, json};
use server::{
    deps::EntropyExt as _,
    execute::{ExecuteError, Order, Origin, Tools, execute, keys},
    jobs,
    storage::{
        Scope, StorageError, Transaction,
        keys::KeyScope,
        usage::{DayKey, DaySum},
    },
};

use crate::{
    changes::Stream,
    support::{Answer, Person, Server},
};

const ORIGINS: &str = "/api/v1/embed/origins";
const SITE: &str = "https://app.example";

/// An agency with two accounts, a site, and a key that may mint.
struct Desk {
    server: Server,
    owner: Person,
    account: SubAccountId,
    key: String,
}

fn origin() -> Origin {
    Origin::new(Actor::system("test"), "test")
}

fn usd(units: i64) -> Money {
    Money::from_micros(units * 1_000_000, Currency::Usd)
}

async fn key(server: &Server, scope: Scope, allows: KeyScope) -> String {
    let (tools, name) = (Tools::of(&server.deps), Name::parse("Portal").unwrap());
    let write = move |tx: &mut dyn Transaction| {
        keys::create_key(tx, &tools, scope, &name, &[allows], &origin())
    };
    let made: Result<_, ExecuteError> = server.deps.store.write(write).await;
    made.unwrap()
}

async fn set_origins(server: &Server, person: &Person, origins: &Value) -> Answer {
    let request = person.request(Method::PUT, ORIGINS).header("content-type", "application/json");
    let body = json!({ "origins": origins }).to_string();
    server.send(request.body(Body::from(body)).unwrap()).await
}

impl Desk {
    async fn open() -> Self {
        let server = Server::start();
        let owner = server.agency("Northwind").await;
        let ids = server.accounts(&owner, "BW-0077,Brightwater Plumbing\nCA-1,Canary Client").await;
        let key = key(&server, owner.scope, KeyScope::EmbedMint).await;
        let set = set_origins(&server, &owner, &json!([SITE, "http://localhost:8091"])).await;
        assert_eq!(set.status, 200, "{set:?}");
        Self { server, owner, account: ids[0], key }
    }

    async fn mint(&self, body: &Value) -> Answer {
        self.mint_with(&self.key, body).await
    }

    async fn mint_with(&self, key: &str, body: &Value) -> Answer {
        let request = Request::post("/api/v1/embed/sessions")
            .header("authorization", format!("Bearer {key}"))
            .header("content-type", "application/json");
        self.server.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    async fn token(&self, body: &Value) -> String {
        let minted = self.mint(body).await;
        assert_eq!(minted.status, 201, "{minted:?}");
        minted.json()["token"].as_str().unwrap().to_owned()
    }

    async fn ask(&self, method: Method, path: &str, token: &str, site: Option<&str>) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        request = request.header("authorization", format!("Bearer {token}"));
        if let Some(site) = site {
            request = request.header("sluice-embed-origin", site);
        }
        self.server.send(request.body(Body::empty()).unwrap()).await
    }

    async fn balance(&self, token: &str) -> Answer {
        self.ask(Method::GET, "/api/v1/embed/balance", token, Some(SITE)).await
    }

    async fn ticket(&self, token: &str) -> String {
        let made = self.ask(Method::POST, "/api/v1/embed/tickets", token, Some(SITE)).await;
        assert_eq!(made.status, 201, "{made:?}");
        made.json()["ticket"].as_str().unwrap().to_owned()
    }

    /// Moves an account to customer billing, by the commands that a payment makes.
    async fn customer_pays(&self, amount: Money) {
        let (now, entropy) = (self.server.deps.clock.now(), &self.server.deps.entropy);
        let request = RequestId::new(now, entropy.id());
        let payment = PaymentId::new(now, entropy.id());
        let card = Card {
            payment_method: Some("pm_1".to_owned()),
            brand: "visa".to_owned(),
            last4: "4242".to_owned(),
            exp_month: 12,
            exp_year: 2034,
        };
        let ask = Command::RequestBilling {
            request,
            email: EmailAddress::parse("dana@brightwater.example").unwrap(),
            starting_balance: amount,
            message: MessageText::parse("Please.").unwrap(),
        };
        let start =
            Command::StartPayment { request, payment, amount, usage: None, card: card.clone() };
        let settle = Command::SettlePayment { payment, amount, card: Some(card) };
        for command in [ask, start, settle] {
            let (scope, tools) = (self.owner.scope, Tools::of(&self.server.deps));
            let sub_account = self.account;
            let order = Order { sub_account, command, seen: None, origin: origin() };
            let write = move |tx: &mut dyn Transaction| execute(tx, &tools, scope, &order);
            let done: Result<_, ExecuteError> = self.server.deps.store.write(write).await;
            done.unwrap();
        }
    }

    /// Usage of so much on a day, with its entry, as metering books it.
    async fn draw(&self, days_ago: i64, units: i64) {
        let (scope, account, now) = (self.owner.scope, self.account, self.server.deps.clock.now());
        let day = Day(Day::of(now).0 - days_ago);
        let write = move |tx: &mut dyn Transaction| {
            let event_type = EventType::parse("sms.sent").unwrap();
            let key = DayKey { day, account, event_type, payer: Payer::Customer };
            let sum = DaySum { events: 1, amount_micros: units * 1_000_000, ..DaySum::default() };
            tx.add_to_days(scope, &[(key, sum)])?;
            let of = Adjusted::Customer(account);
            let entry = adjustment(now, of, usd(-units), format!("draw {days_ago}")).unwrap();
            tx.append(scope, &entry)?;
            Ok::<_, StorageError>(())
        };
        self.server.deps.store.write(write).await.unwrap();
    }
}

#[tokio::test]
async fn sites_are_named_one_by_one_and_each_wrong_one_is_told() {
    let server = Server::start();
    let (robin, eve) = (server.agency("Northwind").await, server.agency("Eastwind").await);
    assert_eq!(server.get(&robin, ORIGINS).await.json(), json!({ "origins": [] }));
    let sites = json!(["https://b.example", "http://localhost:8091", "https://a.example"]);
    let in_order =
        json!({ "origins": ["http://localhost:8091", "https://a.example", "https://b.example"] });
    assert_eq!(set_origins(&server, &robin, &sites).await.json(), in_order);
    let wrong = json!([
        "https://a.example",
        "https://*.example",
        "http://a.example",
        "https://A.example",
        "https://a.example/",
        "https://a.example:443",
        "a.example",
        "https://a.example"
    ]);
    let refused = set_origins(&server, &robin, &wrong).await;
    let expected = [
        (1, "wildcard"),
        (2, "not_https"),
        (3, "upper_case"),
        (4, "path"),
        (5, "default_port"),
        (6, "invalid"),
        (7, "repeated"),
    ];
    let expected: Vec<_> =
        expected.map(|(at, code)| (format!("/origins/{at}"), code.to_owned())).to_vec();
    assert_eq!(refused.fields(), expected);
    let many: Vec<_> = (0..21).map(|number| format!("https://a{number}.example")).collect();
    let refused = set_origins(&server, &robin, &json!(many)).await;
    assert_eq!(refused.fields(), [("/origins".to_owned(), "too_many".to_owned())]);
    assert_eq!(set_origins(&server, &robin, &json!(many[..20])).await.status, 200);
    assert_eq!(set_origins(&server, &robin, &sites).await.json(), in_order);
    assert_eq!(server.get(&robin, ORIGINS).await.json(), in_order, "nothing wrong was stored");
    assert_eq!(server.get(&eve, ORIGINS).await.json(), json!({ "origins": [] }));
    let nobody = Person { cookie: "sluice=none".to_owned(), ..robin };
    assert_eq!(set_origins(&server, &nobody, &sites).await.problem().0, 401);
    assert_eq!(server.get(&nobody, ORIGINS).await.problem().0, 401);
}

#[tokio::test]
async fn a_token_is_told_once_and_only_its_hash_is_kept() {
    let desk = Desk::open().await;
    let account = desk.account.to_string();
    let body = json!({ "account": "BW-0077", "components": ["funding", "balance"],
        "origins": [SITE], "ttl_seconds": 60 });
    let minted = desk.mint(&body).await;
    assert_eq!((minted.status.as_u16(), minted.header("cache-control")), (201, "no-store"));
    assert_eq!(minted.header("set-cookie"), "");
    let token = minted.json()["token"].as_str().unwrap().to_owned();
    assert!(token.starts_with("sluice_embed_"), "{token}");
    assert_eq!(
        minted.json(),
        json!({ "token": token, "expires_at": "2026-11-22T16:11:09.25Z", "account": account,
            "components": ["balance", "funding"], "origins": [SITE] })
    );
    assert!(!desk.server.stores(&token), "the token itself");
    let usual = desk.mint(&json!({ "account": account })).await.json();
    assert_eq!(usual["expires_at"], "2026-11-22T16:25:09.25Z");
    assert_eq!(usual["components"], json!(["balance"]));
    assert_eq!(usual["origins"], json!(["http://localhost:8091", SITE]));
}

#[tokio::test]
async fn what_cannot_be_minted_is_told_by_its_field() {
    let desk = Desk::open().await;
    let account = desk.account.to_string();
    let foreign = {
        let eve = desk.server.agency("Eastwind").await;
        desk.server.accounts(&eve, "E-1,Elsewhere").await[0].to_string()
    };
    for (body, pointer, code) in [
        (json!({ "account": foreign }), "/account", "unknown_account"),
        (json!({ "account": "E-1" }), "/account", "unknown_account"),
        (json!({ "account": "" }), "/account", "unknown_account"),
        (json!({}), "/account", "required"),
        (json!({ "account": account, "ttl_seconds": 59 }), "/ttl_seconds", "out_of_range"),
        (json!({ "account": account, "ttl_seconds": 3601 }), "/ttl_seconds", "out_of_range"),
        (json!({ "account": account, "ttl_seconds": "60" }), "/ttl_seconds", "invalid"),
        (json!({ "account": account, "components": [] }), "/components", "required"),
        (json!({ "account": account, "components": ["cost"] }), "/components/0", "invalid"),
        (json!({ "account": account, "origins": [] }), "/origins", "required"),
        (
            json!({ "account": account, "origins": [SITE, "https://evil.example"] }),
            "/origins/1",
            "not_allowed",
        ),
        (json!({ "account": account, "view": "full" }), "/view", "unknown_field"),
    ] {
        let refused = desk.mint(&body).await;
        assert_eq!(refused.fields(), [(pointer.to_owned(), code.to_owned())], "{body}");
    }
    set_origins(&desk.server, &desk.owner, &json!([])).await;
    let refused = desk.mint(&json!({ "account": account })).await;
    assert_eq!(refused.fields(), [("/origins".to_owned(), "none_allowed".to_owned())]);
    let body = json!({ "account": account });
    let reader = key(&desk.server, desk.owner.scope, KeyScope::AccountsRead).await;
    assert_eq!(desk.mint_with(&reader, &body).await.problem(), (403, "scope_missing".to_owned()));
    assert_eq!(desk.mint_with("sluice_none", &body).await.problem().0, 401);
    assert_eq!(
        desk.server.post(&desk.owner, "/api/v1/embed/sessions", &[], &body).await.problem().0,
        401
    );
}

#[tokio::test]
async fn while_the_agency_pays_nothing_of_its_balance_is_told() {
    let desk = Desk::open().await;
    let body = json!({ "account": desk.account, "components": ["balance", "ledger", "funding"] });
    let token = desk.token(&body).await;
    let shown = desk.balance(&token).await;
    assert_eq!((shown.status.as_u16(), shown.header("cache-control")), (200, "no-store"));
    let account = desk.account.to_string();
    let mut expected = json!({
        "account": account, "name": "Brightwater Plumbing", "payer": "agency",
        "agency_name": "Northwind", "stylesheet": null,
        "standing": "paused", "balance": null, "low_below": null, "runway_days": null, "last_top_up": null,
        "ledger": [],
        "funding": { "state": "agency", "since": "2026-11-22T16:10:09.25Z", "card": null },
    });
    assert_eq!(shown.json(), expected, "an agency without money pauses its accounts");
    let (scope, now) = (desk.owner.scope, desk.server.deps.clock.now());
    let a_little = Money::from_micros(10_000, Currency::Usd);
    let write = move |tx: &mut dyn Transaction| {
        let entry = adjustment(now, Adjusted::Agency, a_little, "a little".to_owned()).unwrap();
        tx.append(scope, &entry)
    };
    let booked: Result<_, StorageError> = desk.server.deps.store.write(write).await;
    booked.unwrap();
    let low = desk.server.get(&desk.owner, "/api/v1/agency").await.json();
    assert_eq!(low["standing"], "low");
    expected["standing"] = json!("active");
    assert_eq!(desk.balance(&token).await.json(), expected, "low is nobody else's business");
}

#[tokio::test]
async fn a_customer_sees_their_balance_how_long_it_lasts_and_their_own_lines() {
    let desk = Desk::open().await;
    desk.customer_pays(usd(100)).await;
    desk.server.clock.pass(Duration::from_secs(9 * 24 * 60 * 60));
    desk.draw(3, 15).await;
    desk.draw(0, 5).await;
    let token = desk.token(&json!({ "account": desk.account })).await;
    let money = |amount: &str| json!({ "amount": amount, "currency": "USD" });
    let shown = desk.balance(&token).await.json();
    assert_eq!(shown["balance"], money("80.00"));
    assert_eq!(shown["standing"], "active");
    // 20 in 10 days.
    assert_eq!(shown["runway_days"], 40);
    assert_eq!((shown.get("ledger"), shown.get("funding")), (None, None), "not asked for");
    let body = json!({ "account": desk.account, "components": ["ledger", "funding"] });
    let whole = desk.balance(&desk.token(&body).await).await;
    let ledger = whole.json()["ledger"].as_array().unwrap().clone();
    let lines: Vec<_> = ledger.iter().map(|line| (&line["kind"], &line["amount"])).collect();
    assert_eq!(
        lines,
        [
            (&json!("adjustment"), &money("-5.00")),
            (&json!("adjustment"), &money("-15.00")),
            (&json!("top_up"), &money("100.00")),
        ]
    );
    assert_eq!(ledger[0]["balance_after"], money("80.00"));
    assert_eq!(whole.json()["funding"]["card"], "Visa ···· 4242");
    for hidden in ["Canary Client", "Robin", "dana@", "pay_", "entry", "agency_balance"] {
        assert!(!whole.text.contains(hidden), "{hidden} in {}", whole.text);
    }
}

#[tokio::test]
async fn a_token_shows_nothing_elsewhere_nor_later_nor_once_its_site_is_gone() {
    let desk = Desk::open().await;
    let body = json!({ "account": desk.account, "origins": [SITE], "ttl_seconds": 60 });
    let token = desk.token(&body).await;
    let path = "/api/v1/embed/balance";
    let elsewhere = desk.ask(Method::GET, path, &token, Some("http://localhost:8091")).await;
    assert_eq!(elsewhere.problem(), (403, "origin_not_allowed".to_owned()));
    let dead = (401, "unauthenticated".to_owned());
    for wrong in ["", "sluice_embed_none", &"x".repeat(129), &desk.key] {
        assert_eq!(desk.balance(wrong).await.problem(), dead, "{wrong}");
    }
    let with_cookie = desk.server.get(&desk.owner, path).await;
    assert_eq!(with_cookie.problem(), dead, "a session is none");
    set_origins(&desk.server, &desk.owner, &json!(["http://localhost:8091"])).await;
    assert_eq!(desk.balance(&token).await.problem(), dead);
    set_origins(&desk.server, &desk.owner, &json!([SITE])).await;
    assert_eq!(desk.balance(&token).await.status, 200);
    desk.server.clock.pass(Duration::from_secs(60));
    assert_eq!(desk.balance(&token).await.problem(), dead);
    let other = Request::get("/api/v1/accounts").header("authorization", format!("Bearer {token}"));
    assert_eq!(desk.server.send(other.body(Body::empty()).unwrap()).await.problem().0, 401);
}

#[tokio::test]
async fn a_ticket_opens_one_stream_which_tells_news_and_ends_with_the_token() {
    let desk = Desk::open().await;
    desk.customer_pays(usd(100)).await;
    let token = desk.token(&json!({ "account": desk.account, "ttl_seconds": 60 })).await;
    let ticket = desk.ticket(&token).await;
    assert!(!desk.server.stores(&ticket), "the ticket itself");
    let path = format!("/api/v1/embed/changes?ticket={ticket}");
    let mut stream = Stream::at(&desk.server, &path).await;
    let (name, data) = stream.told().await.unwrap();
    assert_eq!((name.as_str(), &data["balance"]["amount"]), ("balance", &json!("100.00")));
    let again = desk.server.send(Request::get(&path).body(Body::empty()).unwrap()).await;
    assert_eq!(again.problem(), (401, "unauthenticated".to_owned()), "it was taken");
    desk.draw(0, 30).await;
    let (name, data) = stream.told().await.unwrap();
    assert_eq!((name.as_str(), &data["balance"]["amount"]), ("balance", &json!("70.00")));
    let late = desk.ticket(&token).await;
    desk.server.clock.pass(Duration::from_secs(30));
    let path = format!("/api/v1/embed/changes?ticket={late}");
    let late = desk.server.send(Request::get(&path).body(Body::empty()).unwrap()).await;
    assert_eq!(late.problem().0, 401, "a ticket lives for 30 s");
    desk.server.clock.pass(Duration::from_secs(30));
    assert_eq!(stream.told().await.unwrap().0, "expired");
    assert_eq!(stream.told().await, None);
    jobs::tick(&desk.server.deps).await.unwrap();
}

#[tokio::test]
async fn a_stream_ends_when_its_site_is_taken_away() {
    let desk = Desk::open().await;
    let token = desk.token(&json!({ "account": desk.account })).await;
    let path = format!("/api/v1/embed/changes?ticket={}", desk.ticket(&token).await);
    let mut stream = Stream::at(&desk.server, &path).await;
    assert_eq!(stream.told().await.unwrap().0, "balance");
    set_origins(&desk.server, &desk.owner, &json!([])).await;
    assert_eq!(stream.told().await.unwrap().0, "expired");
    assert_eq!(stream.told().await, None);
}

#[tokio::test]
async fn the_frame_is_framed_by_the_allowed_sites_and_nobody_else() {
    let desk = Desk::open().await;
    let eve = desk.server.agency("Eastwind").await;
    let foreign = desk.server.accounts(&eve, "E-1,Elsewhere").await[0];
    let frame = async |query: &str| {
        let request = Request::get(format!("/embed/frame{query}"));
        desk.server.send(request.body(Body::empty()).unwrap()).await
    };
    let ours = frame(&format!("?account={}&view=full", desk.account)).await;
    let policy = ours.header("content-security-policy");
    let expected = format!("; frame-ancestors http://localhost:8091 {SITE}");
    assert!(policy.starts_with("default-src 'none'; ") && policy.ends_with(&expected), "{policy}");
    assert_eq!(ours.header("x-frame-options"), "", "it would say otherwise");
    assert_eq!(ours.header("set-cookie"), "");
    assert_eq!((ours.status.as_u16(), ours.header("cache-control")), (200, "no-store"));
    for query in [String::new(), "?account=x".to_owned(), format!("?account={foreign}")] {
        let policy = frame(&query).await.header("content-security-policy").to_owned();
        assert!(policy.ends_with("; frame-ancestors 'none'"), "{query}: {policy}");
    }
    let allowed = async |site: Option<&str>| {
        let mut request = Request::get(format!("/embed/allowed?account={}", desk.account));
        if let Some(site) = site {
            request = request.header("origin", site);
        }
        let answer = desk.server.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert_eq!(answer.header("access-control-allow-credentials"), "");
        answer.json()["allowed"].clone()
    };
    assert_eq!(allowed(Some(SITE)).await, true);
    assert_eq!(allowed(Some("https://evil.example")).await, false);
    assert_eq!(allowed(None).await, false);
}
