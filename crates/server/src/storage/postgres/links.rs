use billing::{RequestId, Timestamp};

use super::{Postgres, agency, values::parsed};
use crate::storage::{
    Result, Scope,
    links::{LinkPurpose, Links},
};

impl Links for Postgres {
    fn insert_link(
        &mut self,
        scope: Scope,
        token_hash: &[u8; 32],
        request: RequestId,
        purpose: LinkPurpose,
        now: Timestamp,
    ) -> Result<()> {
        self.within(scope)?.execute(
            "INSERT INTO links (agency_id, token_hash, request_id, purpose, created_at)
             VALUES ($1, $2, $3, $4, $5)",
            params![
                agency(scope),
                &token_hash[..],
                request.to_string(),
                purpose.name(),
                now.millis()
            ],
        )?;
        Ok(())
    }

    fn link(&mut self, token_hash: &[u8; 32]) -> Result<Option<(Scope, RequestId)>> {
        let sql = "SELECT agency_id, request_id FROM sluice_link($1)";
        self.one(sql, params![&token_hash[..]], |row| {
            Ok((Scope::of(parsed(row, 0)?), parsed(row, 1)?))
        })
    }
}
