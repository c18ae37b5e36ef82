//! Letters about a sub-account, and what became of them.

use serde::{Deserialize, Serialize};

use crate::{Timestamp, text::EmailAddress};

/// A letter about a sub-account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LetterView {
    /// When it came to be.
    pub at: Timestamp,
    /// What it is about: `billing_request`, `receipt` and so on.
    pub kind: String,
    /// Whom it is for; none when it is for the agency's owner.
    pub to: Option<EmailAddress>,
    /// How far it got.
    pub state: LetterState,
    /// What the mail server said, or why it could not be asked, at the last try that failed.
    pub detail: Option<String>,
    /// When it is tried again, if it was put off.
    pub next_try: Option<Timestamp>,
}

impl LetterView {
    /// Whether there will be news of it.
    pub fn is_open(&self) -> bool {
        matches!(self.state, LetterState::Waiting | LetterState::Deferred)
    }
}

/// How far a letter got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum LetterState {
    /// Not tried yet.
    Waiting,
    /// The mail server has taken it.
    Accepted,
    /// The mail server is away or said "later": it is tried again.
    Deferred,
    /// The mail server does not take it, or was away for days: it is not tried again.
    Refused,
    /// Nobody needs it any more; what it was about had ended before it was sent.
    Dropped,
}
