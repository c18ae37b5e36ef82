use billing::{Timestamp, UserId};
use rusqlite::params;

use super::{Sqlite, agency, get, number, signed};
use crate::storage::{
    Result, Scope,
    second_factors::{SecondFactorRow, SecondFactors, hashes},
};

impl SecondFactors for Sqlite {
    fn second_factor(&mut self, scope: Scope, user: UserId) -> Result<Option<SecondFactorRow>> {
        let sql = "SELECT secret, on_since, last_step, recovery FROM second_factors
                   WHERE agency_id = ?1 AND user_id = ?2";
        self.one(sql, params![agency(scope), user.to_string()], |row| {
            Ok(SecondFactorRow {
                user,
                secret: get(row, 0)?,
                on_since: get::<Option<i64>>(row, 1)?.map(Timestamp::from_millis),
                last_step: number(row, 2)?,
                recovery: hashes(&get::<Vec<u8>>(row, 3)?)?,
            })
        })
    }

    fn save_second_factor(&mut self, scope: Scope, row: &SecondFactorRow) -> Result<()> {
        self.execute(
            "INSERT INTO second_factors (agency_id, user_id, secret, on_since, last_step, recovery)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (agency_id, user_id) DO UPDATE SET
                secret = excluded.secret, on_since = excluded.on_since,
                last_step = excluded.last_step, recovery = excluded.recovery",
            params![
                agency(scope),
                row.user.to_string(),
                row.secret,
                row.on_since.map(Timestamp::millis),
                signed(row.last_step),
                row.recovery.concat(),
            ],
        )?;
        Ok(())
    }

    fn delete_second_factor(&mut self, scope: Scope, user: UserId) -> Result<()> {
        let sql = "DELETE FROM second_factors WHERE agency_id = ?1 AND user_id = ?2";
        self.execute(sql, params![agency(scope), user.to_string()])?;
        Ok(())
    }
}
