use billing::treasury::Treasury;
use rusqlite::params;

use super::{Sqlite, agency, get, json, signed, to_json};
use crate::storage::{Result, Scope, treasuries::Treasuries};

impl Treasuries for Sqlite {
    fn treasury(&mut self, scope: Scope) -> Result<Treasury> {
        let sql = "SELECT treasury FROM treasuries WHERE agency_id = ?1";
        Ok(self.one(sql, [agency(scope)], |row| json(row, 0))?.unwrap_or_default())
    }

    fn save_treasury(&mut self, scope: Scope, treasury: &Treasury) -> Result<()> {
        self.execute(
            "INSERT INTO treasuries (agency_id, treasury, version) VALUES (?1, ?2, ?3)
             ON CONFLICT (agency_id) DO UPDATE SET treasury = excluded.treasury, version = excluded.version",
            params![agency(scope), to_json(treasury)?, signed(treasury.version)],
        )
        .map(drop)
    }

    fn treasury_customer(&mut self, scope: Scope) -> Result<Option<String>> {
        let sql = "SELECT gateway_customer FROM treasuries WHERE agency_id = ?1";
        Ok(self.one(sql, [agency(scope)], |row| get(row, 0))?.flatten())
    }

    fn set_treasury_customer(&mut self, scope: Scope, customer: &str) -> Result<()> {
        self.execute(
            "INSERT INTO treasuries (agency_id, treasury, version, gateway_customer) VALUES (?1, ?2, 0, ?3)
             ON CONFLICT (agency_id) DO UPDATE
             SET gateway_customer = coalesce(treasuries.gateway_customer, excluded.gateway_customer)",
            params![agency(scope), to_json(&Treasury::default())?, customer],
        )
        .map(drop)
    }
}
