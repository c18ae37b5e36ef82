use billing::{EndpointId, Timestamp};
use rusqlite::params;

use super::{Sqlite, agency, get, parsed, timestamp};
use crate::{
    config::Secret,
    storage::{
        Result, Scope,
        endpoints::{EndpointRow, Endpoints},
    },
};

impl Endpoints for Sqlite {
    fn insert_endpoint(&mut self, scope: Scope, endpoint: &EndpointRow) -> Result<()> {
        self.execute(
            "INSERT INTO endpoints (agency_id, id, url, secret, created_at, failures, quiet_until, served_at)
             VALUES (?1, ?2, ?3, ?4, ?5, 0, 0, 0)",
            params![
                agency(scope),
                endpoint.id.to_string(),
                endpoint.url,
                endpoint.secret.0,
                endpoint.created_at.millis(),
            ],
        )?;
        Ok(())
    }

    fn endpoints(&mut self, scope: Scope) -> Result<Vec<EndpointRow>> {
        let sql = "SELECT id, url, secret, created_at, delivered_at, error FROM endpoints
                   WHERE agency_id = ?1 ORDER BY id";
        self.all(sql, [agency(scope)], |row| {
            Ok(EndpointRow {
                id: parsed(row, 0)?,
                url: get(row, 1)?,
                secret: Secret(get(row, 2)?),
                created_at: timestamp(row, 3)?,
                delivered_at: get::<Option<i64>>(row, 4)?.map(Timestamp::from_millis),
                error: get(row, 5)?,
            })
        })
    }

    fn remove_endpoint(&mut self, scope: Scope, id: EndpointId) -> Result<bool> {
        let key = params![agency(scope), id.to_string()];
        self.execute("DELETE FROM deliveries WHERE agency_id = ?1 AND endpoint_id = ?2", key)?;
        Ok(self.execute("DELETE FROM endpoints WHERE agency_id = ?1 AND id = ?2", key)? > 0)
    }
}
