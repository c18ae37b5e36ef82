//! Metered usage is paid for: the payer's balance → revenue. The balance may go below zero; usage that happened is drawn.

use super::moved;
use crate::{
    Money, SubAccountId, Timestamp,
    funding::Payer,
    ledger::{Book, EntryKind, JournalEntry, LedgerError},
};

/// A draw of `amount` from the payer of its time. `reference` names the usage, unique among draws.
///
/// # Errors
/// [`LedgerError`] when the amount is nothing or does not fit.
pub fn draw(
    at: Timestamp,
    sub_account: SubAccountId,
    payer: Payer,
    amount: Money,
    reference: String,
) -> Result<JournalEntry, LedgerError> {
    let book = match payer {
        Payer::Agency => Book::Agency,
        Payer::Customer => Book::Customer { sub_account },
    };
    let postings = moved(book, Book::Revenue, amount)?;
    JournalEntry::new(EntryKind::Draw, at, Some(sub_account), reference, postings)
}
