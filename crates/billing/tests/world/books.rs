//! The fold of every entry, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use billing::ledger::{Book, JournalEntry};

use super::{Checked, ensure};

/// Balances in millionths.
#[derive(Clone, Debug, Default)]
pub struct Books {
    balances: BTreeMap<Book, i64>,
    /// What caused the entries so far, by kind: nothing is booked twice.
    causes: BTreeSet<(&'static str, String)>,
}

impl Books {
    /// What stands on a book.
    pub fn balance(&self, book: Book) -> i64 {
        self.balances.get(&book).copied().unwrap_or(0)
    }

    /// Every book that was ever touched.
    pub fn all(&self) -> &BTreeMap<Book, i64> {
        &self.balances
    }

    /// Books an entry.
    pub fn book(&mut self, entry: &JournalEntry) -> Checked {
        let sum: i64 = entry.postings().iter().map(|posting| posting.amount.micros()).sum();
        ensure!(sum == 0, "an entry that does not balance: {entry:?}");
        let new = self.causes.insert((entry.kind().name(), entry.reference().to_owned()));
        ensure!(new, "booked twice: {entry:?}");
        for posting in entry.postings() {
            *self.balances.entry(posting.book).or_default() += posting.amount.micros();
        }
        Ok(())
    }
}
