use billing::{
    Timestamp, UserId,
    text::{EmailAddress, Name},
};
use rusqlite::{Row, params};

use super::{Sqlite, agency, get, parsed, timestamp};
use crate::storage::{
    Result, Scope, StorageError,
    users::{UserRow, Users},
};

const COLUMNS: &str = "u.agency_id, u.id, u.name, u.email, u.password_hash, u.created_at";

impl Users for Sqlite {
    fn insert_user(&mut self, scope: Scope, user: &UserRow) -> Result<()> {
        self.execute(
            "INSERT INTO users (agency_id, id, name, email, password_hash, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
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
        let sql = format!("SELECT {COLUMNS} FROM users u WHERE lower(u.email) = lower(?1)");
        self.one(&sql, [email.as_str()], read)
    }

    fn users(&mut self, scope: Scope) -> Result<Vec<UserRow>> {
        let sql = format!("SELECT {COLUMNS} FROM users u WHERE u.agency_id = ?1 ORDER BY u.id");
        self.all(&sql, [agency(scope)], |row| read(row).map(|(_, user)| user))
    }

    fn insert_session(
        &mut self,
        scope: Scope,
        token_hash: &[u8; 32],
        user: UserId,
        expires_at: Timestamp,
    ) -> Result<()> {
        self.execute(
            "INSERT INTO sessions (agency_id, token_hash, user_id, expires_at) VALUES (?1, ?2, ?3, ?4)",
            params![agency(scope), token_hash, user.to_string(), expires_at.millis()],
        )?;
        Ok(())
    }

    fn session(
        &mut self,
        token_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<(Scope, UserRow)>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM sessions s
             JOIN users u ON u.agency_id = s.agency_id AND u.id = s.user_id
             WHERE s.token_hash = ?1 AND s.expires_at > ?2"
        );
        self.one(&sql, params![token_hash, now.millis()], read)
    }

    fn delete_session(&mut self, token_hash: &[u8; 32]) -> Result<()> {
        self.execute("DELETE FROM sessions WHERE token_hash = ?1", [token_hash])?;
        Ok(())
    }

    fn prune_sessions(&mut self, now: Timestamp) -> Result<u64> {
        let gone = self.execute("DELETE FROM sessions WHERE expires_at <= ?1", [now.millis()])?;
        Ok(gone as u64)
    }
}

fn read(row: &Row<'_>) -> Result<(Scope, UserRow)> {
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
