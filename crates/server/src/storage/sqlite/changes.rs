use billing::{Timestamp, api::Change};
use rusqlite::params;

use super::{Sqlite, agency, get, number, signed, to_json};
use crate::storage::{Result, Scope, StorageError, changes::Changes};

impl Changes for Sqlite {
    fn next_change(&mut self, scope: Scope) -> Result<u64> {
        let sql =
            "UPDATE agencies SET change_seq = change_seq + 1 WHERE id = ?1 RETURNING change_seq";
        let seq = self.one(sql, [agency(scope)], |row| number(row, 0))?;
        seq.ok_or_else(|| StorageError::Damaged("no such agency".to_owned()))
    }

    fn insert_change(&mut self, scope: Scope, change: &Change, now: Timestamp) -> Result<()> {
        self.execute(
            "INSERT INTO changes (agency_id, seq, at, change) VALUES (?1, ?2, ?3, ?4)",
            params![agency(scope), signed(change.seq), now.millis(), to_json(change)?],
        )?;
        self.told.insert(scope.agency());
        Ok(())
    }

    fn changes_after(
        &mut self,
        scope: Scope,
        after: u64,
        limit: u32,
    ) -> Result<Vec<(u64, String)>> {
        self.all(
            "SELECT seq, change FROM changes WHERE agency_id = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3",
            params![agency(scope), signed(after), limit],
            |row| Ok((number(row, 0)?, get(row, 1)?)),
        )
    }

    fn last_change(&mut self, scope: Scope) -> Result<u64> {
        let sql = "SELECT change_seq FROM agencies WHERE id = ?1";
        Ok(self.one(sql, [agency(scope)], |row| number(row, 0))?.unwrap_or(0))
    }

    fn prune_changes(&mut self, before: Timestamp) -> Result<u64> {
        let gone = self.execute("DELETE FROM changes WHERE at < ?1", [before.millis()])?;
        Ok(gone as u64)
    }
}
