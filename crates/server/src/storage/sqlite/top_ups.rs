use billing::{SubAccountId, Timestamp};
use rusqlite::params;

use super::{Sqlite, agency, get, parsed, timestamp};
use crate::storage::{
    Result, Scope,
    top_ups::{TopUpRow, TopUps, email, joined, payments},
};

impl TopUps for Sqlite {
    fn insert_top_up(&mut self, scope: Scope, row: &TopUpRow) -> Result<()> {
        self.execute(
            "INSERT INTO top_ups (agency_id, token_hash, account_id, email, created_at, expires_at, payments)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                agency(scope),
                row.token_hash,
                row.sub_account.to_string(),
                row.email.as_str(),
                row.created_at.millis(),
                row.expires_at.millis(),
                joined(&row.payments),
            ],
        )?;
        Ok(())
    }

    fn top_up(&mut self, token_hash: &[u8; 32]) -> Result<Option<(Scope, TopUpRow)>> {
        let sql =
            "SELECT agency_id, account_id, email, created_at, expires_at, payments FROM top_ups
                   WHERE token_hash = ?1";
        self.one(sql, [token_hash], |row| {
            let top_up = TopUpRow {
                token_hash: *token_hash,
                sub_account: parsed(row, 1)?,
                email: email(&get::<String>(row, 2)?)?,
                created_at: timestamp(row, 3)?,
                expires_at: timestamp(row, 4)?,
                payments: payments(&get::<String>(row, 5)?)?,
            };
            Ok((Scope::of(parsed(row, 0)?), top_up))
        })
    }

    fn save_top_up_payments(&mut self, scope: Scope, row: &TopUpRow) -> Result<()> {
        self.execute(
            "UPDATE top_ups SET payments = ?3 WHERE agency_id = ?1 AND token_hash = ?2",
            params![agency(scope), row.token_hash, joined(&row.payments)],
        )?;
        Ok(())
    }

    fn live_top_ups(&mut self, scope: Scope, account: SubAccountId, now: Timestamp) -> Result<u32> {
        let sql = "SELECT count(*) FROM top_ups
                   WHERE agency_id = ?1 AND account_id = ?2 AND expires_at > ?3";
        let key = params![agency(scope), account.to_string(), now.millis()];
        Ok(self.one(sql, key, |row| get(row, 0))?.unwrap_or(0))
    }

    fn prune_top_ups(&mut self, before: Timestamp) -> Result<u64> {
        let gone = self.execute("DELETE FROM top_ups WHERE expires_at <= ?1", [before.millis()])?;
        Ok(u64::try_from(gone).unwrap_or(u64::MAX))
    }
}
