//! The books: append-only, numbered without gaps, chained by hash.

use billing::{
    Money, SubAccountId,
    ledger::{Book, JournalEntry, chain::Link},
};

use super::{Result, Scope};

/// An entry as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryRow {
    /// From 1, without gaps.
    pub number: u64,
    /// The entry.
    pub entry: JournalEntry,
    /// The chain's link at it.
    pub link: Link,
    /// The balance of each posting's book after it, in the order of the postings.
    pub balances_after: Vec<Money>,
}

/// The books of an agency.
pub trait Journal {
    /// Adds an entry and changes the balances it names.
    ///
    /// # Errors
    /// `Conflict` when an entry of this kind and reference exists; `Damaged` when a balance would not fit.
    fn append(&mut self, scope: Scope, entry: &JournalEntry) -> Result<u64>;

    /// A balance; zero when nothing was ever booked.
    ///
    /// # Errors
    /// When the database says no; so for every method that follows.
    fn balance(&mut self, scope: Scope, book: Book) -> Result<Money>;

    /// Every stored balance.
    fn balances(&mut self, scope: Scope) -> Result<Vec<(Book, Money)>>;

    /// Entries from a number on, oldest first: to verify the books.
    fn entries_from(&mut self, scope: Scope, number: u64, limit: u32) -> Result<Vec<EntryRow>>;

    /// Entries about a sub-account, newest first, before a number.
    fn entries_of(
        &mut self,
        scope: Scope,
        sub_account: SubAccountId,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<EntryRow>>;
}
