//! What clients are told: self-contained snapshots under a gapless number per agency.

use billing::{Timestamp, api::Change};

use super::{Result, Scope};

/// The change log.
pub trait Changes {
    /// Takes the next number.
    ///
    /// # Errors
    /// When the database says no; so for every method here.
    fn next_change(&mut self, scope: Scope) -> Result<u64>;

    /// Stores a change under the number it carries; its agency's clients are told once the transaction is durable.
    fn insert_change(&mut self, scope: Scope, change: &Change, now: Timestamp) -> Result<()>;

    /// Changes after a number, oldest first, as (number, JSON).
    fn changes_after(&mut self, scope: Scope, after: u64, limit: u32)
    -> Result<Vec<(u64, String)>>;

    /// The number of the last change.
    fn last_change(&mut self, scope: Scope) -> Result<u64>;

    /// Forgets changes older than this; a client that has missed them loads anew.
    fn prune_changes(&mut self, before: Timestamp) -> Result<u64>;
}
