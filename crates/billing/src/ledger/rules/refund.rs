//! A refund by hand, and what became of one on its way.

use super::moved;
use crate::{
    Money, SubAccountId, Timestamp,
    funding::{Payer, RefundKey},
    ledger::{Book, EntryKind, JournalEntry, LedgerError},
};

/// Some of a payment goes back by hand: the customer's balance → refunds.
///
/// # Errors
/// [`LedgerError`] when the amount is nothing or does not fit.
pub fn refund_asked(
    at: Timestamp,
    sub_account: SubAccountId,
    refund: RefundKey,
    amount: Money,
) -> Result<JournalEntry, LedgerError> {
    let postings = moved(Book::Customer { sub_account }, Book::Refunds, amount)?;
    JournalEntry::new(EntryKind::Refund, at, Some(sub_account), refund.to_string(), postings)
}

/// It reached the card: refunds → clearing.
///
/// # Errors
/// [`LedgerError`] when the amount is nothing or does not fit.
pub fn refund_settled(
    at: Timestamp,
    sub_account: SubAccountId,
    refund: RefundKey,
    amount: Money,
) -> Result<JournalEntry, LedgerError> {
    let postings = moved(Book::Refunds, Book::Clearing, amount)?;
    let kind = EntryKind::RefundSettled;
    JournalEntry::new(kind, at, Some(sub_account), refund.to_string(), postings)
}

/// It failed: refunds → the balance of whoever pays now. `from` is clearing when the refund had been called settled: then
/// the money is back at the gateway.
///
/// # Errors
/// [`LedgerError`] when the amount is nothing or does not fit.
pub fn refund_failed(
    at: Timestamp,
    sub_account: SubAccountId,
    refund: RefundKey,
    amount: Money,
    from: Book,
    to: Payer,
) -> Result<JournalEntry, LedgerError> {
    let book = match to {
        Payer::Agency => Book::Agency,
        Payer::Customer => Book::Customer { sub_account },
    };
    let postings = moved(from, book, amount)?;
    let kind = EntryKind::RefundFailed;
    JournalEntry::new(kind, at, Some(sub_account), refund.to_string(), postings)
}
