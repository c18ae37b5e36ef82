//! Lines of the books, as one sub-account's page shows them.

use serde::{Deserialize, Serialize};

use crate::{Money, Timestamp, funding::Payer, ledger::EntryKind};

/// One line: what an entry did to one balance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LedgerLine {
    /// The entry's number among the agency's; gapless, in the order of booking.
    pub entry: u64,
    /// When it was booked.
    pub at: Timestamp,
    /// The business event.
    pub kind: EntryKind,
    /// The balance it changed: the agency's or this sub-account's own.
    pub balance_of: Payer,
    /// By how much.
    pub amount: Money,
    /// That balance after it.
    pub balance_after: Money,
    /// What caused it: a payment, a refund, a day of usage.
    pub reference: String,
}

/// `GET /accounts/{id}/ledger`: newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LedgerPage {
    /// The lines of this sub-account's entries.
    pub lines: Vec<LedgerLine>,
    /// Ask for older lines with it; none at the beginning of time.
    pub next_cursor: Option<String>,
    /// The sub-account's own balance at the end of each of the last 90 days, oldest first; empty if it never had one.
    pub curve: Vec<super::BalancePoint>,
}
