//! The audit trail: who did what, when, and what it changed.

use serde::{Deserialize, Serialize};

use crate::{
    KeyId, SubAccountId, Timestamp, UserId,
    funding::Actor,
    text::{EmailAddress, Name},
};

/// Who did something. An [`Actor`] of the funding log, or a machine by its key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Who {
    /// A person who was signed in.
    User {
        /// Who.
        id: UserId,
        /// Their name at the time.
        name: String,
    },
    /// A machine.
    Key {
        /// Which key.
        id: KeyId,
        /// What it was called at the time.
        name: Name,
    },
    /// A customer, through a secure link.
    Customer {
        /// Whom the link was mailed to.
        email: EmailAddress,
    },
    /// Nobody: a timer, the gateway's word, the command line.
    System {
        /// Which part, in a word or two.
        part: String,
    },
}

impl Who {
    /// How the funding log, which every browser reads, names them: a machine is a part of the system there.
    pub fn actor(&self) -> Actor {
        match self {
            Self::User { id, name } => Actor::User { id: *id, name: name.clone() },
            Self::Key { name, .. } => Actor::System { part: format!("API key {name}") },
            Self::Customer { email } => Actor::Customer { email: email.clone() },
            Self::System { part } => Actor::System { part: part.clone() },
        }
    }
}

impl From<Actor> for Who {
    fn from(actor: Actor) -> Self {
        match actor {
            Actor::User { id, name } => Self::User { id, name },
            Actor::Customer { email } => Self::Customer { email },
            Actor::System { part } => Self::System { part },
        }
    }
}

/// One line of the audit trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AuditLine {
    /// Its number among the agency's; gapless.
    pub number: u64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub who: Who,
    /// What, in a word: `request_billing`, `invite_person`, …
    pub action: String,
    /// To which account, if to one.
    pub account: Option<SubAccountId>,
    /// JSON of what was, if anything was.
    pub before: Option<String>,
    /// JSON of what is.
    pub after: Option<String>,
    /// The request in the server's log.
    pub request_id: String,
}

/// `GET /audit` and `GET /accounts/{id}/audit`: newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AuditPage {
    /// The lines.
    pub lines: Vec<AuditLine>,
    /// Ask for older lines with it; none at the beginning.
    pub next_cursor: Option<String>,
}
