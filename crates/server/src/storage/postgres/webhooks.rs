use billing::Timestamp;

use super::Postgres;
use crate::storage::{Result, webhooks::Webhooks};

impl Webhooks for Postgres {
    fn take_webhook(&mut self, event: &str, now: Timestamp) -> Result<bool> {
        let sql = "INSERT INTO webhooks (id, at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING";
        Ok(self.execute(sql, params![event, now.millis()])? == 1)
    }
}
