//! What draws add up to, by the balance they are taken from: one entry each, vouching for its draws.

use std::collections::BTreeMap;

use billing::{
    Money, Timestamp,
    ledger::{
        Book,
        rules::usage::{draws, reference},
    },
    usage::{DrawDigest, DrawnEvent},
};

use crate::{
    execute::standing,
    storage::{Result, Scope, StorageError, Transaction},
};

/// The sums of a transaction's draws.
#[derive(Default)]
pub(super) struct Sums(BTreeMap<Book, (i64, DrawDigest)>);

impl Sums {
    /// Adds a draw. Those of one balance come in the order of their numbers.
    ///
    /// # Errors
    /// `Damaged` when the sum does not fit.
    pub(super) fn add(&mut self, book: Book, event: &DrawnEvent<'_>) -> Result<()> {
        let (sum, digest) = self.0.entry(book).or_default();
        *sum = sum
            .checked_add(event.amount_micros)
            .ok_or_else(|| StorageError::Damaged("draws overflow".to_owned()))?;
        digest.add(event);
        Ok(())
    }

    /// Books one entry per balance that anything is taken from; answers their numbers. The draws are among the events from
    /// `first` to `last`.
    ///
    /// # Errors
    /// When storage fails.
    pub(super) fn book(
        self,
        tx: &mut dyn Transaction,
        scope: Scope,
        (first, last): (u64, u64),
        now: Timestamp,
    ) -> Result<BTreeMap<Book, u64>> {
        let damaged = |what: String| StorageError::Damaged(what);
        let agency = tx.agency(scope)?;
        let currency =
            agency.ok_or_else(|| damaged(format!("no agency {}", scope.agency())))?.currency;
        let mut entries = BTreeMap::new();
        for (book, (sum, digest)) in self.0 {
            if sum != 0 {
                let reference = reference(book, first, last, &digest.finish());
                let amount = Money::from_micros(sum, currency);
                let entry = draws(now, book, amount, reference)
                    .map_err(|error| damaged(error.to_string()))?;
                entries.insert(book, standing::book(tx, scope, &entry, now)?);
            }
        }
        Ok(entries)
    }
}
