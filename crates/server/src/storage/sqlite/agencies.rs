use billing::{AgencyId, Currency, Money, api::AccountCounts, ledger::chain::GENESIS, text::Name};
use rusqlite::{Row, params};

use super::{Sqlite, agency, get, money, number, parsed, timestamp};
use crate::storage::{
    Result, Scope, StorageError,
    agencies::{Agencies, AgencyRow},
};

impl Agencies for Sqlite {
    fn insert_agency(&mut self, row: &AgencyRow) -> Result<()> {
        self.execute(
            "INSERT INTO agencies (id, name, currency, low_below_micros, created_at, last_link)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                row.id.to_string(),
                row.name.as_str(),
                row.currency.code(),
                row.low_below.micros(),
                row.created_at.millis(),
                GENESIS,
            ],
        )?;
        Ok(())
    }

    fn agency(&mut self, scope: Scope) -> Result<Option<AgencyRow>> {
        self.one(
            "SELECT a.id, a.name, a.currency, a.low_below_micros, a.created_at,
                    coalesce(b.amount_micros, 0), a.in_agency, a.in_requested, a.in_paying,
                    a.in_customer, a.in_returning, a.change_seq
             FROM agencies a
             LEFT JOIN balances b ON b.agency_id = a.id AND b.book = 'agency' AND b.account_id = ''
             WHERE a.id = ?1",
            [agency(scope)],
            read,
        )
    }

    fn rename_agency(&mut self, scope: Scope, name: &Name) -> Result<()> {
        let sql = "UPDATE agencies SET name = ?2 WHERE id = ?1";
        self.execute(sql, params![agency(scope), name.as_str()])?;
        Ok(())
    }

    fn save_agency_low_below(&mut self, scope: Scope, low_below: Money) -> Result<()> {
        let sql = "UPDATE agencies SET low_below_micros = ?2 WHERE id = ?1";
        self.execute(sql, params![agency(scope), low_below.micros()]).map(drop)
    }

    fn agencies(&mut self) -> Result<Vec<Scope>> {
        self.all("SELECT id FROM agencies ORDER BY id", [], |row| {
            parsed::<AgencyId>(row, 0).map(Scope::of)
        })
    }
}

fn read(row: &Row<'_>) -> Result<AgencyRow> {
    let currency: Currency = parsed(row, 2)?;
    let name: String = get(row, 1)?;
    let in_phase = |index| number(row, index);
    let (idle, requested, paying) = (in_phase(6)?, in_phase(7)?, in_phase(8)?);
    let (customer, returning) = (in_phase(9)?, in_phase(10)?);
    let agency = idle + requested + paying;
    let customer_paid = customer + returning;
    Ok(AgencyRow {
        id: parsed(row, 0)?,
        name: Name::parse(&name).map_err(|error| StorageError::Damaged(error.to_string()))?,
        currency,
        low_below: Money::from_micros(get(row, 3)?, currency),
        created_at: timestamp(row, 4)?,
        balance: money(row, 5, currency)?,
        counts: AccountCounts {
            all: agency + customer_paid,
            agency,
            customer: customer_paid,
            between: requested + paying + returning,
        },
        change_seq: number(row, 11)?,
    })
}
