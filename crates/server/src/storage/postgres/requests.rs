use billing::{RequestId, funding::Closure};

use super::{
    Postgres, agency,
    values::{get, json, parsed, timestamp, to_json},
};
use crate::storage::{
    Result, Scope, StorageError,
    requests::{RequestRow, Requests},
};

impl Requests for Postgres {
    fn save_request(&mut self, scope: Scope, row: &RequestRow) -> Result<()> {
        self.within(scope)?.execute(
            "INSERT INTO requests (agency_id, id, account_id, request, closure, closed_at)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (agency_id, id) DO UPDATE
             SET request = excluded.request, closure = excluded.closure, closed_at = excluded.closed_at",
            params![
                agency(scope),
                row.request.id.to_string(),
                row.sub_account.to_string(),
                to_json(&row.request)?,
                row.closed.map(|(closure, _)| closure.name()),
                row.closed.map(|(_, at)| at.millis()),
            ],
        )?;
        Ok(())
    }

    fn request(&mut self, scope: Scope, id: RequestId) -> Result<Option<RequestRow>> {
        self.within(scope)?.one(
            "SELECT account_id, request, closure, closed_at, gateway_customer
             FROM requests WHERE agency_id = $1 AND id = $2",
            params![agency(scope), id.to_string()],
            |row| {
                let closed = match get::<Option<String>>(row, 2)? {
                    Some(name) => Some((closure(&name)?, timestamp(row, 3)?)),
                    None => None,
                };
                Ok(RequestRow {
                    sub_account: parsed(row, 0)?,
                    request: json(row, 1)?,
                    closed,
                    gateway_customer: get(row, 4)?,
                })
            },
        )
    }

    fn set_gateway_customer(&mut self, scope: Scope, id: RequestId, customer: &str) -> Result<()> {
        self.within(scope)?.execute(
            "UPDATE requests SET gateway_customer = $3 WHERE agency_id = $1 AND id = $2",
            params![agency(scope), id.to_string(), customer],
        )?;
        Ok(())
    }
}

fn closure(name: &str) -> Result<Closure> {
    [Closure::Revoked, Closure::Expired, Closure::Replaced, Closure::Paid]
        .into_iter()
        .find(|closure| closure.name() == name)
        .ok_or_else(|| StorageError::Damaged(format!("closure {name:?}")))
}
