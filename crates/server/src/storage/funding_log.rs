//! What happened to each sub-account's funding, in order.

use billing::{SubAccountId, funding::Recorded};

use super::{Result, Scope};

/// The event log.
pub trait FundingLog {
    /// Adds an event.
    ///
    /// # Errors
    /// When the database says no; so for every method here.
    fn append_event(
        &mut self,
        scope: Scope,
        sub_account: SubAccountId,
        recorded: &Recorded,
    ) -> Result<()>;

    /// All events of a sub-account, oldest first.
    fn events(&mut self, scope: Scope, sub_account: SubAccountId) -> Result<Vec<Recorded>>;

    /// The newest event that counts for the version: who got there first.
    fn last_event(&mut self, scope: Scope, sub_account: SubAccountId) -> Result<Option<Recorded>>;
}
