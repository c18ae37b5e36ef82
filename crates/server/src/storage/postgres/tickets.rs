use billing::{Timestamp, UserId};

use super::{
    Postgres, agency,
    values::{count, get, parsed, timestamp},
};
use crate::storage::{
    Result, Scope,
    tickets::{TicketPurpose, TicketRow, Tickets},
};

impl Tickets for Postgres {
    fn insert_ticket(&mut self, scope: Scope, ticket: &TicketRow) -> Result<()> {
        self.within(scope)?.execute(
            "INSERT INTO tickets (agency_id, token_hash, user_id, purpose, expires_at)
             VALUES ($1, $2, $3, $4, $5)",
            params![
                agency(scope),
                &ticket.token_hash[..],
                ticket.user.to_string(),
                ticket.purpose.name(),
                ticket.expires_at.millis(),
            ],
        )?;
        Ok(())
    }

    fn ticket(&mut self, token_hash: &[u8; 32]) -> Result<Option<(Scope, TicketRow)>> {
        let sql = "SELECT agency_id, user_id, purpose, expires_at FROM sluice_ticket($1)";
        self.one(sql, params![&token_hash[..]], |row| {
            let ticket = TicketRow {
                token_hash: *token_hash,
                user: parsed(row, 1)?,
                purpose: TicketPurpose::from_name(get(row, 2)?)?,
                expires_at: timestamp(row, 3)?,
            };
            Ok((Scope::of(parsed(row, 0)?), ticket))
        })
    }

    fn ticket_until(
        &mut self,
        scope: Scope,
        user: UserId,
        purpose: TicketPurpose,
    ) -> Result<Option<Timestamp>> {
        let sql = "SELECT max(expires_at) FROM tickets
                   WHERE agency_id = $1 AND user_id = $2 AND purpose = $3";
        let values = params![agency(scope), user.to_string(), purpose.name()];
        let until = self.within(scope)?.one(sql, values, |row| get::<Option<i64>>(row, 0))?;
        Ok(until.flatten().map(Timestamp::from_millis))
    }

    fn delete_tickets(&mut self, scope: Scope, user: UserId) -> Result<()> {
        let sql = "DELETE FROM tickets WHERE agency_id = $1 AND user_id = $2";
        self.within(scope)?.execute(sql, params![agency(scope), user.to_string()])?;
        Ok(())
    }

    fn prune_tickets(&mut self, before: Timestamp) -> Result<u64> {
        let sql = "SELECT sluice_prune_tickets($1)";
        Ok(self.one(sql, params![before.millis()], count)?.unwrap_or(0))
    }
}
