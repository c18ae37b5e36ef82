//! Usage: one row per event with its draw, and the index of known identities. What it sums up to per day is in [`super::usage_days`].

use billing::{
    Quantity, SubAccountId, Timestamp,
    funding::Payer,
    usage::{Day, DrawnEvent, EventType},
};

use super::{Result, Scope};

/// The fingerprint of an event's identity ([`billing::usage::event_key`]).
pub type EventKey = [u8; billing::usage::DIGEST_BYTES];

/// How an event was paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draw {
    /// The entry of the ledger that took the money; 0 when there was none to take.
    pub entry: u64,
    /// Who paid.
    pub payer: Payer,
    /// How much was used.
    pub quantity: Quantity,
    /// How much of the month was used before it, where the price asks.
    pub used_before: Quantity,
    /// What it cost, in millionths of the currency unit.
    pub amount_micros: i64,
    /// The version of the price.
    pub price: u64,
    /// The version of the markup, if one was added.
    pub markup: Option<u64>,
    /// The number of the event before it on the same line of the day; 0 for the first.
    pub previous: u64,
}

/// A usage event as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRow {
    /// From 1, without gaps, per agency, in the order of arrival.
    pub number: u64,
    /// Whose usage.
    pub account: SubAccountId,
    /// When it happened.
    pub at: Timestamp,
    /// When it came.
    pub received_at: Timestamp,
    /// Its identity, first half.
    pub source: String,
    /// Its identity, second half.
    pub id: String,
    /// What kind of usage.
    pub event_type: EventType,
    /// Its data as it came, JSON.
    pub data: String,
    /// The fingerprint of what it said ([`billing::usage::payload_hash`]).
    pub payload: EventKey,
    /// How it was paid for; nothing while its type has no price.
    pub draw: Option<Draw>,
}

impl EventRow {
    /// The line of the day that it is on when this party pays for it.
    pub fn day_key(&self, payer: Payer) -> DayKey {
        let (day, event_type) = (Day::of(self.at), self.event_type.clone());
        DayKey { day, account: self.account, event_type, payer }
    }

    /// It with its draw, as the ledger vouches for it.
    pub fn drawn(&self, draw: &Draw) -> DrawnEvent<'_> {
        DrawnEvent {
            number: self.number,
            account: self.account,
            at: self.at,
            source: &self.source,
            id: &self.id,
            event_type: self.event_type.as_str(),
            data: &self.data,
            payer: draw.payer,
            quantity: draw.quantity,
            used_before: draw.used_before,
            amount_micros: draw.amount_micros,
            price: draw.price,
            markup: draw.markup,
        }
    }
}

/// A usage event to be stored.
#[derive(Clone, Copy, Debug)]
pub struct NewEventRow<'a> {
    /// The next number.
    pub number: u64,
    /// Whose usage.
    pub account: SubAccountId,
    /// When it happened.
    pub at: Timestamp,
    /// When it came.
    pub received_at: Timestamp,
    /// Its identity, first half.
    pub source: &'a str,
    /// Its identity, second half.
    pub id: &'a str,
    /// What kind of usage.
    pub event_type: &'a EventType,
    /// Its data as it came, JSON.
    pub data: &'a str,
    /// The fingerprint of what it said.
    pub payload: EventKey,
    /// How it is paid for.
    pub draw: Option<Draw>,
}

/// One line of a day: what one sub-account used of one type, at one payer's cost.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DayKey {
    /// The day of the events' own time, in UTC.
    pub day: Day,
    /// Whose usage.
    pub account: SubAccountId,
    /// What kind.
    pub event_type: EventType,
    /// Who paid.
    pub payer: Payer,
}

/// What a line of a day sums up to, or what is added to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DaySum {
    /// How many events.
    pub events: u64,
    /// How many of them came after the account's payer had changed.
    pub late_events: u64,
    /// How much was used.
    pub quantity: Quantity,
    /// What it cost, in millionths of the currency unit.
    pub amount_micros: i64,
    /// The number of the newest event.
    pub last_event: u64,
}

/// A type of event that waits for a price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unpriced {
    /// Which.
    pub event_type: EventType,
    /// How many events wait.
    pub events: u64,
    /// The time of the earliest.
    pub first_at: Timestamp,
}

/// Counters of an agency's metering.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MeteringHead {
    /// How many events there are; the number of the last one.
    pub events: u64,
    /// How many of them are in the sorted index of identities.
    pub indexed: u64,
    /// The number of the last change of what usage costs or who pays for it.
    pub version: u64,
}

/// One segment of the index: identities of consecutive events, sorted, in pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexPage {
    /// The first identity on it.
    pub first: EventKey,
    /// Identities with their event's number: 16 + 8 bytes each, sorted.
    pub entries: Vec<u8>,
}

/// Which lines of days to sum up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageQuery {
    /// From this day on.
    pub from: Day,
    /// Before this day.
    pub to: Day,
    /// Of one sub-account only.
    pub account: Option<SubAccountId>,
}

impl UsageQuery {
    /// Every line there is.
    pub fn everything() -> Self {
        Self { from: Day(i64::MIN), to: Day(i64::MAX), account: None }
    }
}

/// One segment of a report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Segment {
    /// The sub-account's id, the type, the day (`2026-11-22`) or the payer.
    pub key: String,
    /// The sub-account's name; otherwise as the key.
    pub label: String,
    /// How many events.
    pub events: u64,
    /// How many of them came late.
    pub late_events: u64,
    /// How much was used, in millionths.
    pub quantity_micros: i64,
    /// What the agency paid of it, in millionths of the currency unit.
    pub agency_micros: i64,
    /// What customers paid of it, in millionths of the currency unit.
    pub customer_micros: i64,
}

/// The usage of an agency's sub-accounts.
pub trait Usage {
    /// The counters, and with them the right to be the one that adds events until the transaction ends.
    ///
    /// # Errors
    /// When the database says no; so for every method here.
    fn metering_head(&mut self, scope: Scope) -> Result<MeteringHead>;

    /// Stores the counters.
    fn save_metering_head(&mut self, scope: Scope, head: &MeteringHead) -> Result<()>;

    /// Notes that what usage costs (no account given: prices) or who pays for an account's has changed, so that every server
    /// forgets what it remembers of it.
    fn note_metering_change(&mut self, scope: Scope, account: Option<SubAccountId>) -> Result<()>;

    /// What changed after a version.
    fn metering_changes(&mut self, scope: Scope, after: u64) -> Result<Vec<Option<SubAccountId>>>;

    /// Adds events; their numbers follow the last one.
    fn insert_events(&mut self, scope: Scope, events: &[NewEventRow<'_>]) -> Result<()>;

    /// One event.
    fn event(&mut self, scope: Scope, number: u64) -> Result<Option<EventRow>>;

    /// Events from a number on, in order.
    fn events_from(&mut self, scope: Scope, number: u64, limit: u32) -> Result<Vec<EventRow>>;

    /// Events of a type that wait for a price, in order, after a number.
    fn unpriced_events(
        &mut self,
        scope: Scope,
        event_type: &EventType,
        after: u64,
        limit: u32,
    ) -> Result<Vec<EventRow>>;

    /// The types that wait for a price.
    fn unpriced_types(&mut self, scope: Scope) -> Result<Vec<Unpriced>>;

    /// Stores the draw of an event that waited for a price.
    fn save_draw(&mut self, scope: Scope, number: u64, draw: &Draw) -> Result<()>;

    /// Adds a segment to the index.
    fn insert_index_segment(
        &mut self,
        scope: Scope,
        segment: u64,
        pages: &[IndexPage],
    ) -> Result<()>;

    /// The pages of a segment, in order.
    fn index_segment(&mut self, scope: Scope, segment: u64) -> Result<Vec<IndexPage>>;

    /// The page of a segment on which an identity would be.
    fn index_page(
        &mut self,
        scope: Scope,
        segment: u64,
        key: &EventKey,
    ) -> Result<Option<IndexPage>>;
}
