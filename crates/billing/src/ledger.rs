//! The books: balanced entries over a few books, one rule per business event.
//!
//! What we owe is positive (the agency's balance, a customer's, refunds on their way); what we are owed or hold is negative
//! (money at the gateway). Every entry's postings sum to zero; entries are append-only and chained by hash ([`chain`]), and a
//! correction is a new entry.

mod book;
pub mod chain;
mod entry;
pub mod rules;

pub use book::Book;
pub use entry::{EntryKind, JournalEntry, LedgerError, Posting};
pub use rules::entry_for;

#[cfg(test)]
mod tests;
