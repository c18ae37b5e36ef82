use rusqlite::params;

use super::{Sqlite, agency, to_json};
use crate::storage::{
    Result, Scope,
    audit::{Audit, AuditRow},
};

impl Audit for Sqlite {
    fn insert_audit(&mut self, scope: Scope, row: &AuditRow) -> Result<()> {
        self.execute(
            "INSERT INTO audit (agency_id, number, at, actor, action, account_id, before, after, request_id)
             SELECT ?1, coalesce(max(number), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 FROM audit
             WHERE agency_id = ?1",
            params![
                agency(scope),
                row.at.millis(),
                to_json(&row.who)?,
                row.action,
                row.sub_account.map(|id| id.to_string()),
                row.before,
                row.after,
                row.request_id,
            ],
        )?;
        Ok(())
    }
}
