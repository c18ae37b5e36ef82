use billing::Timestamp;
use rusqlite::params;

use super::{Sqlite, agency, get};
use crate::storage::{
    Result, Scope,
    idempotency::{Idempotency, IdempotencyRow},
};

impl Idempotency for Sqlite {
    fn idempotency(&mut self, scope: Scope, by: &str, key: &str) -> Result<Option<IdempotencyRow>> {
        self.one(
            "SELECT fingerprint, status, body FROM idempotency
             WHERE agency_id = ?1 AND used_by = ?2 AND key = ?3",
            params![agency(scope), by, key],
            |row| {
                let status: Option<u16> = get(row, 1)?;
                let body: Option<String> = get(row, 2)?;
                Ok(IdempotencyRow { fingerprint: get(row, 0)?, answer: status.zip(body) })
            },
        )
    }

    fn save_idempotency(
        &mut self,
        scope: Scope,
        by: &str,
        key: &str,
        row: &IdempotencyRow,
        now: Timestamp,
    ) -> Result<()> {
        let (status, body) = row.answer.as_ref().map(|(status, body)| (status, body)).unzip();
        self.execute(
            "INSERT INTO idempotency (agency_id, used_by, key, fingerprint, status, body, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (agency_id, used_by, key) DO UPDATE SET status = excluded.status, body = excluded.body",
            params![agency(scope), by, key, row.fingerprint, status, body, now.millis()],
        )?;
        Ok(())
    }

    fn prune_idempotency(&mut self, before: Timestamp) -> Result<u64> {
        let gone = self.execute("DELETE FROM idempotency WHERE at < ?1", [before.millis()])?;
        Ok(gone as u64)
    }
}
