//! Sending usage in a test.

use billing::{
    Currency, Money, Timestamp,
    funding::{Actor, Payer},
    pricing::{Price, PriceSubject, Setting, Terms},
    timeline::{self, Interval},
    usage::{Day, EventType},
};
use server::{
    execute::{ExecuteError, Origin, prices},
    metering::{Batch, MeterError, NewEvent, data_fields},
    storage::{
        StorageError,
        usage::{DayKey, DaySum, MeteringHead, Unpriced},
    },
    verify,
};

use super::office::Office;

pub fn price(text: &str) -> Price {
    Price::parse(text).unwrap()
}

pub fn micros(micros: i64) -> Money {
    Money::from_micros(micros, Currency::Usd)
}

/// A text message of one segment.
pub fn event(id: &str, subject: &str, at: Timestamp) -> NewEvent {
    event_of("sms.sent", id, subject, at)
}

pub fn event_of(event_type: &str, id: &str, subject: &str, at: Timestamp) -> NewEvent {
    let data = r#"{"segments":1}"#;
    NewEvent::new(
        "twilio".to_owned(),
        id.to_owned(),
        subject.to_owned(),
        EventType::parse(event_type).unwrap(),
        Some(at),
        (data.to_owned(), data_fields(data).unwrap()),
    )
}

/// What an office can do with usage.
pub trait Usage {
    fn batch(&self, events: Vec<NewEvent>) -> Batch;
    async fn record(&self, events: Vec<NewEvent>) -> Result<(), MeterError>;
    fn list(&self, event_type: &str) -> PriceSubject;
    async fn set(&self, subject: PriceSubject, setting: Setting, from: Timestamp);
    async fn set_price(&self, event_type: &str, unit_price: &str, from: Timestamp);
    async fn day(&self, event_type: &str, payer: Payer, at: Timestamp) -> Option<DaySum>;
    async fn head(&self) -> MeteringHead;
    async fn unpriced(&self) -> Vec<Unpriced>;
    async fn timeline(&self) -> Vec<Interval>;
    /// What verify finds in a copy of the database after a statement that goes around every guard.
    async fn after(&self, tampering: &str) -> Vec<String>;
}

impl Usage for Office {
    fn batch(&self, events: Vec<NewEvent>) -> Batch {
        Batch { scope: self.scope, events, any_age: false }
    }

    async fn record(&self, events: Vec<NewEvent>) -> Result<(), MeterError> {
        self.deps.meter.record(self.batch(events)).await
    }

    fn list(&self, event_type: &str) -> PriceSubject {
        PriceSubject::List { event_type: EventType::parse(event_type).unwrap() }
    }

    async fn set(&self, subject: PriceSubject, setting: Setting, from: Timestamp) {
        let (scope, now) = (self.scope, self.deps.clock.now());
        let origin = Origin::new(Actor::system("test"), "test");
        let write = move |tx: &mut dyn server::storage::Transaction| {
            prices::set_price(tx, scope, &subject, from, &setting, now, &origin)
        };
        let row: Result<_, ExecuteError> = self.deps.store.write(write).await;
        row.unwrap();
    }

    async fn set_price(&self, event_type: &str, unit_price: &str, from: Timestamp) {
        let terms = Terms::flat(price(unit_price), None);
        self.set(self.list(event_type), Setting::Price { terms }, from).await;
    }

    async fn day(&self, event_type: &str, payer: Payer, at: Timestamp) -> Option<DaySum> {
        let event_type = EventType::parse(event_type).unwrap();
        let key = DayKey { day: Day::of(at), account: self.account, event_type, payer };
        let scope = self.scope;
        let day = self.deps.store.read(move |tx| tx.usage_day(scope, &key)).await;
        day.map_err(|error: StorageError| error).unwrap()
    }

    async fn head(&self) -> MeteringHead {
        let scope = self.scope;
        let head = self.deps.store.read(move |tx| tx.metering_head(scope)).await;
        head.map_err(|error: StorageError| error).unwrap()
    }

    async fn unpriced(&self) -> Vec<Unpriced> {
        let scope = self.scope;
        let waiting = self.deps.store.read(move |tx| tx.unpriced_types(scope)).await;
        waiting.map_err(|error: StorageError| error).unwrap()
    }

    async fn timeline(&self) -> Vec<Interval> {
        let log = self.events().await;
        timeline::intervals(Timestamp::from_millis(0), Actor::system("test"), &log)
    }

    async fn after(&self, tampering: &str) -> Vec<String> {
        let copy = self.database.copy();
        copy.tamper(tampering);
        let report = copy.open().store.read(|tx| verify::verify(tx)).await;
        let report = report.map_err(|error: StorageError| error).unwrap();
        report.checks.into_iter().flat_map(|check| check.problems).collect()
    }
}
