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

/// The audit trail of an agency.
pub trait Audit {
    /// Adds a line.
    ///
    /// # Errors
    /// When the database says no.
    fn insert_audit(&mut self, scope: Scope, row: &AuditRow) -> Result<()>;
}
