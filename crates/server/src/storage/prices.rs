//! Versions of prices: append-only, so that any event can be explained by the version that was in force at its time.

use billing::{
    Timestamp,
    funding::Actor,
    pricing::{PriceChange, PriceSubject},
};

use super::{Result, Scope};

/// A version as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceRow {
    /// What holds, about what, from when on.
    pub change: PriceChange,
    /// When it was set.
    pub set_at: Timestamp,
    /// By whom.
    pub set_by: Actor,
}

/// The prices of an agency.
pub trait Prices {
    /// Adds a version under the next number, which it answers.
    ///
    /// # Errors
    /// When the database says no; so for every method here.
    fn insert_price(&mut self, scope: Scope, row: &PriceRow) -> Result<u64>;

    /// Every version, by number.
    fn prices(&mut self, scope: Scope) -> Result<Vec<PriceRow>>;

    /// The versions about one subject, by number.
    fn prices_of(&mut self, scope: Scope, subject: &PriceSubject) -> Result<Vec<PriceRow>>;
}
