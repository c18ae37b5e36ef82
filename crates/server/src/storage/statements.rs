//! Statements and receipts: numbered without gaps, and never changed once they are issued.

use billing::{
    Money, PaymentId, SubAccountId, Timestamp,
    ledger::{Book, EntryKind},
    usage::Month,
};
use sha2::{Digest as _, Sha256};

use super::{Result, Scope, journal::EntryRow};

/// A month of an agency that is over: which entries are in it, whosever balance they touch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeriodRow {
    /// Which month.
    pub month: Month,
    /// The time zone it is a month in.
    pub zone: String,
    /// When it began; what was left over from the month before is in it, too.
    pub from: Timestamp,
    /// When it ended.
    pub to: Timestamp,
    /// The entries up to this number are in earlier months.
    pub after_entry: u64,
    /// Its last entry.
    pub last_entry: u64,
    /// When it was closed.
    pub closed_at: Timestamp,
}

/// How far the statements of a month are issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Of the agency's balance and of those up to this sub-account's; of none yet.
    Upto(Option<SubAccountId>),
    /// All of them.
    Done,
}

impl Progress {
    /// Its column: empty before the first, nothing after the last.
    pub(super) fn column(self) -> Option<String> {
        match self {
            Self::Upto(account) => Some(account.map(|id| id.to_string()).unwrap_or_default()),
            Self::Done => None,
        }
    }
}

/// A statement as it was issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementRow {
    /// Its number among the agency's, from 1, without gaps.
    pub serial: u64,
    /// Whose balance; none for the agency's own.
    pub account: Option<SubAccountId>,
    /// Of which month.
    pub month: Month,
    /// When.
    pub issued_at: Timestamp,
    /// The balance before it.
    pub opening: Money,
    /// The balance after it.
    pub closing: Money,
    /// `billing::api::Statement` as JSON.
    pub content: String,
    /// The hash of the content, [`digest`].
    pub digest: [u8; 32],
}

/// A receipt as it was issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptRow {
    /// Its number among the agency's, from 1, without gaps.
    pub serial: u64,
    /// For which payment.
    pub payment: PaymentId,
    /// Of which sub-account; none for the agency's own balance.
    pub account: Option<SubAccountId>,
    /// When.
    pub issued_at: Timestamp,
    /// `billing::api::Receipt` as JSON.
    pub content: String,
    /// The hash of the content, [`digest`].
    pub digest: [u8; 32],
}

/// What vouches for an issued text.
pub fn digest(content: &str) -> [u8; 32] {
    Sha256::digest(content.as_bytes()).into()
}

/// The statements and receipts of an agency, and the ledger as they read it.
pub trait Statements {
    /// The time zone that the agency's months begin in; none while none was chosen.
    ///
    /// # Errors
    /// When the database says no; so for every method here.
    fn time_zone(&mut self, scope: Scope) -> Result<Option<String>>;

    /// Chooses it.
    fn save_time_zone(&mut self, scope: Scope, zone: &str) -> Result<()>;

    /// How many entries the agency has.
    fn entry_count(&mut self, scope: Scope) -> Result<u64>;

    /// The first entry after a number that was booked at an instant or later.
    fn entry_since(&mut self, scope: Scope, after: u64, at: Timestamp) -> Result<Option<u64>>;

    /// The entry of this kind and reference.
    fn entry_named(
        &mut self,
        scope: Scope,
        kind: EntryKind,
        reference: &str,
    ) -> Result<Option<EntryRow>>;

    /// Entries that touch the agency's balance or a customer's, after a number and up to another, oldest first.
    fn entries_on(
        &mut self,
        scope: Scope,
        book: Book,
        after: u64,
        upto: u64,
        limit: u32,
    ) -> Result<Vec<EntryRow>>;

    /// What was on the agency's balance or a customer's after an entry.
    fn balance_at(&mut self, scope: Scope, book: Book, entry: u64) -> Result<Money>;

    /// Sub-accounts that have ever had a balance of their own, after one, in the order of their ids.
    fn with_own_balance(
        &mut self,
        scope: Scope,
        after: Option<SubAccountId>,
        limit: u32,
    ) -> Result<Vec<SubAccountId>>;

    /// Closes a month: nothing of it has been issued yet.
    fn insert_period(&mut self, scope: Scope, period: &PeriodRow) -> Result<()>;

    /// All months that are closed, oldest first.
    fn periods(&mut self, scope: Scope) -> Result<Vec<PeriodRow>>;

    /// The oldest month whose statements are not all issued, and how far they are.
    fn unissued(&mut self, scope: Scope) -> Result<Option<(PeriodRow, Progress)>>;

    /// Remembers how far.
    fn save_progress(&mut self, scope: Scope, month: Month, progress: Progress) -> Result<()>;

    /// The number that the next statement has.
    fn next_statement(&mut self, scope: Scope) -> Result<u64>;

    /// Issues a statement.
    fn insert_statement(&mut self, scope: Scope, statement: &StatementRow) -> Result<()>;

    /// A balance's statement of a month.
    fn statement(
        &mut self,
        scope: Scope,
        account: Option<SubAccountId>,
        month: Month,
    ) -> Result<Option<StatementRow>>;

    /// A balance's statements, newest first, without their content.
    fn statements_of(
        &mut self,
        scope: Scope,
        account: Option<SubAccountId>,
    ) -> Result<Vec<StatementRow>>;

    /// Statements from a number on: to verify them.
    fn statements_from(
        &mut self,
        scope: Scope,
        serial: u64,
        limit: u32,
    ) -> Result<Vec<StatementRow>>;

    /// The number that the next receipt has.
    fn next_receipt(&mut self, scope: Scope) -> Result<u64>;

    /// Issues a receipt.
    fn insert_receipt(&mut self, scope: Scope, receipt: &ReceiptRow) -> Result<()>;

    /// The receipt for a payment.
    fn receipt(&mut self, scope: Scope, payment: PaymentId) -> Result<Option<ReceiptRow>>;

    /// Receipts from a number on: to verify them.
    fn receipts_from(&mut self, scope: Scope, serial: u64, limit: u32) -> Result<Vec<ReceiptRow>>;
}
