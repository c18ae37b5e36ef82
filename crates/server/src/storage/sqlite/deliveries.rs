use billing::{EndpointId, Timestamp};
use rusqlite::{Row, params};

use super::{Sqlite, agency, get, number, parsed};
use crate::{
    config::Secret,
    storage::{
        Result, Scope,
        deliveries::{Deliveries, DeliveryCounts, DeliveryOutcome, DeliveryRow, NewDelivery},
    },
};

impl Deliveries for Sqlite {
    fn put_delivery(&mut self, scope: Scope, message: &NewDelivery, now: Timestamp) -> Result<()> {
        // The lease of the one before stays: it may be on its way right now.
        self.execute(
            "INSERT INTO deliveries (agency_id, endpoint_id, account_id, id, body, state, run_at,
                                     leased_until, attempts)
             VALUES (?1, ?2, ?3, ?4, ?5, 'open', ?6, 0, 0)
             ON CONFLICT (agency_id, endpoint_id, account_id) DO UPDATE SET
                 id = excluded.id, body = excluded.body, state = 'open', run_at = excluded.run_at,
                 attempts = 0, error = NULL",
            params![
                agency(scope),
                message.endpoint.to_string(),
                message.account.to_string(),
                message.id.to_string(),
                message.body,
                now.millis(),
            ],
        )?;
        Ok(())
    }

    fn lease_deliveries(
        &mut self,
        now: Timestamp,
        leased_until: Timestamp,
        limit: u32,
        per_endpoint: u32,
    ) -> Result<Vec<DeliveryRow>> {
        let sql = "SELECT agency_id, id, url, secret, failures FROM endpoints e
                   WHERE quiet_until <= ?1 AND EXISTS (
                       SELECT 1 FROM deliveries d
                       WHERE d.agency_id = e.agency_id AND d.endpoint_id = e.id
                         AND d.state = 'open' AND d.run_at <= ?1 AND d.leased_until <= ?1)
                   ORDER BY served_at LIMIT ?2";
        let due = self.all(sql, params![now.millis(), limit], |row| {
            let scope = Scope::of(parsed(row, 0)?);
            let failures = u32::try_from(number(row, 4)?).unwrap_or(u32::MAX);
            let endpoint: EndpointId = parsed(row, 1)?;
            Ok((scope, endpoint, get::<String>(row, 2)?, get::<String>(row, 3)?, failures))
        })?;
        let mut leased = Vec::new();
        for (scope, endpoint, url, secret, failures) in due {
            let left = limit.saturating_sub(u32::try_from(leased.len()).unwrap_or(u32::MAX));
            let under_way = self.under_way(scope, endpoint, now)?;
            // Whether one that failed is back is found out with a single message.
            let allowed = if failures > 0 { 1 } else { per_endpoint };
            let room = left.min(allowed.saturating_sub(under_way));
            let sql = "SELECT id, account_id, body, attempts FROM deliveries
                       WHERE agency_id = ?1 AND endpoint_id = ?2 AND state = 'open'
                         AND run_at <= ?3 AND leased_until <= ?3
                       ORDER BY run_at LIMIT ?4";
            let key = params![agency(scope), endpoint.to_string(), now.millis(), room];
            let rows = self.all(sql, key, |row| {
                let message = message(row, endpoint)?;
                let attempts = u32::try_from(number(row, 3)?).unwrap_or(u32::MAX);
                let (url, secret) = (url.clone(), Secret(secret.clone()));
                Ok(DeliveryRow { scope, message, url, secret, attempts, failures })
            })?;
            for row in &rows {
                self.lease_delivery(row, leased_until)?;
            }
            if !rows.is_empty() {
                self.execute(
                    "UPDATE endpoints SET served_at = ?3 WHERE agency_id = ?1 AND id = ?2",
                    params![agency(scope), endpoint.to_string(), now.millis()],
                )?;
            }
            leased.extend(rows);
        }
        Ok(leased)
    }

    fn finish_delivery(&mut self, delivery: &DeliveryRow, outcome: &DeliveryOutcome) -> Result<()> {
        let (scope, message) = (agency(delivery.scope), &delivery.message);
        let (endpoint, account) = (message.endpoint.to_string(), message.account.to_string());
        let id = message.id.to_string();
        match outcome {
            DeliveryOutcome::Delivered { at } => {
                self.execute(
                    "DELETE FROM deliveries
                     WHERE agency_id = ?1 AND endpoint_id = ?2 AND account_id = ?3 AND id = ?4",
                    params![scope, endpoint, account, id],
                )?;
                self.execute(
                    "UPDATE endpoints SET delivered_at = ?3, error = NULL, failures = 0, quiet_until = 0
                     WHERE agency_id = ?1 AND id = ?2",
                    params![scope, endpoint, at.millis()],
                )?;
            }
            DeliveryOutcome::Failed { error, again_at, quiet_until } => {
                let state = if again_at.is_some() { "open" } else { "failed" };
                self.execute(
                    "UPDATE deliveries SET state = ?5, run_at = coalesce(?6, run_at),
                                           attempts = attempts + 1, error = ?7
                     WHERE agency_id = ?1 AND endpoint_id = ?2 AND account_id = ?3 AND id = ?4",
                    params![
                        scope,
                        endpoint,
                        account,
                        id,
                        state,
                        again_at.map(|at| at.millis()),
                        error
                    ],
                )?;
                self.execute(
                    "UPDATE endpoints SET error = ?3, failures = failures + 1, quiet_until = ?4
                     WHERE agency_id = ?1 AND id = ?2",
                    params![scope, endpoint, error, quiet_until.millis()],
                )?;
            }
        }
        // Also of the one that has taken its place.
        self.execute(
            "UPDATE deliveries SET leased_until = 0
             WHERE agency_id = ?1 AND endpoint_id = ?2 AND account_id = ?3",
            params![scope, endpoint, account],
        )?;
        Ok(())
    }

    fn forget_delivery_leases(&mut self) -> Result<u64> {
        let sql = "UPDATE deliveries SET leased_until = 0 WHERE leased_until > 0";
        Ok(self.execute(sql, [])? as u64)
    }

    fn delivery_counts(&mut self, scope: Scope, endpoint: EndpointId) -> Result<DeliveryCounts> {
        let sql = "SELECT coalesce(sum(state = 'open'), 0), coalesce(sum(state = 'failed'), 0)
                   FROM deliveries WHERE agency_id = ?1 AND endpoint_id = ?2";
        let counts = self.one(sql, params![agency(scope), endpoint.to_string()], |row| {
            Ok(DeliveryCounts { waiting: number(row, 0)?, failed: number(row, 1)? })
        })?;
        Ok(counts.unwrap_or_default())
    }

    fn prune_deliveries(&mut self, before: Timestamp) -> Result<u64> {
        let sql = "DELETE FROM deliveries WHERE state = 'failed' AND run_at < ?1";
        Ok(self.execute(sql, [before.millis()])? as u64)
    }
}

impl Sqlite {
    fn under_way(&self, scope: Scope, endpoint: EndpointId, now: Timestamp) -> Result<u32> {
        let sql = "SELECT count(*) FROM deliveries
                   WHERE agency_id = ?1 AND endpoint_id = ?2 AND leased_until > 0 AND leased_until > ?3";
        let key = params![agency(scope), endpoint.to_string(), now.millis()];
        Ok(self.one(sql, key, |row| get(row, 0))?.unwrap_or(0))
    }

    fn lease_delivery(&self, row: &DeliveryRow, until: Timestamp) -> Result<()> {
        self.execute(
            "UPDATE deliveries SET leased_until = ?4
             WHERE agency_id = ?1 AND endpoint_id = ?2 AND account_id = ?3",
            params![
                agency(row.scope),
                row.message.endpoint.to_string(),
                row.message.account.to_string(),
                until.millis(),
            ],
        )?;
        Ok(())
    }
}

fn message(row: &Row<'_>, endpoint: EndpointId) -> Result<NewDelivery> {
    Ok(NewDelivery { id: parsed(row, 0)?, endpoint, account: parsed(row, 1)?, body: get(row, 2)? })
}
