use billing::{SubAccountId, funding::Recorded};

use super::{
    Postgres, agency,
    values::{json, to_json},
};
use crate::storage::{Result, Scope, funding_log::FundingLog};

impl FundingLog for Postgres {
    fn append_event(
        &mut self,
        scope: Scope,
        sub_account: SubAccountId,
        recorded: &Recorded,
    ) -> Result<()> {
        self.within(scope)?.execute(
            "INSERT INTO funding_events (agency_id, account_id, number, at, event, recorded)
             SELECT $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5 FROM funding_events
             WHERE agency_id = $1 AND account_id = $2",
            params![
                agency(scope),
                sub_account.to_string(),
                recorded.at.millis(),
                recorded.event.name(),
                to_json(recorded)?,
            ],
        )?;
        Ok(())
    }

    fn events(&mut self, scope: Scope, sub_account: SubAccountId) -> Result<Vec<Recorded>> {
        self.within(scope)?.all(
            "SELECT recorded FROM funding_events WHERE agency_id = $1 AND account_id = $2 ORDER BY number",
            params![agency(scope), sub_account.to_string()],
            |row| json(row, 0),
        )
    }

    fn last_event(&mut self, scope: Scope, sub_account: SubAccountId) -> Result<Option<Recorded>> {
        self.within(scope)?.one(
            "SELECT recorded FROM funding_events
             WHERE agency_id = $1 AND account_id = $2 AND event <> 'request_opened'
             ORDER BY number DESC LIMIT 1",
            params![agency(scope), sub_account.to_string()],
            |row| json(row, 0),
        )
    }
}
