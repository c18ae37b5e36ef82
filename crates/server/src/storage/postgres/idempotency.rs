use billing::Timestamp;

use super::{
    Postgres, agency,
    values::{bytes, count, get},
};
use crate::storage::{
    Result, Scope, StorageError,
    idempotency::{Idempotency, IdempotencyRow},
};

impl Idempotency for Postgres {
    fn idempotency(&mut self, scope: Scope, by: &str, key: &str) -> Result<Option<IdempotencyRow>> {
        self.within(scope)?.one(
            "SELECT fingerprint, status, body FROM idempotency
             WHERE agency_id = $1 AND used_by = $2 AND key = $3",
            params![agency(scope), by, key],
            |row| {
                let status = get::<Option<i64>>(row, 1)?.map(u16::try_from).transpose();
                let status = status.map_err(|error| StorageError::Damaged(error.to_string()))?;
                let body: Option<String> = get(row, 2)?;
                Ok(IdempotencyRow { fingerprint: bytes(row, 0)?, answer: status.zip(body) })
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
        let answer = row.answer.as_ref().map(|(status, body)| (i64::from(*status), body.as_str()));
        let (status, body) = answer.unzip();
        self.within(scope)?.execute(
            "INSERT INTO idempotency (agency_id, used_by, key, fingerprint, status, body, at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (agency_id, used_by, key) DO UPDATE SET status = excluded.status, body = excluded.body",
            params![agency(scope), by, key, &row.fingerprint[..], status, body, now.millis()],
        )?;
        Ok(())
    }

    fn prune_idempotency(&mut self, before: Timestamp) -> Result<u64> {
        let gone =
            self.one("SELECT sluice_prune_idempotency($1)", params![before.millis()], count)?;
        Ok(gone.unwrap_or(0))
    }
}
