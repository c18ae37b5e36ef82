use billing::pricing::{PriceChange, PriceSubject};
use postgres::Row;

use super::{
    Postgres, agency,
    values::{json, number, signed, timestamp, to_json},
};
use crate::storage::{
    Result, Scope, StorageError,
    prices::{PriceRow, Prices},
};

const COLUMNS: &str = "number, subject, from_at, setting, set_at, set_by";

impl Prices for Postgres {
    fn insert_price(&mut self, scope: Scope, row: &PriceRow) -> Result<u64> {
        let sql = "SELECT coalesce(max(number), 0) + 1 FROM prices WHERE agency_id = $1";
        let next = self.within(scope)?.one(sql, params![agency(scope)], |row| number(row, 0))?;
        let next = next.ok_or_else(|| StorageError::Damaged("no maximum".to_owned()))?;
        self.execute(
            "INSERT INTO prices (agency_id, number, subject, from_at, setting, set_at, set_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            params![
                agency(scope),
                signed(next),
                to_json(&row.change.subject)?,
                row.change.from.millis(),
                to_json(&row.change.setting)?,
                row.set_at.millis(),
                to_json(&row.set_by)?,
            ],
        )?;
        Ok(next)
    }

    fn prices(&mut self, scope: Scope) -> Result<Vec<PriceRow>> {
        let sql = format!("SELECT {COLUMNS} FROM prices WHERE agency_id = $1 ORDER BY number");
        self.within(scope)?.all(&sql, params![agency(scope)], read)
    }

    fn prices_of(&mut self, scope: Scope, subject: &PriceSubject) -> Result<Vec<PriceRow>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM prices WHERE agency_id = $1 AND subject = $2 ORDER BY number"
        );
        self.within(scope)?.all(&sql, params![agency(scope), to_json(subject)?], read)
    }
}

fn read(row: &Row) -> Result<PriceRow> {
    let change = PriceChange {
        number: number(row, 0)?,
        subject: json(row, 1)?,
        from: timestamp(row, 2)?,
        setting: json(row, 3)?,
    };
    Ok(PriceRow { change, set_at: timestamp(row, 4)?, set_by: json(row, 5)? })
}
