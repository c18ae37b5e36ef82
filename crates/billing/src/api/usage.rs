//! Usage as clients see it: what it sums up to per day, and each draw with everything that made its amount.

use serde::{Deserialize, Serialize};

use super::PriceVersion;
use crate::{
    Currency, Money, Quantity, Standing, SubAccountId, Timestamp, funding::Payer,
    timeline::Interval, usage::EventType,
};

/// What one sub-account used of one type on one day (UTC), at one payer's cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UsageLine {
    /// The day of the events' own time, `2026-11-22`.
    pub day: String,
    /// What kind of usage.
    pub event_type: EventType,
    /// Whose balance it was drawn from.
    pub payer: Payer,
    /// How many events.
    pub events: u64,
    /// How many of them came only after the payer's time was over.
    pub late_events: u64,
    /// How much was used.
    pub quantity: Quantity,
    /// What it cost.
    pub amount: Money,
}

/// `GET /accounts/{id}/usage`: newest day first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UsagePage {
    /// The lines.
    pub lines: Vec<UsageLine>,
    /// Ask for older lines with it; none at the beginning of time.
    pub next_cursor: Option<String>,
    /// While a billing request is out: what usage has cost the agency since it was first sent.
    pub since_request: Option<Money>,
}

/// One draw, explained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExplainedDraw {
    /// The event's number among the agency's, in the order of arrival.
    pub number: u64,
    /// The event's identity, first half.
    pub source: String,
    /// The event's identity, second half.
    pub id: String,
    /// What kind of usage.
    pub event_type: EventType,
    /// When it happened.
    pub at: Timestamp,
    /// When it came.
    pub received_at: Timestamp,
    /// It came only after its payer's time was over.
    pub late: bool,
    /// What the event said, JSON.
    pub data: String,
    /// How much of it was counted.
    pub quantity: Quantity,
    /// How much of the month was used before it, where the price asks.
    pub used_before: Quantity,
    /// The version of the price that was in force at its time.
    pub price: PriceVersion,
    /// The version of the markup, if one was added.
    pub markup: Option<PriceVersion>,
    /// Whose balance it was drawn from.
    pub payer: Payer,
    /// The stretch of the funding timeline that made them the payer.
    pub interval: Option<Interval>,
    /// The entry of the ledger that took the money; none when it cost nothing.
    pub entry: Option<u64>,
    /// What it cost.
    pub amount: Money,
}

/// `GET /accounts/{id}/usage/{day}/{type}/{payer}` and `GET /accounts/{id}/ledger/{entry}/draws`: newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DrawPage {
    /// The draws.
    pub draws: Vec<ExplainedDraw>,
    /// Ask for older ones with it.
    pub next_cursor: Option<String>,
}

/// `GET /usage?by=`: what a report is segmented by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReportBy {
    /// By sub-account.
    #[default]
    Account,
    /// By type of event.
    Type,
    /// By day (UTC).
    Day,
    /// By who paid.
    Payer,
}

impl ReportBy {
    /// Every segmentation, in the order to show them.
    pub const ALL: [Self; 4] = [Self::Account, Self::Type, Self::Day, Self::Payer];

    /// The word in the URL.
    pub fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Type => "type",
            Self::Day => "day",
            Self::Payer => "payer",
        }
    }

    /// The segmentation of this word.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.name() == name)
    }
}

/// One segment of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReportRow {
    /// The sub-account's id, the type, the day or the payer.
    pub key: String,
    /// The sub-account's name; otherwise as the key.
    pub label: String,
    /// How many events.
    pub events: u64,
    /// How many of them came only after their payer's time was over.
    pub late_events: u64,
    /// How much was used. Of several types it is a sum of different things.
    pub quantity: Quantity,
    /// What the agency paid of it.
    pub agency_paid: Money,
    /// What customers paid of it.
    pub customer_paid: Money,
}

/// `GET /usage`: usage from a day to a day (UTC, both included), the dearest segment first; days in their order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UsageReport {
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// What it is segmented by.
    pub by: ReportBy,
    /// What amounts are in.
    pub currency: Currency,
    /// The segments; at most a thousand. The CSV has all.
    pub rows: Vec<ReportRow>,
    /// All segments together, also those that are not listed.
    pub total: ReportRow,
    /// How many segments there are.
    pub segments: u64,
}

/// `GET /accounts/{id}/standing`: what the metered service should do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StandingAnswer {
    /// Which sub-account.
    pub account: SubAccountId,
    /// Go on, go on but warn, or stop.
    pub standing: Standing,
    /// Whose balance says so.
    pub payer: Payer,
}
