//! A payment landed that no balance could take: clearing → refunds.

use super::moved;
use crate::{
    Money, PaymentId, SubAccountId, Timestamp,
    ledger::{Book, EntryKind, JournalEntry, LedgerError},
};

/// The payment's money, on its way back at once.
///
/// # Errors
/// [`LedgerError`] when the amount is nothing or does not fit.
pub fn unapplied_payment(
    at: Timestamp,
    sub_account: SubAccountId,
    payment: PaymentId,
    amount: Money,
) -> Result<JournalEntry, LedgerError> {
    let postings = moved(Book::Clearing, Book::Refunds, amount)?;
    let kind = EntryKind::UnappliedPayment;
    JournalEntry::new(kind, at, Some(sub_account), payment.to_string(), postings)
}
