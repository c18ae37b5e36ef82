use billing::{SubAccountId, Timestamp};
use rusqlite::params;

use super::{Sqlite, agency, get, parsed, timestamp};
use crate::storage::{
    Result, Scope,
    embed::{EmbedSessionRow, Embedding, components, joined, origins},
};

impl Embedding for Sqlite {
    fn embed_origins(&mut self, scope: Scope) -> Result<Vec<String>> {
        let sql = "SELECT origin FROM embed_origins WHERE agency_id = ?1 ORDER BY origin";
        self.all(sql, [agency(scope)], |row| get(row, 0))
    }

    fn save_embed_origins(&mut self, scope: Scope, origins: &[String]) -> Result<()> {
        self.execute("DELETE FROM embed_origins WHERE agency_id = ?1", [agency(scope)])?;
        for origin in origins {
            let sql = "INSERT INTO embed_origins (agency_id, origin) VALUES (?1, ?2)";
            self.execute(sql, params![agency(scope), origin])?;
        }
        Ok(())
    }

    fn embed_origins_for(&mut self, account: SubAccountId) -> Result<Vec<String>> {
        let sql =
            "SELECT o.origin FROM accounts a JOIN embed_origins o ON o.agency_id = a.agency_id
             WHERE a.id = ?1 ORDER BY o.origin";
        self.all(sql, [account.to_string()], |row| get(row, 0))
    }

    fn insert_embed_session(&mut self, scope: Scope, session: &EmbedSessionRow) -> Result<()> {
        self.execute(
            "INSERT INTO embed_sessions (agency_id, token_hash, account_id, components, origins, expires_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                agency(scope),
                session.token_hash,
                session.account.to_string(),
                joined(&session.components),
                session.origins.join(" "),
                session.expires_at.millis(),
            ],
        )?;
        Ok(())
    }

    fn embed_session(
        &mut self,
        token_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<(Scope, EmbedSessionRow)>> {
        let sql =
            "SELECT agency_id, account_id, components, origins, expires_at FROM embed_sessions
                   WHERE token_hash = ?1 AND expires_at > ?2";
        self.one(sql, params![token_hash, now.millis()], |row| {
            let session = EmbedSessionRow {
                token_hash: *token_hash,
                account: parsed(row, 1)?,
                components: components(&get::<String>(row, 2)?),
                origins: origins(&get::<String>(row, 3)?),
                expires_at: timestamp(row, 4)?,
            };
            Ok((Scope::of(parsed(row, 0)?), session))
        })
    }

    fn insert_embed_ticket(
        &mut self,
        scope: Scope,
        ticket_hash: &[u8; 32],
        token_hash: &[u8; 32],
        expires_at: Timestamp,
    ) -> Result<()> {
        self.execute(
            "INSERT INTO embed_tickets (agency_id, ticket_hash, token_hash, expires_at)
             VALUES (?1, ?2, ?3, ?4)",
            params![agency(scope), ticket_hash, token_hash, expires_at.millis()],
        )?;
        Ok(())
    }

    fn take_embed_ticket(
        &mut self,
        ticket_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<[u8; 32]>> {
        let sql =
            "DELETE FROM embed_tickets WHERE ticket_hash = ?1 RETURNING token_hash, expires_at";
        let taken = self.one(sql, [ticket_hash], |row| Ok((get(row, 0)?, timestamp(row, 1)?)))?;
        Ok(taken.filter(|(_, expires_at)| *expires_at > now).map(|(token_hash, _)| token_hash))
    }

    fn prune_embedding(&mut self, before: Timestamp) -> Result<u64> {
        let before = before.millis();
        let sessions =
            self.execute("DELETE FROM embed_sessions WHERE expires_at <= ?1", [before])?;
        let tickets = self.execute("DELETE FROM embed_tickets WHERE expires_at <= ?1", [before])?;
        Ok(u64::try_from(sessions + tickets).unwrap_or(u64::MAX))
    }
}
