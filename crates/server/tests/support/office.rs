//! An installation in this process: a real database, the real gateway client on the real sandbox process, a clock that is
//! set by hand, and a mailbox. One agency with one account.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use billing::{
    Currency, Money, RequestId, SubAccountId, Timestamp,
    api::{PayBody, PayView},
    funding::{Actor, Command, Funding, Recorded},
    ledger::Book,
    text::{EmailAddress, MessageText, Name},
};
use hmac::{Hmac, Mac as _};
use serde_json::{Value, json};
use server::{
    config::{Config, Limits, Secret},
    courier::{Courier, address::Reach},
    deps::{Clock, Deps, EntropyExt as _, SystemClock, SystemEntropy},
    execute::{
        ExecuteError, Order, Origin, Outcome, Tools, execute, import,
        people::{self, NewPerson},
    },
    jobs,
    mail::mailbox::MailboxMailer,
    metering::Meter,
    pay, reconcile,
    storage::{Scope, StorageError, Store, Transaction, payments::PaymentRow},
    verify,
};
use sha2::Sha256;

#[path = "database.rs"]
pub mod database;

use super::sandbox::Sandbox;
use database::Database;

pub const WEBHOOK_SECRET: &str = "whsec_of_this_test";

/// A clock that starts at the real time, since the gateway has one of its own, and can be put forward.
pub struct HandClock(AtomicI64);

impl HandClock {
    pub fn forward(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1000, Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        let ahead = self.0.load(Ordering::SeqCst);
        Timestamp::from_millis(SystemClock.now().millis() + ahead)
    }
}

pub struct Office {
    pub deps: Deps,
    pub clock: Arc<HandClock>,
    pub sandbox: Sandbox,
    pub scope: Scope,
    pub account: SubAccountId,
    pub database: Database,
}

pub fn usd(units: i64) -> Money {
    Money::from_micros(units * 1_000_000, Currency::Usd)
}

impl Office {
    pub async fn open() -> Self {
        Self::open_on(Database::fresh()).await
    }

    pub async fn open_on(database: Database) -> Self {
        let sandbox = Sandbox::start().await;
        let clock = Arc::new(HandClock(AtomicI64::new(0)));
        let deps = deps_on(database.open().store, &sandbox, &clock);
        let (scope, account) = furnish(&deps).await;
        Self { deps, clock, sandbox, scope, account, database }
    }

    /// The same installation, on a database that holds the same.
    pub fn moved_to(self, database: Database) -> Self {
        let deps = deps_on(database.open().store, &self.sandbox, &self.clock);
        Self { deps, database, ..self }
    }

    /// A new process on the same database, when the old one is gone: what that had taken is free again.
    pub async fn started_again(self) -> Self {
        let deps = deps_on(self.database.open().store, &self.sandbox, &self.clock);
        let free = |tx: &mut dyn Transaction| {
            tx.forget_leases()?;
            tx.forget_delivery_leases()
        };
        deps.store.write(free).await.map_err(|error: StorageError| error).unwrap();
        Self { deps, ..self }
    }

    /// Carries out a command as the agency's owner, or whoever the command is usually from.
    pub async fn order(&self, command: Command) -> Result<Outcome, ExecuteError> {
        let (tools, scope) = (Tools::of(&self.deps), self.scope);
        let order = Order {
            sub_account: self.account,
            command,
            seen: None,
            origin: Origin::new(Actor::system("test"), "test"),
        };
        self.deps.store.write(move |tx| execute(tx, &tools, scope, &order)).await
    }

    /// Asks dana@brightwater.example to take over with $100.00, and answers the token of the mailed link.
    pub async fn ask(&self) -> (RequestId, String) {
        let request = RequestId::new(self.deps.clock.now(), SystemEntropy.id());
        self.order(Command::RequestBilling {
            request,
            email: EmailAddress::parse("dana@brightwater.example").unwrap(),
            starting_balance: usd(100),
            message: MessageText::parse("Hi Dana").unwrap(),
        })
        .await
        .unwrap();
        self.work().await;
        // Other letters, of a balance that has run low, say, may be newer.
        let mails = self.mails().await;
        let (_, token) = mails.iter().find_map(|mail| mail.split_once("/pay#t=")).unwrap();
        (request, token.split_whitespace().next().unwrap().to_owned())
    }

    /// Pays $100.00 with one of the sandbox's cards.
    pub async fn pay(&self, token: &str, card: &str) -> Result<PayView, pay::PayError> {
        let key = format!("key-{}", self.deps.clock.now().millis());
        self.pay_with(token, card, &key).await
    }

    pub async fn pay_with(
        &self,
        token: &str,
        card: &str,
        key: &str,
    ) -> Result<PayView, pay::PayError> {
        let confirmation_token = self.sandbox.token(card).await;
        let body = PayBody { amount: usd(100).into(), usage: None, confirmation_token };
        let raw = serde_json::to_vec(&body).unwrap();
        pay::pay(&self.deps, token, key, &raw, &body, "test").await
    }

    /// Does all that is due.
    pub async fn work(&self) {
        while jobs::tick(&self.deps).await.unwrap() > 0 {}
    }

    /// Puts the clock forward past every pause and does what is due then, until nothing is.
    pub async fn work_on(&self) {
        for _ in 0..8 {
            self.clock.forward(120);
            self.work().await;
        }
    }

    /// Delivers the gateway's event about a PaymentIntent, signed.
    pub async fn webhook(
        &self,
        id: &str,
        kind: &str,
        intent: &str,
    ) -> Result<(), jobs::WebhookRefused> {
        let event = json!({
            "id": id, "object": "event", "type": kind, "created": self.deps.clock.now().seconds(),
            "data": { "object": { "id": intent, "object": "payment_intent" } },
        });
        let (header, body) = self.sign(&event);
        jobs::take_webhook(&self.deps, &header, &body).await
    }

    pub fn sign(&self, event: &Value) -> (String, Vec<u8>) {
        let body = event.to_string().into_bytes();
        let time = self.deps.clock.now().seconds();
        let mut mac = Hmac::<Sha256>::new_from_slice(WEBHOOK_SECRET.as_bytes()).unwrap();
        mac.update(format!("{time}.").as_bytes());
        mac.update(&body);
        let signature: String =
            mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        (format!("t={time},v1={signature}"), body)
    }

    pub async fn funding(&self) -> Funding {
        let (scope, id) = (self.scope, self.account);
        let row = self.deps.store.read(move |tx| tx.account(scope, id)).await;
        row.map_err(|error: StorageError| error).unwrap().unwrap().funding
    }

    pub async fn events(&self) -> Vec<Recorded> {
        let (scope, id) = (self.scope, self.account);
        let events = self.deps.store.read(move |tx| tx.events(scope, id)).await;
        events.map_err(|error: StorageError| error).unwrap()
    }

    /// The names of the events, oldest first, but for requests and links.
    pub async fn payments(&self) -> Vec<PaymentRow> {
        let (scope, id) = (self.scope, self.account);
        let rows = self.deps.store.read(move |tx| tx.payments_of(scope, Some(id))).await;
        rows.map_err(|error: StorageError| error).unwrap()
    }

    pub async fn balance(&self, book: Book) -> Money {
        let scope = self.scope;
        let money = self.deps.store.read(move |tx| tx.balance(scope, book)).await;
        money.map_err(|error: StorageError| error).unwrap()
    }

    pub async fn own_balance(&self) -> Money {
        self.balance(Book::Customer { sub_account: self.account }).await
    }

    /// The texts of all letters, newest first.
    pub async fn mails(&self) -> Vec<String> {
        let mails = self.deps.store.read(|tx| tx.mails(100)).await;
        let mails = mails.map_err(|error: StorageError| error).unwrap();
        mails.into_iter().map(|row| format!("{}\n{}", row.mail.subject, row.mail.text)).collect()
    }

    /// How often the account went to customer billing.
    pub async fn switches(&self) -> usize {
        let events = self.events().await;
        events.iter().filter(|recorded| recorded.event.name() == "switched_to_customer").count()
    }

    /// Every invariant holds.
    pub async fn assert_books(&self) {
        let report = self.deps.store.read(|tx| verify::verify(tx)).await;
        let report = report.map_err(|error: StorageError| error).unwrap();
        assert!(report.ok, "{report:#?}");
    }

    /// Every invariant holds, and the gateway has captured what our books say is there.
    pub async fn assert_money(&self) {
        self.assert_books().await;
        let totals = &self.sandbox.books().await["totals"]["usd"];
        let cents = |name: &str| totals[name].as_i64().unwrap_or(0);
        let there = Money::from_minor(
            cents("captured") - cents("refunded") - cents("disputed"),
            Currency::Usd,
        );
        let there = there.unwrap();
        let ours = self.balance(Book::Clearing).await.negated().unwrap();
        let on_the_way = self.balance(Book::Refunds).await;
        assert_eq!(on_the_way, usd(0), "a refund is still on its way");
        assert_eq!(ours, there, "our books and the gateway's: {totals}");
    }

    /// The same, and neither has anything that the other has not.
    pub async fn assert_sound(&self) {
        self.assert_money().await;
        let report = reconcile::reconcile(&self.deps.store, &self.sandbox.stripe()).await.unwrap();
        assert!(report.ok, "{report:#?}");
    }
}

fn deps_on(store: Store, sandbox: &Sandbox, clock: &Arc<HandClock>) -> Deps {
    let entropy = Arc::new(SystemEntropy);
    let mut gateway = sandbox.config.clone();
    gateway.webhook_secret = Secret(WEBHOOK_SECRET.to_owned());
    Deps {
        clock: clock.clone(),
        entropy: entropy.clone(),
        meter: Meter::start(store.clone(), clock.clone()),
        gateway: Arc::new(sandbox.impatient()),
        courier: Courier::new(Reach::Everywhere).unwrap(),
        mailer: Arc::new(MailboxMailer { store: store.clone(), clock: clock.clone(), entropy }),
        config: Arc::new(Config {
            public_url: "https://billing.example".to_owned(),
            gateway,
            mail_from: "billing@sluice.example".to_owned(),
            demo: None,
            trusted_proxies: Vec::new(),
            limits: Limits::STANDARD,
            oidc: None,
        }),
        store,
    }
}

async fn furnish(deps: &Deps) -> (Scope, SubAccountId) {
    let tools = Tools::of(deps);
    deps.store
        .write(move |tx| {
            let agency = Name::parse("Northwind Media").unwrap();
            let scope = people::create_agency(tx, &tools, &agency, Currency::Usd, tools.now)?;
            let name = Name::parse("Robin Hale").unwrap();
            let email = EmailAddress::parse("robin@northwind.example").unwrap();
            people::create_user(
                tx,
                &tools,
                scope,
                NewPerson::owner(&name, &email, "$argon2id$none".to_owned()),
            )?;
            let csv = b"external_id,name\nBW-0077,Brightwater Plumbing\n";
            let rows = import::parse(csv, Currency::Usd).unwrap();
            let origin = Origin::new(Actor::system("test"), "test");
            import::import(tx, &tools, scope, &rows, &origin).unwrap();
            let account = tx.account_by_external_id(scope, "BW-0077")?.unwrap();
            Ok::<_, ExecuteError>((scope, account))
        })
        .await
        .unwrap()
}
