//! Money came in by card and is on a balance.

use super::moved;
use crate::{
    Money, PaymentId, SubAccountId, Timestamp,
    ledger::{Book, EntryKind, JournalEntry, LedgerError},
};

/// A customer paid: clearing → the customer's balance.
///
/// # Errors
/// [`LedgerError`] when the amount is nothing or does not fit.
pub fn customer_top_up(
    at: Timestamp,
    sub_account: SubAccountId,
    payment: PaymentId,
    amount: Money,
) -> Result<JournalEntry, LedgerError> {
    let postings = moved(Book::Clearing, Book::Customer { sub_account }, amount)?;
    JournalEntry::new(EntryKind::TopUp, at, Some(sub_account), payment.to_string(), postings)
}

/// The agency paid: clearing → the agency's balance.
///
/// # Errors
/// [`LedgerError`] when the amount is nothing or does not fit.
pub fn agency_top_up(
    at: Timestamp,
    payment: PaymentId,
    amount: Money,
) -> Result<JournalEntry, LedgerError> {
    let postings = moved(Book::Clearing, Book::Agency, amount)?;
    JournalEntry::new(EntryKind::TopUp, at, None, payment.to_string(), postings)
}
