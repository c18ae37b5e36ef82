use billing::{
    Timestamp, UserId,
    text::{EmailAddress, Name},
};
use postgres::Row;

use super::{
    Postgres, agency,
    values::{bytes, count, get, parsed, timestamp},
};
use crate::storage::{
    Result, Scope, StorageError,
    users::{SessionRow, UserRow, Users, access, accounts_text, provider},
};

const COLUMNS: &str = "agency_id, id, name, email, password_hash, created_at, role, accounts, \
     oidc_issuer, oidc_subject";
/// How many of [`COLUMNS`] there are.
const USER: usize = 10;

impl Users for Postgres {
    fn insert_user(&mut self, scope: Scope, user: &UserRow) -> Result<()> {
        self.within(scope)?.execute(
            "INSERT INTO users (agency_id, id, name, email, password_hash, created_at, role, accounts,
                oidc_issuer, oidc_subject)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
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
        let sql = format!("SELECT {COLUMNS} FROM sluice_user_by_email($1)");
        self.one(&sql, params![email.as_str()], read)
    }

    fn users(&mut self, scope: Scope) -> Result<Vec<UserRow>> {
        let sql = format!("SELECT {COLUMNS} FROM users WHERE agency_id = $1 ORDER BY id");
        self.within(scope)?.all(&sql, params![agency(scope)], |row| read(row).map(|(_, user)| user))
    }

    fn user(&mut self, scope: Scope, id: UserId) -> Result<Option<UserRow>> {
        let sql = format!("SELECT {COLUMNS} FROM users WHERE agency_id = $1 AND id = $2");
        let key = params![agency(scope), id.to_string()];
        self.within(scope)?.one(&sql, key, |row| read(row).map(|(_, user)| user))
    }

    fn save_user(&mut self, scope: Scope, user: &UserRow) -> Result<()> {
        self.within(scope)?.execute(
            "UPDATE users SET name = $3, password_hash = $4, role = $5, accounts = $6,
                oidc_issuer = $7, oidc_subject = $8
             WHERE agency_id = $1 AND id = $2",
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
        let (agency, id) = (agency(scope), id.to_string());
        let key = params![agency, id];
        let within = self.within(scope)?;
        within.execute("DELETE FROM sessions WHERE agency_id = $1 AND user_id = $2", key)?;
        within.execute("DELETE FROM tickets WHERE agency_id = $1 AND user_id = $2", key)?;
        within.execute("DELETE FROM second_factors WHERE agency_id = $1 AND user_id = $2", key)?;
        within.execute("DELETE FROM users WHERE agency_id = $1 AND id = $2", key)?;
        Ok(())
    }

    fn insert_session(&mut self, scope: Scope, session: &SessionRow) -> Result<()> {
        self.within(scope)?.execute(
            "INSERT INTO sessions (agency_id, token_hash, user_id, created_at, expires_at, agent, used_at,
                vouched)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            params![
                agency(scope),
                &session.token_hash[..],
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
            "SELECT {COLUMNS}, token_hash, begun_at, expires_at, agent, used_at, vouched FROM sluice_session($1, $2)"
        );
        self.one(&sql, params![&token_hash[..], now.millis()], |row| {
            let (scope, user) = read(row)?;
            let session = read_session(row, USER, user.id)?;
            Ok((scope, user, session))
        })
    }

    fn touch_session(&mut self, scope: Scope, token_hash: &[u8; 32], at: Timestamp) -> Result<()> {
        let sql = "UPDATE sessions SET used_at = $3
                   WHERE agency_id = $1 AND token_hash = $2 AND used_at < $3";
        let values = params![agency(scope), &token_hash[..], at.millis()];
        self.within(scope)?.execute(sql, values)?;
        Ok(())
    }

    fn delete_session(&mut self, token_hash: &[u8; 32]) -> Result<()> {
        self.execute("SELECT sluice_end_session($1)", params![&token_hash[..]])?;
        Ok(())
    }

    fn sessions_of(
        &mut self,
        scope: Scope,
        user: UserId,
        now: Timestamp,
    ) -> Result<Vec<SessionRow>> {
        let sql = "SELECT token_hash, created_at, expires_at, agent, used_at, vouched FROM sessions
                   WHERE agency_id = $1 AND user_id = $2 AND expires_at > $3
                   ORDER BY created_at DESC, token_hash";
        let values = params![agency(scope), user.to_string(), now.millis()];
        self.within(scope)?.all(sql, values, |row| read_session(row, 0, user))
    }

    fn delete_sessions_of(&mut self, scope: Scope, user: UserId) -> Result<()> {
        let sql = "DELETE FROM sessions WHERE agency_id = $1 AND user_id = $2";
        self.within(scope)?.execute(sql, params![agency(scope), user.to_string()])?;
        Ok(())
    }

    fn prune_sessions(&mut self, now: Timestamp, used_after: Timestamp) -> Result<u64> {
        let values = params![now.millis(), used_after.millis()];
        let gone = self.one("SELECT sluice_prune_sessions($1, $2)", values, count)?;
        Ok(gone.unwrap_or(0))
    }
}

/// A session whose columns begin with number `first`.
fn read_session(row: &Row, first: usize, user: UserId) -> Result<SessionRow> {
    Ok(SessionRow {
        token_hash: bytes(row, first)?,
        user,
        created_at: timestamp(row, first + 1)?,
        expires_at: timestamp(row, first + 2)?,
        agent: get(row, first + 3)?,
        used_at: timestamp(row, first + 4)?,
        is_vouched: get::<i64>(row, first + 5)? != 0,
    })
}

fn read(row: &Row) -> Result<(Scope, UserRow)> {
    let damaged = |error: billing::text::TextError| StorageError::Damaged(error.to_string());
    let name: String = get(row, 2)?;
    let email: String = get(row, 3)?;
    let (role, accounts) = access(get(row, 6)?, get(row, 7)?)?;
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
