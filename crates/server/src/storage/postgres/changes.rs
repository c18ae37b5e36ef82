use billing::{Timestamp, api::Change};

use super::{
    Postgres, agency,
    values::{count, get, number, signed, to_json},
};
use crate::storage::{Result, Scope, StorageError, changes::Changes};

impl Changes for Postgres {
    fn next_change(&mut self, scope: Scope) -> Result<u64> {
        let sql =
            "UPDATE agencies SET change_seq = change_seq + 1 WHERE id = $1 RETURNING change_seq";
        let seq = self.within(scope)?.one(sql, params![agency(scope)], |row| number(row, 0))?;
        seq.ok_or_else(|| StorageError::Damaged("no such agency".to_owned()))
    }

    fn insert_change(&mut self, scope: Scope, change: &Change, now: Timestamp) -> Result<()> {
        self.within(scope)?.execute(
            "INSERT INTO changes (agency_id, seq, at, change) VALUES ($1, $2, $3, $4)",
            params![agency(scope), signed(change.seq), now.millis(), to_json(change)?],
        )?;
        self.tell(scope.agency());
        Ok(())
    }

    fn changes_after(
        &mut self,
        scope: Scope,
        after: u64,
        limit: u32,
    ) -> Result<Vec<(u64, String)>> {
        self.within(scope)?.all(
            "SELECT seq, change FROM changes WHERE agency_id = $1 AND seq > $2 ORDER BY seq LIMIT $3",
            params![agency(scope), signed(after), i64::from(limit)],
            |row| Ok((number(row, 0)?, get(row, 1)?)),
        )
    }

    fn last_change(&mut self, scope: Scope) -> Result<u64> {
        let sql = "SELECT change_seq FROM agencies WHERE id = $1";
        let last = self.within(scope)?.one(sql, params![agency(scope)], |row| number(row, 0))?;
        Ok(last.unwrap_or(0))
    }

    fn prune_changes(&mut self, before: Timestamp) -> Result<u64> {
        let gone = self.one("SELECT sluice_prune_changes($1)", params![before.millis()], count)?;
        Ok(gone.unwrap_or(0))
    }
}
