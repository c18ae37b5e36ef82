//! Repeats of a request: one effect, the same answer.

use billing::Timestamp;

use super::{Result, Scope};

/// What is known of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyRow {
    /// A hash over the route and the body it was first used with.
    pub fingerprint: [u8; 32],
    /// The answer: status and body; none while the first request is under way.
    pub answer: Option<(u16, String)>,
}

/// The keys of an agency; `by` keeps its people's apart from its customers' links.
pub trait Idempotency {
    /// What is known of a key.
    ///
    /// # Errors
    /// When the database says no; so for every method here.
    fn idempotency(&mut self, scope: Scope, by: &str, key: &str) -> Result<Option<IdempotencyRow>>;

    /// Remembers a key, with its answer or as under way.
    fn save_idempotency(
        &mut self,
        scope: Scope,
        by: &str,
        key: &str,
        row: &IdempotencyRow,
        now: Timestamp,
    ) -> Result<()>;

    /// Forgets keys older than this.
    fn prune_idempotency(&mut self, before: Timestamp) -> Result<u64>;
}
