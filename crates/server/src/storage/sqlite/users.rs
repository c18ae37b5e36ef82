use billing::{
    Timestamp, UserId,
    text::{EmailAddress, Name},
};
use rusqlite::{Row, params};

use super::{Sqlite, agency, get, parsed, timestamp};
use crate::storage::{
    Result, Scope, StorageError,
    second_factors::SecondFactors as _,
    users::{SessionRow, UserRow, Users, access, accounts_text, provider},
};

const COLUMNS: &str = "u.agency_id, u.id, u.name, u.email, u.password_hash, u.created_at, u.role, u.accounts, \
     u.oidc_issuer, u.oidc_subject";
/// How many of [`COLUMNS`] there are.
const USER: usize = 10;

impl Users for Sqlite {
    fn insert_user(&mut self, scope: Scope, user: &UserRow) -> Result<()> {
        self.execute(
            "INSERT INTO users (agency_id, id, name, email, password_hash, created_at, role, accounts,
                oidc_issuer, oidc_subject)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            params![
                agency(scope),
                user.id.to_string(),
                user.name.as_str(),
                user.email.as_str(),
                user.password_hash,
                user.created_at.millis(),
                user.role.name(),
                accounts_text(&user.accounts),
                user.provider.as_ref().map(|id| id.issuer.as_str()),
                user.provider.as_ref().map(|id| id.subject.as_str()),
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

    fn user(&mut self, scope: Scope, id: UserId) -> Result<Option<UserRow>> {
        let sql = format!("SELECT {COLUMNS} FROM users u WHERE u.agency_id = ?1 AND u.id = ?2");
        let key = params![agency(scope), id.to_string()];
        self.one(&sql, key, |row| read(row).map(|(_, user)| user))
    }

    fn save_user(&mut self, scope: Scope, user: &UserRow) -> Result<()> {
        self.execute(
            "UPDATE users SET name = ?3, password_hash = ?4, role = ?5, accounts = ?6,
                oidc_issuer = ?7, oidc_subject = ?8
             WHERE agency_id = ?1 AND id = ?2",
            params![
                agency(scope),
                user.id.to_string(),
                user.name.as_str(),
                user.password_hash,
                user.role.name(),
                accounts_text(&user.accounts),
                user.provider.as_ref().map(|id| id.issuer.as_str()),
                user.provider.as_ref().map(|id| id.subject.as_str()),
            ],
        )?;
        Ok(())
    }

    fn delete_user(&mut self, scope: Scope, id: UserId) -> Result<()> {
        let key = params![agency(scope), id.to_string()];
        self.execute("DELETE FROM sessions WHERE agency_id = ?1 AND user_id = ?2", key)?;
        self.execute("DELETE FROM tickets WHERE agency_id = ?1 AND user_id = ?2", key)?;
        self.delete_second_factor(scope, id)?;
        self.execute("DELETE FROM users WHERE agency_id = ?1 AND id = ?2", key)?;
        Ok(())
    }

    fn insert_session(&mut self, scope: Scope, session: &SessionRow) -> Result<()> {
        self.execute(
            "INSERT INTO sessions (agency_id, token_hash, user_id, created_at, expires_at, agent, used_at,
                vouched)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                agency(scope),
                session.token_hash,
                session.user.to_string(),
                session.created_at.millis(),
                session.expires_at.millis(),
                session.agent,
                session.used_at.millis(),
                i64::from(session.is_vouched),
            ],
        )?;
        Ok(())
    }

    fn session(
        &mut self,
        token_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<(Scope, UserRow, SessionRow)>> {
        let sql = format!(
            "SELECT {COLUMNS}, s.token_hash, s.created_at, s.expires_at, s.agent, s.used_at, s.vouched FROM sessions s
             JOIN users u ON u.agency_id = s.agency_id AND u.id = s.user_id
             WHERE s.token_hash = ?1 AND s.expires_at > ?2"
        );
        self.one(&sql, params![token_hash, now.millis()], |row| {
            let (scope, user) = read(row)?;
            let session = read_session(row, USER, user.id)?;
            Ok((scope, user, session))
        })
    }

    fn touch_session(&mut self, scope: Scope, token_hash: &[u8; 32], at: Timestamp) -> Result<()> {
        let sql = "UPDATE sessions SET used_at = ?3
                   WHERE agency_id = ?1 AND token_hash = ?2 AND used_at < ?3";
        self.execute(sql, params![agency(scope), token_hash, at.millis()])?;
        Ok(())
    }

    fn delete_session(&mut self, token_hash: &[u8; 32]) -> Result<()> {
        self.execute("DELETE FROM sessions WHERE token_hash = ?1", [token_hash])?;
        Ok(())
    }

    fn sessions_of(
        &mut self,
        scope: Scope,
        user: UserId,
        now: Timestamp,
    ) -> Result<Vec<SessionRow>> {
        let sql = "SELECT token_hash, created_at, expires_at, agent, used_at, vouched FROM sessions
                   WHERE agency_id = ?1 AND user_id = ?2 AND expires_at > ?3
                   ORDER BY created_at DESC, token_hash";
        let values = params![agency(scope), user.to_string(), now.millis()];
        self.all(sql, values, |row| read_session(row, 0, user))
    }

    fn delete_sessions_of(&mut self, scope: Scope, user: UserId) -> Result<()> {
        let sql = "DELETE FROM sessions WHERE agency_id = ?1 AND user_id = ?2";
        self.execute(sql, params![agency(scope), user.to_string()])?;
        Ok(())
    }

    fn prune_sessions(&mut self, now: Timestamp, used_after: Timestamp) -> Result<u64> {
        let sql = "DELETE FROM sessions WHERE expires_at <= ?1 OR used_at <= ?2";
        let gone = self.execute(sql, [now.millis(), used_after.millis()])?;
        Ok(gone as u64)
    }
}

/// A session whose columns begin with number `first`.
fn read_session(row: &Row<'_>, first: usize, user: UserId) -> Result<SessionRow> {
    Ok(SessionRow {
        token_hash: get(row, first)?,
        user,
        created_at: timestamp(row, first + 1)?,
        expires_at: timestamp(row, first + 2)?,
        agent: get(row, first + 3)?,
        used_at: timestamp(row, first + 4)?,
        is_vouched: get::<i64>(row, first + 5)? != 0,
    })
}

fn read(row: &Row<'_>) -> Result<(Scope, UserRow)> {
    let damaged = |error: billing::text::TextError| StorageError::Damaged(error.to_string());
    let name: String = get(row, 2)?;
    let email: String = get(row, 3)?;
    let (role, accounts) = access(&get::<String>(row, 6)?, &get::<String>(row, 7)?)?;
    let user = UserRow {
        id: parsed(row, 1)?,
        name: Name::parse(&name).map_err(damaged)?,
        email: EmailAddress::parse(&email).map_err(damaged)?,
        password_hash: get(row, 4)?,
        created_at: timestamp(row, 5)?,
        role,
        accounts,
        provider: provider(get(row, 8)?, get(row, 9)?),
    };
    Ok((Scope::of(parsed(row, 0)?), user))
}
