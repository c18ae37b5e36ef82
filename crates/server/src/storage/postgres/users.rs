use billing::{
    Timestamp, UserId,
    text::{EmailAddress, Name},
};
use postgres::Row;

use super::{
    Postgres, agency,
    values::{count, get, parsed, timestamp},
};
use crate::storage::{
    Result, Scope, StorageError,
    users::{UserRow, Users},
};

const COLUMNS: &str = "agency_id, id, name, email, password_hash, created_at";

impl Users for Postgres {
    fn insert_user(&mut self, scope: Scope, user: &UserRow) -> Result<()> {
        self.within(scope)?.execute(
            "INSERT INTO users (agency_id, id, name, email, password_hash, created_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
            params![
                agency(scope),
                user.id.to_string(),
                user.name.as_str(),
                user.email.as_str(),
                user.password_hash,
                user.created_at.millis(),
            ],
        )?;
        Ok(())
    }

    fn user_by_email(&mut self, email: &EmailAddress) -> Result<Option<(Scope, UserRow)>> {
        let sql = format!("SELECT {COLUMNS} FROM sluice_user_by_email($1)");
        self.one(&sql, params![email.as_str()], read)
    }

    fn users(&mut self, scope: Scope) -> Result<Vec<UserRow>> {
        let sql = format!("SELECT {COLUMNS} FROM users WHERE agency_id = $1 ORDER BY id");
        self.within(scope)?.all(&sql, params![agency(scope)], |row| read(row).map(|(_, user)| user))
    }

    fn insert_session(
        &mut self,
        scope: Scope,
        token_hash: &[u8; 32],
        user: UserId,
        expires_at: Timestamp,
    ) -> Result<()> {
        self.within(scope)?.execute(
            "INSERT INTO sessions (agency_id, token_hash, user_id, expires_at) VALUES ($1, $2, $3, $4)",
            params![agency(scope), &token_hash[..], user.to_string(), expires_at.millis()],
        )?;
        Ok(())
    }

    fn session(
        &mut self,
        token_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<(Scope, UserRow)>> {
        let sql = format!("SELECT {COLUMNS} FROM sluice_session($1, $2)");
        self.one(&sql, params![&token_hash[..], now.millis()], read)
    }

    fn delete_session(&mut self, token_hash: &[u8; 32]) -> Result<()> {
        self.execute("SELECT sluice_end_session($1)", params![&token_hash[..]])?;
        Ok(())
    }

    fn prune_sessions(&mut self, now: Timestamp) -> Result<u64> {
        let gone = self.one("SELECT sluice_prune_sessions($1)", params![now.millis()], count)?;
        Ok(gone.unwrap_or(0))
    }
}

fn read(row: &Row) -> Result<(Scope, UserRow)> {
    let damaged = |error: billing::text::TextError| StorageError::Damaged(error.to_string());
    let name: String = get(row, 2)?;
    let email: String = get(row, 3)?;
    let user = UserRow {
        id: parsed(row, 1)?,
        name: Name::parse(&name).map_err(damaged)?,
        email: EmailAddress::parse(&email).map_err(damaged)?,
        password_hash: get(row, 4)?,
        created_at: timestamp(row, 5)?,
    };
    Ok((Scope::of(parsed(row, 0)?), user))
}
