//! *Add to Agency Billing*: the customer's balance → the agency's, and refunds where asked for. One entry for all of it.

use crate::{
    Money, SubAccountId, Timestamp,
    funding::RefundKey,
    ledger::{Book, EntryKind, JournalEntry, LedgerError, Posting},
};

/// The entry, or nothing when the balance was exactly zero. A negative `moved` is a debt the agency takes over.
///
/// # Errors
/// [`LedgerError`] when an amount does not fit.
pub fn return_to_agency(
    at: Timestamp,
    sub_account: SubAccountId,
    moved: Money,
    refunds: &[(RefundKey, Money)],
) -> Result<Option<JournalEntry>, LedgerError> {
    let zero = Money::zero(moved.currency());
    let refunded = refunds.iter().try_fold(zero, |sum, (_, amount)| sum.plus(*amount));
    let refunded = refunded.map_err(|_| LedgerError::Amount)?;
    let all = moved.plus(refunded).and_then(Money::negated).map_err(|_| LedgerError::Amount)?;
    let postings: Vec<_> = [
        Posting { book: Book::Agency, amount: moved },
        Posting { book: Book::Refunds, amount: refunded },
        Posting { book: Book::Customer { sub_account }, amount: all },
    ]
    .into_iter()
    .filter(|posting| !posting.amount.is_zero())
    .collect();
    if postings.is_empty() {
        return Ok(None);
    }
    // One return per sub-account and instant: the instant names it.
    let reference = format!("{sub_account}@{}", at.millis());
    JournalEntry::new(EntryKind::Return, at, Some(sub_account), reference, postings).map(Some)
}
