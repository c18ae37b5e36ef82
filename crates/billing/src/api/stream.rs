//! `GET /changes`: server-sent events. Each event's `id` is its sequence, its `event` is `change`, its data a [`Change`].
//! `Last-Event-ID` (or `?after=`) resumes; an event named `reset` says that the gap is too large: load anew.

use serde::{Deserialize, Serialize};

use super::{AccountCounts, AccountSnapshot, AgencySnapshot};

/// A self-contained snapshot of what a commit changed; nothing has to be looked up to show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Change {
    /// Gapless per agency.
    pub seq: u64,
    /// The sub-account that changed, if it was one.
    pub account: Option<AccountSnapshot>,
    /// The agency after it.
    pub agency: AgencySnapshot,
    /// How many sub-accounts there are after it.
    pub counts: AccountCounts,
}
