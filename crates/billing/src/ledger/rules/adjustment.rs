//! Somebody corrects a balance by hand: adjustments → the balance (or back, when negative).

use super::moved;
use crate::{
    Money, SubAccountId, Timestamp,
    ledger::{Book, EntryKind, JournalEntry, LedgerError},
};

/// Whose balance is corrected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Adjusted {
    /// The agency's.
    Agency,
    /// A customer's.
    Customer(SubAccountId),
}

/// A correction of `amount`. `reference` says why, unique among adjustments.
///
/// # Errors
/// [`LedgerError`] when the amount is nothing or does not fit.
pub fn adjustment(
    at: Timestamp,
    whose: Adjusted,
    amount: Money,
    reference: String,
) -> Result<JournalEntry, LedgerError> {
    let (book, sub_account) = match whose {
        Adjusted::Agency => (Book::Agency, None),
        Adjusted::Customer(sub_account) => (Book::Customer { sub_account }, Some(sub_account)),
    };
    let postings = moved(Book::Adjustments, book, amount)?;
    JournalEntry::new(EntryKind::Adjustment, at, sub_account, reference, postings)
}
