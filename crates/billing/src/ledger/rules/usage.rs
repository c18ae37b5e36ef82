//! Draws of usage, many at once: the payer's balance → revenue, one entry per commit and balance. Its draws are the events that
//! name it; their fingerprint stands in the reference, and so in the hash chain.

use super::moved;
use crate::{
    Money, Timestamp,
    ledger::{Book, EntryKind, JournalEntry, LedgerError},
};

/// The draws of a commit from one balance, `amount` in all. The balance may go below zero; usage that happened is drawn.
///
/// # Errors
/// [`LedgerError`] when the amount is nothing or does not fit.
pub fn draws(
    at: Timestamp,
    book: Book,
    amount: Money,
    reference: String,
) -> Result<JournalEntry, LedgerError> {
    let postings = moved(book, Book::Revenue, amount)?;
    JournalEntry::new(EntryKind::Draw, at, book.sub_account(), reference, postings)
}

/// The reference of such an entry: its draws are among the events from `first` to `last`, and `digest` vouches for them.
pub fn reference(book: Book, first: u64, last: u64, digest: &str) -> String {
    match book.sub_account() {
        Some(sub_account) => format!("events/{first}-{last}/{digest}/{sub_account}"),
        None => format!("events/{first}-{last}/{digest}"),
    }
}

/// Reads a reference back: the events and the digest. Nothing for a draw that is not of events.
pub fn read_reference(reference: &str) -> Option<(u64, u64, &str)> {
    let mut parts = reference.strip_prefix("events/")?.split('/');
    let (first, last) = parts.next()?.split_once('-')?;
    Some((first.parse().ok()?, last.parse().ok()?, parts.next()?))
}

#[cfg(test)]
mod tests;
