//! Who did what, when, and what it changed.

use billing::{SubAccountId, Timestamp, api::Who};

use super::{Result, Scope};

/// A line of the audit trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub who: Who,
    /// What: a command's name.
    pub action: String,
    /// To which sub-account, if to one.
    pub sub_account: Option<SubAccountId>,
    /// JSON of what was, if anything was.
    pub before: Option<String>,
    /// JSON of what is.
    pub after: Option<String>,
    /// The request in the server's log.
    pub request_id: String,
}

/// Which lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditQuery {
    /// About this sub-account.
    pub account: Option<SubAccountId>,
    /// By the person or key of this id, the customer of this address, or anybody of this kind.
    pub actor: Option<String>,
    /// Of this action.
    pub action: Option<String>,
    /// From then on.
    pub from: Option<Timestamp>,
    /// Before then.
    pub to: Option<Timestamp>,
    /// Before the line of this number.
    pub before: Option<u64>,
    /// At most so many.
    pub limit: u32,
}

/// The audit trail of an agency.
pub trait Audit {
    /// Adds a line.
    ///
    /// # Errors
    /// When the database says no.
    fn insert_audit(&mut self, scope: Scope, row: &AuditRow) -> Result<()>;

    /// A page of lines, newest first, each with its number.
    ///
    /// # Errors
    /// When the database says no.
    fn audit(&mut self, scope: Scope, query: &AuditQuery) -> Result<Vec<(u64, AuditRow)>>;
}
