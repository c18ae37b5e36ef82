//! Statements and receipts, as they are issued: what is kept is this, word for word.

use serde::{Deserialize, Serialize};

use crate::{
    Currency, Money, PaymentId, SubAccountId, Timestamp,
    funding::RefundStatus,
    ledger::EntryKind,
    text::{EmailAddress, Name},
};

/// An account by its name at the time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StatementAccount {
    /// Its id.
    pub id: SubAccountId,
    /// Its name.
    pub name: Name,
}

/// One line: what changed the balance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StatementLine {
    /// The day on which it was booked, in the statement's time zone: `2026-11-22`.
    pub day: String,
    /// The business event.
    pub kind: EntryKind,
    /// The same in words.
    pub what: String,
    /// On a statement of the agency's balance: the account it is about, if it is about one.
    pub account: Option<StatementAccount>,
    /// By how much the balance changed.
    pub amount: Money,
    /// The balance after it.
    pub balance_after: Money,
}

/// `GET /agency/statements/{month}` and `GET /accounts/{account}/statements/{month}`: a month of one balance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Statement {
    /// Gapless per agency; none while the month is not over.
    pub number: Option<String>,
    /// When it was issued; it has not changed since.
    pub issued_at: Option<Timestamp>,
    /// `2026-11`
    pub month: String,
    /// The time zone that months and days are those of, an IANA name.
    pub time_zone: String,
    /// Its offset from UTC, `UTC+01:00`; both where it changes in the month.
    pub offset: String,
    /// The first day.
    pub first_day: String,
    /// The last day.
    pub last_day: String,
    /// The agency's name.
    pub agency: Name,
    /// Whose balance it is; none for the agency's own.
    pub account: Option<StatementAccount>,
    /// What amounts are in.
    pub currency: Currency,
    /// The balance before the first line.
    pub opening: Money,
    /// Oldest first; a day's usage is one line.
    pub lines: Vec<StatementLine>,
    /// The balance after the last line: opening and lines make it.
    pub closing: Money,
}

/// A statement without its lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StatementSummary {
    /// Gapless per agency.
    pub number: String,
    /// `2026-11`
    pub month: String,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// The balance before it.
    pub opening: Money,
    /// The balance after it.
    pub closing: Money,
}

/// `GET /agency/statements` and `GET /accounts/{account}/statements`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StatementList {
    /// The time zone that months are those of.
    pub time_zone: String,
    /// The running month: it can be looked at, and has no number yet.
    pub running: String,
    /// What was issued, newest first.
    pub statements: Vec<StatementSummary>,
}

/// Money on its way back to the card, as a line of a receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReceiptRefund {
    /// When it reached the card, the day in the receipt's time zone; none while it is on its way.
    pub day: Option<String>,
    /// How far it is.
    pub status: RefundStatus,
    /// How much; what failed did not leave the books.
    pub amount: Money,
}

/// A receipt for one payment. What was paid back since is told beside it; the receipt itself does not change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Receipt {
    /// Gapless per agency.
    pub number: String,
    /// The payment.
    pub payment: PaymentId,
    /// When it settled.
    pub paid_at: Timestamp,
    /// The day of it in the time zone.
    pub day: String,
    /// The time zone, an IANA name.
    pub time_zone: String,
    /// The agency's name.
    pub agency: Name,
    /// The account that it was paid for; none for the agency's own balance.
    pub account: Option<StatementAccount>,
    /// Who paid.
    pub email: EmailAddress,
    /// The card: `Visa ···· 4242`.
    pub card: Option<String>,
    /// What was paid.
    pub amount: Money,
    /// What of it was for usage that the agency had paid before.
    pub usage: Option<Money>,
    /// What was paid back, oldest first.
    #[serde(default)]
    pub refunds: Vec<ReceiptRefund>,
}

/// `GET /accounts/{account}/receipts`: newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReceiptList {
    /// One for each payment that settled.
    pub receipts: Vec<Receipt>,
}

/// `GET` and `PUT /agency/time-zone`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TimeZone {
    /// The IANA name of the zone that the agency's months begin in: `Europe/Berlin`, `UTC`.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 64)))]
    pub time_zone: String,
}
