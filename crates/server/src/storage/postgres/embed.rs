use billing::{SubAccountId, Timestamp};

use super::{
    Postgres, agency,
    values::{bytes, count, get, parsed, timestamp},
};
use crate::storage::{
    Result, Scope,
    embed::{EmbedSessionRow, Embedding, components, joined, origins},
};

impl Embedding for Postgres {
    fn embed_origins(&mut self, scope: Scope) -> Result<Vec<String>> {
        let sql = "SELECT origin FROM embed_origins WHERE agency_id = $1 ORDER BY origin";
        self.within(scope)?.all(sql, params![agency(scope)], |row| get(row, 0))
    }

    fn save_embed_origins(&mut self, scope: Scope, origins: &[String]) -> Result<()> {
        let agency = agency(scope);
        self.within(scope)?
            .execute("DELETE FROM embed_origins WHERE agency_id = $1", params![agency])?;
        for origin in origins {
            let sql = "INSERT INTO embed_origins (agency_id, origin) VALUES ($1, $2)";
            self.within(scope)?.execute(sql, params![agency, origin])?;
        }
        Ok(())
    }

    fn embed_origins_for(&mut self, account: SubAccountId) -> Result<Vec<String>> {
        let sql = "SELECT origin FROM sluice_embed_origins($1)";
        self.all(sql, params![account.to_string()], |row| get(row, 0))
    }

    fn insert_embed_session(&mut self, scope: Scope, session: &EmbedSessionRow) -> Result<()> {
        self.within(scope)?.execute(
            "INSERT INTO embed_sessions (agency_id, token_hash, account_id, components, origins, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
            params![
                agency(scope),
                &session.token_hash[..],
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
        let sql = "SELECT agency_id, account_id, components, origins, expires_at
                   FROM sluice_embed_session($1, $2)";
        self.one(sql, params![&token_hash[..], now.millis()], |row| {
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
        self.within(scope)?.execute(
            "INSERT INTO embed_tickets (agency_id, ticket_hash, token_hash, expires_at)
             VALUES ($1, $2, $3, $4)",
            params![agency(scope), &ticket_hash[..], &token_hash[..], expires_at.millis()],
        )?;
        Ok(())
    }

    fn take_embed_ticket(
        &mut self,
        ticket_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<[u8; 32]>> {
        let sql = "SELECT token_hash FROM sluice_take_embed_ticket($1, $2)";
        self.one(sql, params![&ticket_hash[..], now.millis()], |row| bytes(row, 0))
    }

    fn prune_embedding(&mut self, before: Timestamp) -> Result<u64> {
        let sql = "SELECT sluice_prune_embedding($1)";
        Ok(self.one(sql, params![before.millis()], count)?.unwrap_or(0))
    }
}
