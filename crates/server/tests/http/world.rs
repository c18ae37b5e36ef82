//! Two agencies with one of everything that a path can name, and everybody who could ask for it.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::{
    body::Body,
    http::{Method, Request},
};
use billing::{
    Currency, Money, PaymentId, SubAccountId, Timestamp,
    access::{KeyScope, Role},
    funding::{Actor, Payment, PaymentStatus, Purpose},
    ledger::rules::Adjusted,
    pricing::{Price, PriceSubject, Setting, Terms},
    text::{EmailAddress, Name},
    usage::{Day, EventType, FieldName},
};
use serde_json::{Value, json};
use server::{
    deps::EntropyExt as _,
    execute::{ExecuteError, Origin, Tools, books, endpoints, keys, prices, receipts},
    http::routes::Route,
    storage::{Scope, Transaction},
};

use crate::support::{Person, Server, nowhere};

/// The public address of the servers of these tests.
const PUBLIC_URL: &str = "http://127.0.0.1:8080";

/// Whoever asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    Nobody,
    DeadSession,
    Person(Role),
    /// A key with every scope.
    Key,
    /// A key with one scope, which few routes need.
    OtherKey,
    RevokedKey,
}

impl Asks {
    pub const ALL: [Self; 9] = [
        Self::Nobody,
        Self::DeadSession,
        Self::Person(Role::Owner),
        Self::Person(Role::BillingManager),
        Self::Person(Role::Viewer),
        Self::Person(Role::Client),
        Self::Key,
        Self::OtherKey,
        Self::RevokedKey,
    ];
}

/// An agency with one of everything. Its texts all hold its mark.
pub struct Tenant {
    pub mark: &'static str,
    pub owner: Person,
    people: Vec<(Role, Person)>,
    /// An account with an open request, which its client user sees.
    pub account: SubAccountId,
    /// An account that the client user does not see.
    pub sibling: SubAccountId,
    request: String,
    entry: u64,
    payment: PaymentId,
    own_payment: PaymentId,
    key: String,
    other_key: String,
    revoked_key: String,
}

pub struct World {
    pub server: Server,
    pub own: Tenant,
    pub other: Tenant,
    count: AtomicU64,
}

/// Ids for the parameters of a path.
pub struct Ids {
    account: String,
    request: String,
    entry: String,
    endpoint: String,
    person: String,
    key: String,
    session: String,
    payment: String,
    own_payment: String,
}

fn origin() -> Origin {
    Origin::new(Actor::system("test"), "test")
}

fn usd(units: i64) -> Money {
    Money::from_micros(units * 1_000_000, Currency::Usd)
}

impl World {
    /// `own` is the agency that asks.
    pub async fn make(own: &'static str, other: &'static str) -> Self {
        let server = Server::with(PUBLIC_URL, nowhere(), true);
        let (own, other) = (tenant(&server, own).await, tenant(&server, other).await);
        Self { server, own, other, count: AtomicU64::new(0) }
    }

    pub fn number(&self) -> u64 {
        self.count.fetch_add(1, Ordering::SeqCst)
    }

    /// Ids of things that are there; those that the route may take away are made for this one request.
    pub async fn ids(&self, route: &Route, tenant: &Tenant, asks: Asks) -> Ids {
        let names = |parameter: &str| route.path.contains(parameter);
        let mut ids = Ids {
            account: tenant.account.to_string(),
            request: tenant.request.clone(),
            entry: tenant.entry.to_string(),
            payment: tenant.payment.to_string(),
            own_payment: tenant.own_payment.to_string(),
            ..Self::absent()
        };
        if names("{endpoint}") || names("{key}") {
            (ids.endpoint, ids.key) = self.endpoint_and_key(tenant).await;
        }
        if names("{person}") {
            let somebody = self.server.person(&tenant.owner, Role::Viewer, &[]).await;
            ids.person = somebody.user.to_string();
        }
        if names("{session}") {
            ids.session = self.session(tenant, asks).await;
        }
        ids
    }

    async fn endpoint_and_key(&self, tenant: &Tenant) -> (String, String) {
        let (scope, tools) = (tenant.owner.scope, Tools::of(&self.server.deps));
        let name = Name::parse(&format!("{}STAFF key", tenant.mark)).unwrap();
        let url = format!("https://{}staff.example/in", tenant.mark.to_lowercase());
        let make = move |tx: &mut dyn Transaction| {
            let scopes = [KeyScope::UsageWrite];
            // An agency has so many and no more.
            for old in tx.keys(scope)?.iter().filter(|old| old.name == name) {
                tx.delete_key(scope, old.id)?;
            }
            for old in tx.endpoints(scope)? {
                tx.remove_endpoint(scope, old.id)?;
            }
            let key = keys::make_key(tx, &tools, scope, &name, &scopes, &origin())?;
            let endpoint = endpoints::add_endpoint(tx, &tools, scope, &url, &origin());
            Ok::<_, ExecuteError>((endpoint.unwrap().id.to_string(), key.id.to_string()))
        };
        self.server.deps.store.write(make).await.unwrap()
    }

    /// A session of whoever asks, or of the owner: it is one's own alone.
    async fn session(&self, tenant: &Tenant, asks: Asks) -> String {
        let whose = match asks {
            Asks::Person(role) => tenant.person(role),
            _ => &tenant.owner,
        };
        let fresh = self.server.signed_in(whose).await;
        let list = self.server.get(&fresh, "/api/v1/sessions").await.json();
        let sessions = list["sessions"].as_array().unwrap();
        let session = sessions.iter().find(|session| session["is_current"] == true).unwrap();
        session["id"].as_str().unwrap().to_owned()
    }

    /// Ids of the right shape that nobody has.
    pub fn absent() -> Ids {
        let id = |prefix: &str| format!("{prefix}_{}", "0".repeat(26));
        Ids {
            account: id("sub"),
            request: id("req"),
            entry: "999999".to_owned(),
            endpoint: id("whe"),
            person: id("usr"),
            key: id("key"),
            session: format!("ses_{}", "0".repeat(32)),
            payment: id("pay"),
            own_payment: id("pay"),
        }
    }

    /// A request of the own agency's for a route, with everything right about it but perhaps who asks and for what. A command
    /// about funding has seen a version that never was: it is let in, and then changes nothing.
    pub async fn request(&self, asks: Asks, route: &Route, ids: &Ids) -> Request<Body> {
        let path = route
            .path
            .replace("{account}", &ids.account)
            .replace("{request}", &ids.request)
            .replace("{entry}", &ids.entry)
            .replace("{endpoint}", &ids.endpoint)
            .replace("{person}", &ids.person)
            .replace("{key}", &ids.key)
            .replace("{session}", &ids.session)
            .replace("agency/receipts/{payment}", &format!("agency/receipts/{}", ids.own_payment))
            .replace("receipts/agency/{payment}", &format!("receipts/agency/{}", ids.own_payment))
            .replace("{payment}", &ids.payment)
            .replace("{month}", &self.month())
            .replace("{day}", "2026-11-22")
            .replace("{type}", &self.own.event_type())
            .replace("{payer}", "agency")
            .replace("{role}", "main")
            .replace("{receipt}", "R-2026-000001.pdf")
            .replace("{id}", "mail_00000000000000000000000000")
            .replace("{*path}", "app/nothing.js");
        assert!(!path.contains('{'), "{path}: what stands for this parameter?");
        let number = self.number();
        let mut request = Request::builder()
            .method(route.method.clone())
            .uri(&path)
            .header("host", "127.0.0.1:8080")
            .header("content-type", "application/json")
            .header("if-match", "\"999999\"")
            .header("idempotency-key", format!("matrix-{number}"));
        let bearer = |key: &str| format!("Bearer {key}");
        request = match asks {
            Asks::Nobody => request,
            Asks::DeadSession => request.header("cookie", "sluice=dead"),
            // One that ends sessions gets a session of its own.
            Asks::Person(role) if route.path.contains("/session") => {
                let person = self.server.signed_in(self.own.person(role)).await;
                request.header("cookie", &person.cookie)
            }
            Asks::Person(role) => request.header("cookie", &self.own.person(role).cookie),
            Asks::Key => request.header("authorization", bearer(&self.own.key)),
            Asks::OtherKey => request.header("authorization", bearer(&self.own.other_key)),
            Asks::RevokedKey => request.header("authorization", bearer(&self.own.revoked_key)),
        };
        request.body(Body::from(self.body(route, number).to_string())).unwrap()
    }

    fn body(&self, route: &Route, number: u64) -> Value {
        let money = json!({ "amount": "25.00", "currency": "USD" });
        let mark = self.own.mark;
        match (route.method.as_str(), route.path.trim_start_matches("/api/v1")) {
            ("POST", "/session") => json!({ "email": "nobody@x.example", "password": "wrong" }),
            ("POST", "/accounts/{account}/billing-requests") => {
                json!({ "email": "dana@x.example", "starting_balance": money, "message": "Hi" })
            }
            ("POST", "/accounts/{account}/agency-billing") => json!({ "choice": "transfer" }),
            ("POST", "/accounts/{account}/closure") => json!({ "balance": "transfer" }),
            ("POST", "/accounts/{account}/payments/{payment}/refunds") => {
                json!({ "amount": money })
            }
            ("POST", "/prices") => json!({
                "subject": { "of": "list", "event_type": format!("{mark}.{number}") },
                "setting": { "set": "price", "terms": {
                    "unit_price": "0.01", "quantity_field": null, "included": "0", "tiers": [],
                } },
            }),
            ("POST", "/webhook-endpoints") => json!({ "url": "https://hooks.example/in" }),
            ("PUT", "/agency/time-zone") => json!({ "time_zone": "Europe/Berlin" }),
            ("PUT", "/branding") => json!({ "name": mark, "accent": "#0b6480" }),
            ("PUT", "/embed/origins") => json!({ "origins": ["https://portal.example"] }),
            ("POST", "/embed/sessions") => json!({ "account": self.own.account }),
            ("POST", "/embed/previews") => json!({ "account": self.own.account }),
            ("POST", "/api-keys") => json!({ "name": "Robot", "scopes": ["usage:write"] }),
            ("POST", "/people") => json!({
                "name": "Kim", "email": format!("kim{number}@x.example"), "role": "viewer",
            }),
            ("PUT", "/me/password") => {
                json!({ "current_password": "wrong", "password": "correct horse battery" })
            }
            ("PUT" | "DELETE", "/me/second-factor") => json!({ "code": "000000" }),
            ("PATCH", "/people/{person}") => json!({ "name": "Kim" }),
            ("POST", "/invitations/open" | "/pay/open") => json!({ "token": "nonsense" }),
            ("POST", "/invitations/accept" | "/password-resets/accept") => {
                json!({ "token": "nonsense", "password": "correct horse battery" })
            }
            ("POST", "/password-resets") => json!({ "email": format!("{number}@x.example") }),
            ("POST", "/balance/links") => json!({ "email": format!("{number}@x.example") }),
            ("POST", "/balance/top-ups" | "/agency/top-ups") => json!({ "amount": money }),
            ("POST", "/balance/cards" | "/agency/cards") => {
                json!({ "confirmation_token": "ct_1", "role": "main" })
            }
            ("PUT", "/balance/recharge" | "/agency/recharge") => json!({
                "below": money, "amount": money, "daily_cap": money, "consent": "Yes",
                "consent_version": "2026-11",
            }),
            ("PUT", "/balance/alert" | "/agency/alert") => json!({ "low_below": money }),
            ("POST", "/pay/payments") => json!({ "amount": money, "confirmation_token": "ct_1" }),
            _ => json!({}),
        }
    }

    /// The running month.
    fn month(&self) -> String {
        Day::of(self.server.deps.clock.now()).month().text()
    }

    /// Everything of both agencies that a refused request must leave as it is. Whatever is done leaves a line in the trail.
    pub async fn fingerprint(&self) -> Vec<String> {
        let of = |tenant: &Tenant| (tenant.owner.scope, [tenant.account, tenant.sibling]);
        let tenants = [of(&self.own), of(&self.other)];
        let read = move |tx: &mut dyn Transaction| {
            let mut all = Vec::new();
            // Not the number of the last change: of usage clients are told a moment later.
            for (scope, accounts) in tenants {
                let newest = server::storage::audit::AuditQuery { limit: 1, ..Default::default() };
                let trail = tx.audit(scope, &newest)?.first().map(|(number, _)| *number);
                let people: Vec<_> = tx.users(scope)?.into_iter().map(|row| row.id).collect();
                let (keys, endpoints) = (tx.keys(scope)?.len(), tx.endpoints(scope)?.len());
                let (prices, sites) = (tx.prices(scope)?.len(), tx.embed_origins(scope)?);
                let mut funding = Vec::new();
                for account in accounts {
                    funding.push(tx.account(scope, account)?.map(|row| row.funding.version));
                }
                all.push(format!(
                    "{trail:?} {keys} {endpoints} {prices} {sites:?} {funding:?} {people:?}"
                ));
            }
            Ok::<_, ExecuteError>(all)
        };
        self.server.deps.store.read(read).await.unwrap()
    }
}

impl Tenant {
    /// What opens something: keys, and everybody's session.
    pub fn secrets(&self) -> Vec<String> {
        let people = self.people.iter().map(|(_, person)| person).chain([&self.owner]);
        let sessions = people.map(|person| person.cookie.split_once('=').unwrap().1.to_owned());
        let keys = [&self.key, &self.other_key, &self.revoked_key].map(Clone::clone);
        sessions.chain(keys).collect()
    }

    pub fn person(&self, role: Role) -> &Person {
        &self.people.iter().find(|(has, _)| *has == role).unwrap().1
    }

    pub fn event_type(&self) -> String {
        format!("{}.sent", self.mark)
    }
}

async fn tenant(server: &Server, mark: &'static str) -> Tenant {
    let owner = server.agency(mark).await;
    let rows = format!("{mark}-1,{mark} Alder\n{mark}-2,{mark}SIBLING Bay");
    let accounts = server.accounts(&owner, &rows).await;
    let [account, sibling] = accounts.as_slice() else { panic!("{accounts:?}") };
    let mut people = Vec::new();
    for role in Role::ALL {
        let sees = if role == Role::Client { &accounts[..1] } else { &[] };
        people.push((role, server.person(&owner, role, sees).await));
    }
    let (scope, tools, client) = (owner.scope, Tools::of(&server.deps), *account);
    let event_type = EventType::parse(&format!("{mark}.sent")).unwrap();
    let furnish = move |tx: &mut dyn Transaction| {
        let tools = &tools;
        let field = FieldName::parse("segments").unwrap();
        let terms = Terms::flat(Price::parse("1").unwrap(), Some(field));
        let subject = PriceSubject::List { event_type: event_type.clone() };
        let (setting, begin) = (Setting::Price { terms }, Timestamp::from_millis(0));
        prices::set_price(tx, scope, &subject, begin, &setting, tools.now, &origin())?;
        let balance = usd(77_777);
        let (agency, customer) = (Adjusted::Agency, Adjusted::Customer(client));
        books::adjust(tx, scope, agency, balance, mark.to_owned(), tools.now, &origin())?;
        books::adjust(tx, scope, customer, usd(31), "own".to_owned(), tools.now, &origin())?;
        let mut key = |name: &str, scopes: &[KeyScope]| {
            let name = Name::parse(&format!("{mark}STAFF {name}")).unwrap();
            keys::make_key(tx, tools, scope, &name, scopes, &origin())
        };
        let useful = KeyScope::ALL;
        let (good, other) = (key("good", &useful)?.key, key("other", &[KeyScope::EmbedMint])?.key);
        let revoked = key("revoked", &useful)?;
        keys::revoke_key(tx, tools, scope, revoked.id, &origin())?;
        Ok::<_, ExecuteError>((good, other, revoked.key))
    };
    let (key, other_key, revoked_key) = server.deps.store.write(furnish).await.unwrap();
    for (external, id) in [(1, "first"), (2, "second")] {
        let event = json!({
            "specversion": "1.0", "id": id, "source": mark, "type": format!("{mark}.sent"),
            "subject": format!("{mark}-{external}"), "data": { "segments": external },
        });
        let request = Request::builder()
            .method(Method::POST)
            .uri("/api/v1/events")
            .header("authorization", format!("Bearer {key}"))
            .header("content-type", "application/cloudevents+json");
        let answer = server.send(request.body(Body::from(event.to_string())).unwrap()).await;
        assert_eq!(answer.status, 204, "{answer:?}");
    }
    let asked = server.request_billing(&owner, *account).await.json();
    let request = asked["account"]["funding"]["request"]["id"].as_str().unwrap().to_owned();
    // Two corrections by hand came before the first draw.
    let path = format!("/api/v1/accounts/{account}/ledger/3/draws");
    let drawn = server.get(&owner, &path).await.json();
    assert_eq!(drawn["draws"].as_array().unwrap().len(), 1, "{drawn}");
    let (account, sibling, entry) = (*account, *sibling, 3);
    let payment = paid(server, scope, Some(account)).await;
    let own_payment = paid(server, scope, None).await;
    Tenant {
        mark,
        owner,
        people,
        account,
        sibling,
        request,
        entry,
        payment,
        own_payment,
        key,
        other_key,
        revoked_key,
    }
}

/// A payment of long ago, with its receipt.
async fn paid(server: &Server, scope: Scope, account: Option<SubAccountId>) -> PaymentId {
    let tools = Tools::of(&server.deps);
    let id = PaymentId::new(tools.now, tools.entropy.id());
    let payment = Payment {
        id,
        purpose: Purpose::TopUp,
        amount: usd(31),
        started_at: tools.now,
        status: PaymentStatus::Settled,
        failure: None,
        settled_at: Some(tools.now),
        credited: true,
        is_lot: false,
        email: EmailAddress::parse("dana@x.example").unwrap(),
        card: None,
        refunds: Vec::new(),
        disputes: Vec::new(),
    };
    let pay = move |tx: &mut dyn Transaction| {
        tx.save_payment(scope, account, &payment)?;
        receipts::issue(tx, scope, account, &payment, tools.now)
    };
    server.deps.store.write(pay).await.unwrap();
    id
}
