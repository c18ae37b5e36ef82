use billing::{Timestamp, ids::NotAnId};

use super::{
    Postgres, agency,
    values::{get, json, number, signed, timestamp, to_json},
};
use crate::storage::{
    Result, Scope, StorageError,
    audit::{Audit, AuditQuery, AuditRow},
};

impl Audit for Postgres {
    fn insert_audit(&mut self, scope: Scope, row: &AuditRow) -> Result<()> {
        self.within(scope)?.execute(
            "INSERT INTO audit (agency_id, number, at, actor, action, account_id, before, after, request_id)
             SELECT $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5, $6, $7, $8 FROM audit
             WHERE agency_id = $1",
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

    fn audit(&mut self, scope: Scope, query: &AuditQuery) -> Result<Vec<(u64, AuditRow)>> {
        self.within(scope)?.all(
            "SELECT number, at, actor, action, account_id, before, after, request_id FROM audit
             WHERE agency_id = $1
               AND ($2::text IS NULL OR account_id = $2)
               AND ($3::text IS NULL OR action = $3)
               AND ($4::text IS NULL OR $4 IN
                    (actor::json ->> 'id', actor::json ->> 'email', actor::json ->> 'kind'))
               AND ($5::bigint IS NULL OR at >= $5) AND ($6::bigint IS NULL OR at < $6)
               AND ($7::bigint IS NULL OR number < $7)
             ORDER BY number DESC LIMIT $8",
            params![
                agency(scope),
                query.account.map(|id| id.to_string()),
                query.action,
                query.actor,
                query.from.map(Timestamp::millis),
                query.to.map(Timestamp::millis),
                query.before.map(signed),
                i64::from(query.limit),
            ],
            |row| {
                let account: Option<String> = get(row, 4)?;
                let account = account.map(|id| id.parse()).transpose();
                let line = AuditRow {
                    at: timestamp(row, 1)?,
                    who: json(row, 2)?,
                    action: get(row, 3)?,
                    sub_account: account
                        .map_err(|error: NotAnId| StorageError::Damaged(error.to_string()))?,
                    before: get(row, 5)?,
                    after: get(row, 6)?,
                    request_id: get(row, 7)?,
                };
                Ok((number(row, 0)?, line))
            },
        )
    }
}
