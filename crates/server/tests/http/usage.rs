//! Usage over the wire: what is taken is drawn once; what is not leaves nothing behind, whatever is wrong with it.

use std::time::Duration;

use axum::{
    body::Body,
    http::{Method, Request},
};
use billing::{
    Currency, Money, SubAccountId, Timestamp,
    funding::Actor,
    ledger::Book,
    pricing::{Price, PriceSubject, Setting, Terms},
    text::Name,
    usage::{EventType, FieldName},
};
use serde_json::{Value, json};
use server::{
    execute::{ExecuteError, Origin, Tools, keys, prices},
    storage::{
        StorageError, Transaction,
        keys::KeyScope,
        usage::{DayKey, DaySum, EventRow, UsageQuery},
    },
    verify,
};

use crate::{
    changes::Stream,
    customers,
    sandbox::Sandbox,
    support::{Answer, Person, Server},
};

const SINGLE: &str = "application/cloudevents+json";
const BATCH: &str = "application/cloudevents-batch+json";
/// Two segments at 1.00 each, a quarter of a second before the server's clock.
const GOOD: &str = r#"{"specversion":"1.0","id":"SM1","source":"twilio","type":"sms.sent","subject":"BW-0077","time":"2026-11-22T16:10:09Z","data":{"segments":2}}"#;
const TIME: &str = "2026-11-22T16:10:09Z";

/// A server with an agency whose text messages cost 1.00 a segment, and another agency.
struct Desk {
    server: Server,
    owner: Person,
    account: SubAccountId,
    /// A sub-account of the other agency, with the external id `T-1`.
    foreign: SubAccountId,
    key: String,
}

/// Everything that usage changes.
#[derive(Debug, PartialEq)]
struct Stored {
    events: u64,
    unpriced: u64,
    agency: Money,
    own: Money,
    revenue: Money,
    days: Vec<(DayKey, DaySum)>,
}

impl Desk {
    async fn open() -> Self {
        Self::on(Server::start()).await
    }

    async fn on(server: Server) -> Self {
        let owner = server.agency("Northwind").await;
        let account = server.accounts(&owner, "BW-0077,Brightwater Plumbing").await[0];
        let other = server.agency("Tidewater").await;
        let foreign = server.accounts(&other, "T-1,Tern").await[0];
        let key = key(&server, &owner, "Metering", KeyScope::UsageWrite).await;
        let desk = Self { server, owner, account, foreign, key };
        desk.set_price("sms.sent", "1").await;
        desk.set_price("bulk", "1000000").await;
        desk
    }

    async fn set_price(&self, event_type: &str, unit_price: &str) {
        let subject = PriceSubject::List { event_type: EventType::parse(event_type).unwrap() };
        let field = FieldName::parse("segments").unwrap();
        let terms = Terms::flat(Price::parse(unit_price).unwrap(), Some(field));
        let setting = Setting::Price { terms };
        let (scope, now, begin) =
            (self.owner.scope, self.server.deps.clock.now(), Timestamp::from_millis(0));
        let write = move |tx: &mut dyn Transaction| {
            prices::set_price(tx, scope, &subject, begin, &setting, now, &origin())
        };
        let row: Result<_, ExecuteError> = self.server.deps.store.write(write).await;
        row.unwrap();
    }

    /// Sends a body with the key.
    async fn send(&self, media_type: &str, body: impl Into<Body>) -> Answer {
        self.send_with(&[("content-type", media_type)], body).await
    }

    async fn send_with(&self, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
        let mut request = Request::builder().method(Method::POST).uri("/api/v1/events");
        request = request.header("authorization", format!("Bearer {}", self.key));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.server.send(request.body(body.into()).unwrap()).await
    }

    async fn stored(&self) -> Stored {
        let (scope, account) = (self.owner.scope, self.account);
        let read = move |tx: &mut dyn Transaction| {
            Ok::<_, StorageError>(Stored {
                events: tx.metering_head(scope)?.events,
                unpriced: tx.unpriced_types(scope)?.iter().map(|waiting| waiting.events).sum(),
                agency: tx.balance(scope, Book::Agency)?,
                own: tx.balance(scope, Book::Customer { sub_account: account })?,
                revenue: tx.balance(scope, Book::Revenue)?,
                days: tx.usage_days(scope, &UsageQuery::everything(), None, 1_000)?,
            })
        };
        self.server.deps.store.read(read).await.unwrap()
    }

    async fn last_event(&self) -> EventRow {
        let scope = self.owner.scope;
        let read = move |tx: &mut dyn Transaction| {
            let number = tx.metering_head(scope)?.events;
            tx.event(scope, number)
        };
        self.server.deps.store.read(read).await.unwrap().unwrap()
    }

    async fn assert_sound(&self) {
        let report = self.server.deps.store.read(|tx| verify::verify(tx)).await;
        let report = report.map_err(|error: StorageError| error).unwrap();
        assert!(report.ok, "{report:#?}");
    }
}

fn origin() -> Origin {
    Origin::new(Actor::system("test"), "test")
}

fn usd(units: i64) -> Money {
    Money::from_micros(units * 1_000_000, Currency::Usd)
}

async fn key(server: &Server, person: &Person, name: &str, allows: KeyScope) -> String {
    let (scope, tools) = (person.scope, Tools::of(&server.deps));
    let name = Name::parse(name).unwrap();
    let write = move |tx: &mut dyn Transaction| {
        keys::create_key(tx, &tools, scope, &name, &[allows], &origin())
    };
    server.deps.store.write(write).await.unwrap()
}

/// [`GOOD`] with other data.
fn counting(segments: &str) -> String {
    GOOD.replace(r#""segments":2"#, &format!(r#""segments":{segments}"#))
}

/// [`GOOD`] at another time.
fn at(time: &str) -> String {
    GOOD.replace(TIME, time)
}

fn about(subject: &str) -> String {
    GOOD.replace("BW-0077", subject)
}

fn batch(events: &[String]) -> String {
    format!("[{}]", events.join(","))
}

/// An event of another identity.
fn good(id: &str) -> String {
    GOOD.replace("SM1", id)
}

#[tokio::test]
async fn usage_of_a_closed_account_is_taken_and_the_agency_pays_it() {
    let desk = Desk::open().await;
    let closing = format!("/api/v1/accounts/{}/closure", desk.account);
    let headers = [("if-match", "\"0\""), ("idempotency-key", "close")];
    let how = json!({ "balance": "transfer" });
    let closed = desk.server.post(&desk.owner, &closing, &headers, &how).await;
    assert!(closed.json()["account"]["funding"]["closed"].is_string(), "{closed:?}");
    let before = desk.stored().await;
    assert_eq!(desk.send(SINGLE, GOOD).await.status, 204);
    let after = desk.stored().await;
    let two = Money::from_micros(2_000_000, Currency::Usd);
    assert_eq!((after.events, after.own), (before.events + 1, before.own));
    assert_eq!(before.agency.minus(after.agency), Ok(two));
}

#[tokio::test]
async fn what_is_wrong_has_its_answer_and_leaves_nothing() {
    let desk = Desk::open().await;
    assert_eq!(desk.send(SINGLE, good("before")).await.status, 204);
    let untouched = desk.stored().await;
    let second = |event: String| batch(&[good("first"), event, good("third")]);
    for (body, pointer, code) in [
        (counting("0.1234567890123456789"), "/data/segments", "too_precise"),
        (counting("0.0000001"), "/data/segments", "too_precise"),
        (counting("-1"), "/data/segments", "negative"),
        (counting(r#""-1""#), "/data/segments", "negative"),
        (counting("null"), "/data/segments", "not_a_number"),
        (counting(r#""1,000""#), "/data/segments", "not_a_number"),
        (counting(r#""NaN""#), "/data/segments", "not_a_number"),
        (counting(r#""""#), "/data/segments", "not_a_number"),
        (counting("true"), "/data/segments", "not_a_number"),
        (counting("[2]"), "/data/segments", "not_a_number"),
        (counting("1e400"), "/data/segments", "too_large"),
        (counting("1000000001"), "/data/segments", "too_large"),
        (counting("1000000.000001"), "/data", "too_dear"),
        (counting("1000000000").replace("sms.sent", "bulk"), "/data", "too_dear"),
        (GOOD.replace("segments", "parts"), "/data/segments", "required"),
        (GOOD.replace(r#","data":{"segments":2}"#, ""), "/data/segments", "required"),
        (at("2026-11-22T16:15:09.251Z"), "/time", "in_the_future"),
        (at("9999-12-31T23:59:59Z"), "/time", "in_the_future"),
        (at("2026-10-18T16:10:09.249Z"), "/time", "too_old"),
        (at("1970-01-01T00:00:00Z"), "/time", "too_old"),
        (at("2026-11-22T16:10:09"), "/time", "invalid"),
        (about("BW-0078"), "/subject", "unknown_subject"),
        (about("T-1"), "/subject", "unknown_subject"),
        (about(&desk.foreign.to_string()), "/subject", "unknown_subject"),
        (about(""), "/subject", "required"),
        (GOOD.replace(r#""1.0""#, r#""0.3""#), "/specversion", "unsupported"),
    ] {
        let answer = desk.send(SINGLE, body.clone()).await;
        assert_eq!(answer.fields(), [(pointer.to_owned(), code.to_owned())], "{body}");
        let answer = desk.send(BATCH, second(body.clone())).await;
        assert_eq!(answer.fields(), [(format!("/1{pointer}"), code.to_owned())], "{body}");
        assert_eq!(desk.stored().await, untouched, "{body}");
    }
    let many = |count: usize| batch(&(0..count).map(|n| good(&n.to_string())).collect::<Vec<_>>());
    let full = |bytes: usize| format!("{}{}", GOOD, " ".repeat(bytes - GOOD.len()));
    for (media_type, body, status, code) in [
        (SINGLE, counting("NaN"), 400, "malformed"),
        (BATCH, second(counting("NaN")), 400, "malformed"),
        (SINGLE, counting("Infinity"), 400, "malformed"),
        (SINGLE, counting("1,000"), 400, "malformed"),
        (SINGLE, counting("2."), 400, "malformed"),
        (SINGLE, counting("02"), 400, "malformed"),
        (SINGLE, String::new(), 400, "malformed"),
        (SINGLE, format!("{GOOD}{GOOD}"), 400, "malformed"),
        (BATCH, many(1_001), 413, "too_many_events"),
        (SINGLE, full(1024 * 1024 + 1), 413, "too_large"),
        (BATCH, GOOD.to_owned(), 422, "invalid"),
        (SINGLE, batch(&[GOOD.to_owned()]), 422, "invalid"),
        ("application/json", GOOD.to_owned(), 415, "unsupported_media_type"),
        ("text/plain", GOOD.to_owned(), 415, "unsupported_media_type"),
        ("application/cloudevents+xml", GOOD.to_owned(), 415, "unsupported_media_type"),
        ("application/cloudevents+jsonx", GOOD.to_owned(), 415, "unsupported_media_type"),
        ("", GOOD.to_owned(), 415, "unsupported_media_type"),
    ] {
        let start: String = body.chars().take(200).collect();
        let answer = desk.send(media_type, body).await;
        assert_eq!(answer.problem(), (status, code.to_owned()), "{media_type}: {start}");
        assert_eq!(desk.stored().await, untouched, "{media_type}: {start}");
    }
    desk.assert_sound().await;
    // The largest that is fine, and the edges of time and money.
    assert_eq!(desk.send(SINGLE, full(1024 * 1024)).await.status, 204);
    assert_eq!(desk.send(BATCH, many(1_000)).await.status, 204);
    for (id, body) in [
        ("the latest", at("2026-11-22T16:15:09.250Z")),
        ("the oldest", at("2026-10-18T16:10:09.250Z")),
        ("the dearest", counting("1000000")),
        ("the least", counting("0.000001")),
        ("nothing", counting("0")),
        ("as a text", counting(r#""2""#)),
    ] {
        assert_eq!(desk.send(SINGLE, body.replace("SM1", id)).await.status, 204, "{id}");
    }
    desk.assert_sound().await;
}

#[tokio::test]
async fn nobody_learns_whether_another_agency_has_it() {
    let desk = Desk::open().await;
    let without_id = |answer: Answer| {
        let mut json = answer.json();
        json.as_object_mut().unwrap().remove("request_id");
        (answer.status, json)
    };
    let unknown = without_id(desk.send(SINGLE, about("BW-0078")).await);
    let made_up = "sub_01m0tbtx74k2a3fszbeds1w1fz";
    for subject in ["T-1", &desk.foreign.to_string(), made_up] {
        assert_eq!(without_id(desk.send(SINGLE, about(subject)).await), unknown, "{subject}");
    }
}

#[tokio::test]
async fn only_a_living_key_with_the_scope_may() {
    let desk = Desk::open().await;
    let reader = key(&desk.server, &desk.owner, "Reader", KeyScope::AccountsRead).await;
    let dead = key(&desk.server, &desk.owner, "Dead", KeyScope::UsageWrite).await;
    forget(&desk.server, "Dead");
    let before = desk.stored().await;
    let made_up = format!("sluice_{}", "x".repeat(43));
    let long = "x".repeat(5_000);
    let bearer = |key: &str| ("authorization".to_owned(), format!("Bearer {key}"));
    for (name, (header, value), status, code) in [
        ("no key", ("x-nothing".to_owned(), String::new()), 401, "unauthenticated"),
        ("an empty one", bearer(""), 401, "unauthenticated"),
        ("garbage", bearer("garbage"), 401, "unauthenticated"),
        ("a long one", bearer(&long), 401, "unauthenticated"),
        ("made up", bearer(&made_up), 401, "unauthenticated"),
        ("dead", bearer(&dead), 401, "unauthenticated"),
        (
            "as a password",
            ("authorization".to_owned(), format!("Basic {}", desk.key)),
            401,
            "unauthenticated",
        ),
        ("a session", ("cookie".to_owned(), desk.owner.cookie.clone()), 401, "unauthenticated"),
        ("another scope", bearer(&reader), 403, "scope_missing"),
    ] {
        let request = Request::builder()
            .method(Method::POST)
            .uri("/api/v1/events")
            .header("content-type", SINGLE)
            .header(header, value);
        let answer = desk.server.send(request.body(Body::from(GOOD)).unwrap()).await;
        assert_eq!(answer.problem(), (status, code.to_owned()), "{name}");
        assert_eq!(desk.stored().await, before, "{name}");
    }
    desk.assert_sound().await;
}

#[tokio::test]
async fn a_key_that_is_taken_away_is_dead_in_seconds() {
    let desk = Desk::open().await;
    assert_eq!(desk.send(SINGLE, good("1")).await.status, 204);
    forget(&desk.server, "Metering");
    tokio::time::sleep(Duration::from_millis(3_100)).await;
    let answer = desk.send(SINGLE, good("2")).await;
    assert_eq!(answer.problem(), (401, "unauthenticated".to_owned()));
    assert_eq!(desk.stored().await.events, 1);
}

#[tokio::test]
async fn the_three_modes_are_taken_without_a_word() {
    let desk = Desk::open().await;
    let taken =
        |answer: Answer| assert_eq!((answer.status.as_u16(), answer.text), (204, String::new()));
    taken(desk.send("application/cloudevents+json; charset=UTF-8", GOOD).await);
    assert_eq!(desk.stored().await.agency, usd(-2));
    taken(desk.send(BATCH, batch(&[good("a"), good("b"), good("c")])).await);
    assert_eq!(desk.stored().await.agency, usd(-8));
    let attributes = [
        ("content-type", "application/json"),
        ("ce-specversion", "1.0"),
        ("ce-id", "binary"),
        ("ce-source", "twilio"),
        ("ce-type", "sms.sent"),
        ("ce-subject", "BW-0077"),
        ("ce-time", TIME),
    ];
    taken(desk.send_with(&attributes, r#"{"segments":3}"#).await);
    assert_eq!(desk.stored().await.agency, usd(-11));
    // The same event in another mode is the same event.
    taken(desk.send(SINGLE, good("binary").replace(":2}", ":3}")).await);
    taken(desk.send(BATCH, "[]").await);
    taken(
        desk.send(
            SINGLE,
            GOOD.replace("BW-0077", &desk.account.to_string()).replace("SM1", "by our id"),
        )
        .await,
    );
    let stored = desk.stored().await;
    assert_eq!((stored.events, stored.agency, stored.revenue), (6, usd(-13), usd(13)));
    desk.assert_sound().await;
}

#[tokio::test]
async fn a_price_in_the_event_is_data_like_any_other() {
    let desk = Desk::open().await;
    let priced = r#""segments":2,"price":"0.01","unit_price":7,"amount":"-9","currency":"EUR""#;
    let body = GOOD.replace(r#""segments":2"#, priced);
    assert_eq!(desk.send(SINGLE, body).await.status, 204);
    assert_eq!(desk.stored().await.agency, usd(-2));
    desk.assert_sound().await;
}

#[tokio::test]
async fn without_a_time_it_happened_now() {
    let desk = Desk::open().await;
    let timeless = GOOD.replace(&format!(r#","time":"{TIME}""#), "");
    assert_eq!(desk.send(SINGLE, timeless.clone()).await.status, 204);
    let now = desk.server.deps.clock.now();
    assert_eq!(desk.last_event().await.at, now);
    // Sent again a minute later it is still the same event.
    desk.server.clock.pass(Duration::from_secs(60));
    assert_eq!(desk.send(SINGLE, timeless.clone()).await.status, 204);
    let null = timeless.replace(r#""subject""#, r#""time":null,"subject""#);
    assert_eq!(desk.send(SINGLE, null).await.status, 204);
    let stored = desk.stored().await;
    assert_eq!((stored.events, stored.agency), (1, usd(-2)));
    assert_eq!(desk.last_event().await.at, now);
}

#[tokio::test]
async fn an_identity_is_drawn_once_and_says_one_thing() {
    let desk = Desk::open().await;
    let together = (0..50).map(|_| desk.send(SINGLE, GOOD));
    for answer in futures_util::future::join_all(together).await {
        assert_eq!((answer.status.as_u16(), answer.text.as_str()), (204, ""));
    }
    let once = desk.stored().await;
    assert_eq!((once.events, once.agency), (1, usd(-2)));
    assert_eq!(desk.send(BATCH, batch(&[GOOD.to_owned(), GOOD.to_owned()])).await.status, 204);
    assert_eq!(desk.stored().await, once);

    for other in
        [counting("3"), about("BW-0078"), at("2026-11-22T16:10:08Z"), GOOD.replace("sms", "mms")]
    {
        let answer = desk.send(SINGLE, other.clone()).await;
        assert_eq!(answer.problem(), (409, "other_payload".to_owned()), "{other}");
        assert_eq!(answer.json()["errors"][0]["pointer"], "/id");
        let answer = desk.send(BATCH, batch(&[good("new"), other])).await;
        assert_eq!(answer.problem(), (409, "other_payload".to_owned()));
        assert_eq!(answer.json()["errors"][0]["pointer"], "/1/id");
        assert_eq!(desk.stored().await, once);
    }
    // Two that disagree within one batch, too.
    let quarrel = batch(&[good("new"), good("new").replace(":2}", ":3}")]);
    assert_eq!(desk.send(BATCH, quarrel).await.problem().0, 409);
    assert_eq!(desk.stored().await, once);
    // Another source's ids are its own.
    assert_eq!(desk.send(SINGLE, GOOD.replace("twilio", "vonage")).await.status, 204);
    assert_eq!(desk.stored().await.agency, usd(-4));
    desk.assert_sound().await;
}

#[tokio::test]
async fn usage_without_a_price_is_kept() {
    let desk = Desk::open().await;
    let unknown = counting("null").replace("sms.sent", "fax.sent");
    assert_eq!(desk.send(SINGLE, unknown).await.status, 204);
    let stored = desk.stored().await;
    assert_eq!((stored.events, stored.unpriced, stored.agency), (1, 1, usd(0)));
    desk.assert_sound().await;
}

#[tokio::test]
async fn balances_are_told_without_being_asked_for() {
    let desk = Desk::open().await;
    let mut stream = Stream::open(&desk.server, &desk.owner, "", None).await;
    assert_eq!(desk.send(SINGLE, GOOD).await.status, 204);
    // Without being woken it would look again after five seconds.
    let told = tokio::time::timeout(Duration::from_secs(4), stream.next());
    let (_, name, change) = told.await.expect("told before it looks again").unwrap();
    assert_eq!(name, "change");
    assert_eq!(change["agency"]["balance"]["amount"], "-2.00");
    // A second event is told when somebody asks for it, not twice.
    assert_eq!(desk.send(SINGLE, good("2")).await.status, 204);
    desk.server.deps.meter.tell().await.unwrap();
    let (_, _, change) = stream.next().await.unwrap();
    assert_eq!(change["agency"]["balance"]["amount"], "-4.00");
}

/// Takes keys of a name away, as an operator with the database could.
fn forget(server: &Server, name: &str) {
    server.database.tamper(&format!("DELETE FROM api_keys WHERE name = '{name}'"));
}

#[tokio::test]
async fn the_agency_may_ask_the_customer_for_what_usage_has_cost_since() {
    let sandbox = Sandbox::start().await;
    let server = Server::with("http://127.0.0.1:8080", sandbox.config.clone(), false);
    let desk = Desk::on(server).await;
    let (server, owner) = (&desk.server, &desk.owner);
    desk.set_price("tiny", "0.004").await;
    let one = |event_type: &str, id: &str| {
        json!({
            "specversion": "1.0", "id": id, "source": "s", "type": event_type, "subject": "BW-0077",
            "data": { "segments": 1 },
        })
    };
    let send = |event: Value| desk.send(SINGLE, event.to_string());
    assert_eq!(send(one("sms.sent", "before it was asked")).await.status, 204);
    server.clock.pass(Duration::from_secs(60));
    let token = customers::link(server, owner, desk.account).await;
    let path = format!("/api/v1/accounts/{}", desk.account);
    let asked = server.get(owner, &path).await.json();
    let request = asked["account"]["funding"]["request"]["id"].as_str().unwrap().to_owned();
    let path = format!("{path}/billing-requests/{request}/usage");
    let change = async |method: Method, version: u32| {
        let request = owner.request(method, &path).header("if-match", format!("\"{version}\""));
        server.send(request.body(Body::empty()).unwrap()).await
    };
    assert_eq!(change(Method::PUT, 1).await.problem(), (409, "nothing_used".to_owned()));
    assert_eq!(send(one("tiny", "less than a cent")).await.status, 204);
    assert_eq!(change(Method::PUT, 1).await.problem(), (409, "nothing_used".to_owned()));
    for id in ["1", "2", "3"] {
        assert_eq!(send(one("sms.sent", id)).await.status, 204);
    }
    let answer = change(Method::PUT, 1).await;
    let usage = &answer.json()["account"]["funding"]["request"]["usage"];
    assert_eq!(usage["amount"], json!({ "amount": "3.00", "currency": "USD" }), "{answer:?}");
    assert_eq!(change(Method::PUT, 1).await.status, 412, "the account has changed since");
    let seen = customers::view(server, &token).await.json();
    assert_eq!(seen["usage"]["amount"], "3.00");
    assert_eq!(change(Method::DELETE, 2).await.status, 200);
    assert_eq!(customers::view(server, &token).await.json()["usage"], Value::Null);
    assert_eq!(change(Method::PUT, 3).await.status, 200);
    // Who was shown another sum than is asked for now is told so, and charged nothing.
    let card = sandbox.token("visa").await;
    let mut body = customers::payment("40.00", &card);
    let shown_before = customers::pay(server, &token, "a", &body).await;
    assert_eq!(shown_before.problem(), (409, "terms_changed".to_owned()));
    body["usage"] = json!({ "amount": "3", "currency": "EUR" });
    let fields = customers::pay(server, &token, "b", &body).await;
    assert_eq!(fields.json()["errors"][0]["pointer"], "/usage", "{fields:?}");
    body["usage"] = json!({ "amount": "3.00", "currency": "USD" });
    let before = desk.stored().await;
    server.clock.pass(Duration::from_secs(60));
    let paid = customers::pay(server, &token, "c", &body).await.json();
    assert_eq!((&paid["state"], &paid["amount"]["amount"]), (&json!("paid"), &json!("43.00")));
    assert_eq!(paid["usage"]["amount"], "3.00");
    let after = desk.stored().await;
    assert_eq!(after.own, usd(40));
    assert_eq!(after.agency, before.agency.plus(usd(3)).unwrap());
    assert_eq!(sandbox.count("payment_intents").await, 1);
    desk.assert_sound().await;
}
