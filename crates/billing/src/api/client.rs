//! Sub-accounts as a client user sees them: their own, what was used, and the balance while it is theirs. Nothing here says
//! what the agency has, pays or charges others.

use serde::{Deserialize, Serialize};

use super::{AccountSnapshot, ReportBy};
use crate::{
    Currency, Money, Quantity, Standing, SubAccountId, Timestamp, funding::Payer,
    ledger::EntryKind, text::Name, usage::EventType,
};

/// One sub-account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClientAccount {
    /// Its id.
    pub id: SubAccountId,
    /// Its name.
    pub name: Name,
    /// The agency's own id for it.
    pub external_id: String,
    /// Who pays for its usage.
    pub payer: Payer,
    /// Since when.
    pub since: Timestamp,
    /// What is on its own balance; none while the agency pays.
    pub balance: Option<Money>,
    /// Below this the balance counts as low; none while the agency pays.
    pub low_below: Option<Money>,
    /// What that means for the service; none while the agency pays: it would tell of the agency's balance.
    pub standing: Option<Standing>,
}

impl ClientAccount {
    /// What of an account its client sees.
    pub fn of(account: &AccountSnapshot) -> Self {
        let payer = account.funding.payer();
        let own = payer == Payer::Customer;
        Self {
            id: account.id,
            name: account.name.clone(),
            external_id: account.external_id.clone(),
            payer,
            since: account.funding.since(),
            balance: own.then_some(account.customer_balance),
            low_below: own.then_some(account.low_below),
            standing: own.then_some(account.standing),
        }
    }
}

/// `GET /client/accounts`: all that the client user belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClientAccountList {
    /// In order of age.
    pub accounts: Vec<ClientAccount>,
    /// The change sequence at the same instant: `GET /changes?after=` it misses nothing.
    pub change_seq: u64,
}

/// A change as a client user hears of it on `GET /changes`. Numbers between two of them were about others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClientChange {
    /// Grows.
    pub seq: u64,
    /// The sub-account that changed.
    pub account: ClientAccount,
}

/// What one sub-account used of one type on one day (UTC), at one payer's cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClientUsageLine {
    /// The day of the events' own time, `2026-11-22`.
    pub day: String,
    /// What kind of usage.
    pub event_type: EventType,
    /// Whose balance it was drawn from.
    pub payer: Payer,
    /// How many events.
    pub events: u64,
    /// How much was used.
    pub quantity: Quantity,
    /// What it cost the client; none where the agency paid.
    pub amount: Option<Money>,
}

/// `GET /client/accounts/{id}/usage`: newest day first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClientUsagePage {
    /// The lines.
    pub lines: Vec<ClientUsageLine>,
    /// Ask for older lines with it; none at the beginning of time.
    pub next_cursor: Option<String>,
}

/// What an entry did to the sub-account's own balance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClientLedgerLine {
    /// When it was booked.
    pub at: Timestamp,
    /// The business event.
    pub kind: EntryKind,
    /// By how much.
    pub amount: Money,
    /// The balance after it.
    pub balance_after: Money,
}

/// `GET /client/accounts/{id}/ledger`: newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClientLedgerPage {
    /// The lines; a page may be short, or empty, though older ones follow.
    pub lines: Vec<ClientLedgerLine>,
    /// Ask for older lines with it; none at the beginning of time.
    pub next_cursor: Option<String>,
}

/// One segment of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClientReportRow {
    /// The sub-account's id, the type, the day or the payer.
    pub key: String,
    /// The sub-account's name; otherwise as the key.
    pub label: String,
    /// How many events.
    pub events: u64,
    /// How much was used. Of several types it is a sum of different things.
    pub quantity: Quantity,
    /// What the client paid of it.
    pub paid: Money,
}

/// `GET /client/usage`: usage of the client user's sub-accounts from a day to a day (UTC, both included).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClientReport {
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// What it is segmented by.
    pub by: ReportBy,
    /// What amounts are in.
    pub currency: Currency,
    /// The segments in the order of their keys.
    pub rows: Vec<ClientReportRow>,
    /// All segments together.
    pub total: ClientReportRow,
}
