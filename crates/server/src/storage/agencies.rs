//! Agencies: the tenants.

use billing::{AgencyId, Currency, Money, Timestamp, text::Name};

use super::{Result, Scope};

/// An agency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgencyRow {
    /// Its id.
    pub id: AgencyId,
    /// Its name.
    pub name: Name,
    /// What it is billed in.
    pub currency: Currency,
    /// Below this its balance counts as low.
    pub low_below: Money,
    /// When it was made.
    pub created_at: Timestamp,
    /// Its balance. Read only; the journal changes it.
    pub balance: Money,
    /// How many sub-accounts it has, by who pays. Read only.
    pub counts: billing::api::AccountCounts,
    /// The number of the last change told to its clients. Read only.
    pub change_seq: u64,
}

/// The agencies.
pub trait Agencies {
    /// A new one.
    ///
    /// # Errors
    /// `Conflict` when the id is taken.
    fn insert_agency(&mut self, agency: &AgencyRow) -> Result<()>;

    /// One's own.
    ///
    /// # Errors
    /// When the database says no; so for every method that follows.
    fn agency(&mut self, scope: Scope) -> Result<Option<AgencyRow>>;

    /// Another name for it.
    fn rename_agency(&mut self, scope: Scope, name: &Name) -> Result<()>;

    /// From where on its own balance is low.
    fn save_agency_low_below(&mut self, scope: Scope, low_below: Money) -> Result<()>;

    /// All of them, for the operator and for background work.
    fn agencies(&mut self) -> Result<Vec<Scope>>;
}
