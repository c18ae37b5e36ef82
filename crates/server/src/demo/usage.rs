//! What the demo's clients use: calls, text messages, transcripts, as their telephone system would report them each evening.

use std::time::Duration;

use billing::{
    SubAccountId, Timestamp,
    funding::Actor,
    pricing::{Price, PriceSubject, Setting, Terms},
    usage::{EventType, FieldName},
};

use super::{SeedError, chance::Chance};
use crate::{
    execute::{Origin, prices},
    metering::{
        Batch, NewEvent, data_fields,
        draw::{self, Drawn},
        memory::Memory,
    },
    storage::{Scope, Transaction},
};

/// What sends the events.
const SOURCE: &str = "pbx.northwind-media.example";
const MINUTE: Duration = Duration::from_secs(60);

/// A kind of usage: its type, the field that counts, the price of one in cents, and its share of a day's cost in percent.
struct Kind {
    event_type: &'static str,
    field: &'static str,
    cents: i64,
    percent: i64,
}

/// Whole cents, so that the demo's balances are.
const KINDS: [Kind; 3] = [
    Kind { event_type: "call.connected", field: "minutes", cents: 5, percent: 60 },
    Kind { event_type: "sms.sent", field: "segments", cents: 1, percent: 15 },
    Kind { event_type: "call.transcribed", field: "minutes", cents: 2, percent: 25 },
];
/// A kind that came up lately and has no price yet.
const NEW_KIND: (&str, &str) = ("mms.sent", "messages");

/// The agency's prices.
pub(super) fn set_prices(
    tx: &mut dyn Transaction,
    scope: Scope,
    owner: &Actor,
    at: Timestamp,
) -> Result<(), SeedError> {
    let origin = Origin::new(owner.clone(), "demo".to_owned());
    for kind in KINDS {
        let price = Price::from_micros(kind.cents * 10_000).map_err(text)?;
        let field = FieldName::parse(kind.field).map_err(text)?;
        let subject = PriceSubject::List { event_type: event_type(kind.event_type)? };
        let setting = Setting::Price { terms: Terms::flat(price, Some(field)) };
        prices::set_price(tx, scope, &subject, at, &setting, at, &origin)?;
    }
    Ok(())
}

/// One evening's report of all clients.
pub(super) struct Evening<'a> {
    pub(super) chance: &'a Chance,
    pub(super) at: Timestamp,
    events: Vec<NewEvent>,
}

impl<'a> Evening<'a> {
    pub(super) fn new(chance: &'a Chance, at: Timestamp) -> Self {
        Self { chance, at, events: Vec::new() }
    }

    /// A client's day, which costs about so many cents.
    pub(super) fn used(&mut self, account: SubAccountId, cents: i64) -> Result<(), SeedError> {
        for kind in KINDS {
            let mut units = cents * kind.percent / (100 * kind.cents);
            // A busy day is told in several events, each of its own hour.
            let parts = (units / 12).clamp(1, 4);
            for part in 0..parts {
                let units_of_part = units / (parts - part);
                units -= units_of_part;
                if units_of_part > 0 {
                    self.event(account, kind.event_type, kind.field, units_of_part)?;
                }
            }
        }
        Ok(())
    }

    /// Picture messages, which nobody has set a price for.
    pub(super) fn used_new_kind(&mut self, account: SubAccountId) -> Result<(), SeedError> {
        let (event_type, field) = NEW_KIND;
        let messages = self.chance.between(1, 9);
        self.event(account, event_type, field, messages)
    }

    fn event(
        &mut self,
        account: SubAccountId,
        kind: &str,
        field: &str,
        units: i64,
    ) -> Result<(), SeedError> {
        let minutes = u32::try_from(self.chance.between(1, 600)).unwrap_or(1);
        let time = self.at.minus(MINUTE * minutes);
        let data = format!(r#"{{"{field}":{units}}}"#);
        let fields = data_fields(&data).map_err(text)?;
        let id = format!("{kind}-{}-{}", self.at.seconds(), self.events.len());
        let (source, subject) = (SOURCE.to_owned(), account.to_string());
        let event_type = event_type(kind)?;
        let event = NewEvent::new(source, id, subject, event_type, Some(time), (data, fields));
        self.events.push(event);
        Ok(())
    }

    /// Stores and draws it all.
    pub(super) fn report(
        self,
        tx: &mut dyn Transaction,
        scope: Scope,
        memory: &mut Memory,
    ) -> Result<(), SeedError> {
        let batch = Batch { scope, events: self.events, any_age: true };
        let Drawn { results, learned, .. } = draw::group(tx, memory, &[batch], self.at, || false)?;
        memory.keep(learned);
        match results.into_iter().flatten().find_map(Result::err) {
            None => Ok(()),
            Some(refused) => Err(SeedError::Text(format!("usage: {}", refused.why))),
        }
    }
}

fn event_type(text: &str) -> Result<EventType, SeedError> {
    EventType::parse(text).map_err(self::text)
}

fn text(error: impl std::fmt::Display) -> SeedError {
    SeedError::Text(error.to_string())
}
