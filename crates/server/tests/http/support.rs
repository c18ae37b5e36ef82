//! A server in a test: its own database, a clock that is set, chance from a counter.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode},
};
use billing::{
    Currency, SubAccountId, Timestamp, UserId,
    access::Role,
    funding::Actor,
    text::{EmailAddress, Name},
};
use http_body_util::BodyExt as _;
use serde_json::Value;
use server::{
    config::{Config, DemoConfig, GatewayConfig, Limits, Secret},
    courier::{Courier, address::Reach},
    deps::{Clock, Deps, Entropy},
    execute::{
        ExecuteError, Origin, Tools, import,
        people::{self, NewPerson},
    },
    gateway::stripe::Stripe,
    http::build_app_until,
    mail::mailbox::MailboxMailer,
    metering::Meter,
    storage::Scope,
};
use sha2::{Digest as _, Sha256};
use tokio::sync::watch;
use tower::ServiceExt as _;

use crate::database::Database;

/// 2026-11-22T16:10:09.25Z
const START_MILLIS: i64 = 1_795_363_809_250;
/// Everybody's, where one is needed.
pub const PASSWORD: &str = "correct horse battery";
/// What a demo is opened with.
pub const DEMO_TOKEN: &str = "a-demo-token";

/// Time that moves when told to.
pub struct SetClock(AtomicI64);

impl SetClock {
    pub fn pass(&self, span: Duration) {
        self.0.fetch_add(i64::try_from(span.as_millis()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// Chance that is the same in every run.
struct Counted(AtomicU64);

impl Entropy for Counted {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let count = self.0.fetch_add(1, Ordering::SeqCst);
            chunk.copy_from_slice(&Sha256::digest(count.to_be_bytes())[..chunk.len()]);
        }
    }
}

/// A server with nobody in it.
pub struct Server {
    pub deps: Deps,
    pub clock: Arc<SetClock>,
    pub statements: Arc<AtomicU64>,
    pub stop: watch::Sender<bool>,
    pub database: Database,
    router: Router,
}

/// Somebody with a session.
#[derive(Clone)]
pub struct Person {
    pub scope: Scope,
    pub user: UserId,
    pub email: String,
    pub cookie: String,
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("{self:?}"))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The status and the word of an error.
    pub fn problem(&self) -> (u16, String) {
        let json = self.json();
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        assert_eq!(json["status"], self.status.as_u16());
        assert_eq!(json["request_id"], self.header("x-request-id"));
        (self.status.as_u16(), json["code"].as_str().unwrap().to_owned())
    }

    /// The fields that an error names, with their words.
    pub fn fields(&self) -> Vec<(String, String)> {
        assert_eq!(self.problem(), (422, "invalid".to_owned()), "{self:?}");
        let errors = self.json()["errors"].as_array().unwrap().clone();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        errors.iter().map(|error| (text(&error["pointer"]), text(&error["code"]))).collect()
    }
}

/// A gateway that nobody answers for.
pub fn nowhere() -> GatewayConfig {
    GatewayConfig {
        api_url: "http://127.0.0.1:9".to_owned(),
        script_url: "http://127.0.0.1:9/stripe.js".to_owned(),
        secret_key: Secret("sk_test_x".to_owned()),
        publishable_key: "pk_test_x".to_owned(),
        webhook_secret: Secret("whsec_test".to_owned()),
    }
}

impl Server {
    pub fn start() -> Self {
        Self::with("http://127.0.0.1:8080", nowhere(), false)
    }

    pub fn with(public_url: &str, gateway: GatewayConfig, demo: bool) -> Self {
        Self::of(Self::config(public_url, gateway, demo))
    }

    /// One with other limits.
    pub fn limited(limits: Limits) -> Self {
        Self::of(Config { limits, ..Self::config("http://127.0.0.1:8080", nowhere(), false) })
    }

    fn config(public_url: &str, gateway: GatewayConfig, demo: bool) -> Config {
        Config {
            public_url: public_url.to_owned(),
            gateway,
            mail_from: "billing@sluice.example".to_owned(),
            demo: demo.then(|| DemoConfig { sign_in_token: Secret(DEMO_TOKEN.to_owned()) }),
            trusted_proxies: Vec::new(),
            limits: Limits::STANDARD,
            oidc: None,
        }
    }

    pub fn of(config: Config) -> Self {
        let database = Database::fresh();
        let opened = database.open();
        let clock = Arc::new(SetClock(AtomicI64::new(START_MILLIS)));
        let entropy = Arc::new(Counted(AtomicU64::new(0)));
        let mailer = MailboxMailer {
            store: opened.store.clone(),
            clock: clock.clone(),
            entropy: entropy.clone(),
        };
        let deps = Deps {
            clock: clock.clone(),
            entropy,
            meter: Meter::start(opened.store.clone(), clock.clone()),
            store: opened.store,
            gateway: Arc::new(Stripe::new(&config.gateway).unwrap()),
            courier: Courier::new(Reach::Everywhere).unwrap(),
            mailer: Arc::new(mailer),
            config: Arc::new(config),
        };
        let (stop, stopped) = watch::channel(false);
        let router = build_app_until(deps.clone(), stopped);
        let statements = opened.statements;
        Self { deps, clock, statements, stop, database, router }
    }

    /// A new agency with one person, who is signed in. Their password is no password.
    pub async fn agency(&self, name: &str) -> Person {
        self.agency_with_hash(name, "nobody knows it".to_owned()).await
    }

    /// A new agency with one person, who is signed in and knows [`PASSWORD`].
    pub async fn agency_with_password(&self, name: &str) -> Person {
        let hash = people::hash_password(PASSWORD, &Tools::of(&self.deps)).unwrap();
        self.agency_with_hash(name, hash).await
    }

    /// Somebody else of an agency, who is signed in. Their password is no password.
    pub async fn person(&self, owner: &Person, role: Role, accounts: &[SubAccountId]) -> Person {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let number = COUNT.fetch_add(1, Ordering::SeqCst);
        let domain = owner.email.split_once('@').unwrap().1;
        let email = format!("{}{number}@{domain}", role.name());
        let new = NewPerson {
            name: Name::parse(&format!("Kim {}", role.label())).unwrap(),
            email: EmailAddress::parse(&email).unwrap(),
            password_hash: "nobody knows it".to_owned(),
            role,
            accounts: accounts.iter().copied().collect(),
        };
        let (scope, tools) = (owner.scope, Tools::of(&self.deps));
        let write = move |tx: &mut dyn server::storage::Transaction| {
            let user = people::create_user(tx, &tools, scope, new.clone())?;
            let (token, _) = people::start_session(tx, &tools, scope, user.id, "")?;
            Ok::<_, ExecuteError>((user.id, token))
        };
        let (user, token) = self.deps.store.write(write).await.unwrap();
        let https = self.deps.config.is_https();
        let cookie = format!("{}={token}", if https { "__Host-sluice" } else { "sluice" });
        Person { scope, user, email, cookie }
    }

    /// Somebody in a new session, as after a while in which the old one has ended.
    pub async fn signed_in(&self, person: &Person) -> Person {
        let (scope, user, tools) = (person.scope, person.user, Tools::of(&self.deps));
        let start = move |tx: &mut dyn server::storage::Transaction| {
            people::start_session(tx, &tools, scope, user, "")
        };
        let (token, _) = self.deps.store.write(start).await.unwrap();
        let name = person.cookie.split('=').next().unwrap();
        Person { cookie: format!("{name}={token}"), ..person.clone() }
    }

    async fn agency_with_hash(&self, name: &str, hash: String) -> Person {
        let tools = Tools::of(&self.deps);
        let agency = Name::parse(name).unwrap();
        let email = format!("owner@{}.example", name.to_lowercase());
        let address = EmailAddress::parse(&email).unwrap();
        let write = move |tx: &mut dyn server::storage::Transaction| {
            let scope = people::create_agency(tx, &tools, &agency, Currency::Usd, tools.now)?;
            let owner = Name::parse("Robin Hale").unwrap();
            let user = people::create_user(
                tx,
                &tools,
                scope,
                NewPerson::owner(&owner, &address, hash.clone()),
            )?;
            let (token, _) = people::start_session(tx, &tools, scope, user.id, "")?;
            Ok::<_, ExecuteError>((scope, user.id, token))
        };
        let (scope, user, token) = self.deps.store.write(write).await.unwrap();
        let https = self.deps.config.is_https();
        let cookie = format!("{}={token}", if https { "__Host-sluice" } else { "sluice" });
        Person { scope, user, email, cookie }
    }

    /// New accounts of an agency, in the order of the CSV's rows (`external_id,name`).
    pub async fn accounts(&self, person: &Person, rows: &str) -> Vec<SubAccountId> {
        let csv = format!("external_id,name\n{rows}\n");
        let rows = import::parse(csv.as_bytes(), Currency::Usd).unwrap();
        let (scope, tools) = (person.scope, Tools::of(&self.deps));
        let write = move |tx: &mut dyn server::storage::Transaction| {
            let origin = Origin::new(Actor::system("test"), "test");
            import::import(tx, &tools, scope, &rows, &origin)?;
            let ids = rows.iter().map(|row| tx.account_by_external_id(scope, &row.external_id));
            let ids: Result<Vec<_>, _> = ids.collect();
            Ok::<_, import::ImportError>(ids?.into_iter().flatten().collect())
        };
        self.deps.store.write(write).await.unwrap()
    }

    /// Whether this stands anywhere in the database.
    pub fn stores(&self, text: &str) -> bool {
        self.database.stored().windows(text.len()).any(|window| window == text.as_bytes())
    }

    /// Sends a request through the router and reads the answer whole.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let (parts, body) = self.open(request).await.into_parts();
        // A change stream where there should be none would be read for ever.
        let whole = tokio::time::timeout(Duration::from_secs(20), body.collect());
        let text = whole.await.expect("an answer that ends").unwrap().to_bytes();
        let text = String::from_utf8(text.to_vec()).unwrap();
        Answer { status: parts.status, headers: parts.headers, text }
    }

    /// Sends a request and leaves the answer open.
    pub async fn open(&self, request: Request<Body>) -> axum::response::Response {
        self.router.clone().oneshot(request).await.unwrap()
    }

    pub async fn get(&self, person: &Person, path: &str) -> Answer {
        self.send(person.request(Method::GET, path).body(Body::empty()).unwrap()).await
    }

    /// A command with a JSON body and headers (`name: value`, each).
    pub async fn post(
        &self,
        person: &Person,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Answer {
        let mut request =
            person.request(Method::POST, path).header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// Makes a request to pay and answers its path, its account's path and the answer.
    pub async fn request_billing(&self, person: &Person, account: SubAccountId) -> Answer {
        let path = format!("/api/v1/accounts/{account}/billing-requests");
        let key = format!("ask-{account}");
        let answer = self
            .post(person, &path, &[("if-match", "\"0\""), ("idempotency-key", &key)], &terms())
            .await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer
    }
}

impl Person {
    pub fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        Request::builder()
            .method(method)
            .uri(path)
            .header("host", "127.0.0.1:8080")
            .header("cookie", &self.cookie)
    }
}

/// A body of *Email Client* that is fine.
pub fn terms() -> Value {
    serde_json::json!({
        "email": "dana@brightwater.co",
        "starting_balance": { "amount": "25.00", "currency": "USD" },
        "message": "Please take over.",
    })
}
