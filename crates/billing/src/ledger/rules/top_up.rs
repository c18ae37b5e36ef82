//! Money came in by card and is on a balance.

use super::moved;
use crate::{
    Money, PaymentId, SubAccountId, Timestamp,
    ledger::{Book, EntryKind, JournalEntry, LedgerError, Posting},
};

/// A customer paid: clearing → the customer's balance; what of it is for usage that the agency had paid, to the agency's.
///
/// # Errors
/// [`LedgerError`] when the amount is nothing or does not fit.
pub fn customer_top_up(
    at: Timestamp,
    sub_account: SubAccountId,
    payment: PaymentId,
    amount: Money,
    usage: Option<Money>,
) -> Result<JournalEntry, LedgerError> {
    let own = usage.map_or(Ok(amount), |usage| amount.minus(usage));
    let own = own.map_err(|_| LedgerError::Amount)?;
    let paid = amount.negated().map_err(|_| LedgerError::Amount)?;
    let to_agency = usage.map(|amount| Posting { book: Book::Agency, amount });
    let mut postings = vec![
        Posting { book: Book::Customer { sub_account }, amount: own },
        Posting { book: Book::Clearing, amount: paid },
    ];
    postings.extend(to_agency);
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
