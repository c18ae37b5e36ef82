use billing::{
    Money, PaymentId, SubAccountId, Timestamp,
    ledger::{Book, EntryKind},
    usage::Month,
};
use rusqlite::{Row, params};

use super::{Sqlite, agency, get, journal::head, money, number, parsed, signed, timestamp};
use crate::storage::{
    Result, Scope,
    journal::EntryRow,
    statements::{PeriodRow, Progress, ReceiptRow, StatementRow, Statements},
};

const PERIOD: &str = "month, zone, from_at, to_at, after_entry, last_entry, closed_at";
const STATEMENT: &str = "serial, nullif(account_id, ''), month, issued_at, opening_micros, closing_micros, content, digest";
const RECEIPT: &str = "serial, payment_id, nullif(account_id, ''), issued_at, content, digest";

impl Statements for Sqlite {
    fn time_zone(&mut self, scope: Scope) -> Result<Option<String>> {
        let sql = "SELECT time_zone FROM agencies WHERE id = ?1";
        Ok(self.one(sql, [agency(scope)], |row| get(row, 0))?.flatten())
    }

    fn save_time_zone(&mut self, scope: Scope, zone: &str) -> Result<()> {
        let sql = "UPDATE agencies SET time_zone = ?2 WHERE id = ?1";
        self.execute(sql, params![agency(scope), zone]).map(drop)
    }

    fn entry_count(&mut self, scope: Scope) -> Result<u64> {
        let sql = "SELECT entry_count FROM agencies WHERE id = ?1";
        Ok(self.one(sql, [agency(scope)], |row| number(row, 0))?.unwrap_or(0))
    }

    fn entry_since(&mut self, scope: Scope, after: u64, at: Timestamp) -> Result<Option<u64>> {
        let sql = "SELECT number FROM entries WHERE agency_id = ?1 AND number > ?2 AND at >= ?3
                   ORDER BY number LIMIT 1";
        self.one(sql, params![agency(scope), signed(after), at.millis()], |row| number(row, 0))
    }

    fn entry_named(
        &mut self,
        scope: Scope,
        kind: EntryKind,
        reference: &str,
    ) -> Result<Option<EntryRow>> {
        let sql = "SELECT number, at, kind, account_id, reference, link FROM entries
                   WHERE agency_id = ?1 AND kind = ?2 AND reference = ?3";
        let heads = self.all(sql, params![agency(scope), kind.name(), reference], head)?;
        Ok(self.with_postings(scope, heads)?.pop())
    }

    fn entries_on(
        &mut self,
        scope: Scope,
        book: Book,
        after: u64,
        upto: u64,
        limit: u32,
    ) -> Result<Vec<EntryRow>> {
        let (after, upto) = (signed(after), signed(upto));
        let heads = match book.sub_account() {
            Some(account) => self.all(
                "SELECT number, at, kind, account_id, reference, link FROM entries e
                 WHERE agency_id = ?1 AND account_id = ?2 AND number > ?3 AND number <= ?4
                   AND EXISTS (SELECT 1 FROM postings p WHERE p.agency_id = e.agency_id
                               AND p.number = e.number AND p.book = 'customer')
                 ORDER BY number LIMIT ?5",
                params![agency(scope), account.to_string(), after, upto, limit],
                head,
            )?,
            None => self.all(
                "SELECT number, at, kind, account_id, reference, link FROM entries e
                 WHERE agency_id = ?1 AND number > ?2 AND number <= ?3
                   AND EXISTS (SELECT 1 FROM postings p WHERE p.agency_id = e.agency_id
                               AND p.number = e.number AND p.book = ?4)
                 ORDER BY number LIMIT ?5",
                params![agency(scope), after, upto, book.name(), limit],
                head,
            )?,
        };
        self.with_postings(scope, heads)
    }

    fn balance_at(&mut self, scope: Scope, book: Book, entry: u64) -> Result<Money> {
        let currency = self.currency(scope)?;
        let entry = signed(entry);
        let after = match book.sub_account() {
            Some(account) => self.one(
                "SELECT p.balance_after_micros FROM entries e
                 JOIN postings p ON p.agency_id = e.agency_id AND p.number = e.number AND p.book = 'customer'
                 WHERE e.agency_id = ?1 AND e.account_id = ?2 AND e.number <= ?3
                 ORDER BY e.number DESC LIMIT 1",
                params![agency(scope), account.to_string(), entry],
                |row| money(row, 0, currency),
            )?,
            None => self.one(
                "SELECT balance_after_micros FROM postings
                 WHERE agency_id = ?1 AND number <= ?2 AND book = ?3 ORDER BY number DESC LIMIT 1",
                params![agency(scope), entry, book.name()],
                |row| money(row, 0, currency),
            )?,
        };
        Ok(after.unwrap_or(Money::zero(currency)))
    }

    fn with_own_balance(
        &mut self,
        scope: Scope,
        after: Option<SubAccountId>,
        limit: u32,
    ) -> Result<Vec<SubAccountId>> {
        let sql = "SELECT account_id FROM balances
                   WHERE agency_id = ?1 AND book = 'customer' AND account_id > ?2
                   ORDER BY account_id LIMIT ?3";
        let after = after.map(|id| id.to_string()).unwrap_or_default();
        self.all(sql, params![agency(scope), after, limit], |row| parsed(row, 0))
    }

    fn insert_period(&mut self, scope: Scope, period: &PeriodRow) -> Result<()> {
        self.execute(
            "INSERT INTO statement_periods (agency_id, month, zone, from_at, to_at, after_entry,
                                            last_entry, closed_at, issued_upto)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, '')",
            params![
                agency(scope),
                period.month.0,
                period.zone,
                period.from.millis(),
                period.to.millis(),
                signed(period.after_entry),
                signed(period.last_entry),
                period.closed_at.millis(),
            ],
        )
        .map(drop)
    }

    fn periods(&mut self, scope: Scope) -> Result<Vec<PeriodRow>> {
        let sql =
            format!("SELECT {PERIOD} FROM statement_periods WHERE agency_id = ?1 ORDER BY month");
        self.all(&sql, [agency(scope)], period)
    }

    fn unissued(&mut self, scope: Scope) -> Result<Option<(PeriodRow, Progress)>> {
        let sql = format!(
            "SELECT {PERIOD}, nullif(issued_upto, '') FROM statement_periods
             WHERE agency_id = ?1 AND issued_upto IS NOT NULL ORDER BY month LIMIT 1"
        );
        self.one(&sql, [agency(scope)], |row| Ok((period(row)?, Progress::Upto(account(row, 7)?))))
    }

    fn save_progress(&mut self, scope: Scope, month: Month, progress: Progress) -> Result<()> {
        let sql =
            "UPDATE statement_periods SET issued_upto = ?3 WHERE agency_id = ?1 AND month = ?2";
        self.execute(sql, params![agency(scope), month.0, progress.column()]).map(drop)
    }

    fn next_statement(&mut self, scope: Scope) -> Result<u64> {
        let sql = "SELECT coalesce(max(serial), 0) + 1 FROM statements WHERE agency_id = ?1";
        Ok(self.one(sql, [agency(scope)], |row| number(row, 0))?.unwrap_or(1))
    }

    fn insert_statement(&mut self, scope: Scope, row: &StatementRow) -> Result<()> {
        self.execute(
            "INSERT INTO statements (agency_id, serial, account_id, month, issued_at, opening_micros,
                                     closing_micros, content, digest)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                agency(scope),
                signed(row.serial),
                row.account.map(|id| id.to_string()).unwrap_or_default(),
                row.month.0,
                row.issued_at.millis(),
                row.opening.micros(),
                row.closing.micros(),
                row.content,
                row.digest,
            ],
        )
        .map(drop)
    }

    fn statement(
        &mut self,
        scope: Scope,
        account: Option<SubAccountId>,
        month: Month,
    ) -> Result<Option<StatementRow>> {
        let currency = self.currency(scope)?;
        let sql = format!(
            "SELECT {STATEMENT} FROM statements
             WHERE agency_id = ?1 AND account_id = ?2 AND month = ?3"
        );
        let account = account.map(|id| id.to_string()).unwrap_or_default();
        let values = params![agency(scope), account, month.0];
        self.one(&sql, values, |row| statement(row, currency))
    }

    fn statements_of(
        &mut self,
        scope: Scope,
        account: Option<SubAccountId>,
    ) -> Result<Vec<StatementRow>> {
        let currency = self.currency(scope)?;
        let columns = STATEMENT.replace("content", "''");
        let sql = format!(
            "SELECT {columns} FROM statements
             WHERE agency_id = ?1 AND account_id = ?2 ORDER BY month DESC"
        );
        let account = account.map(|id| id.to_string()).unwrap_or_default();
        self.all(&sql, params![agency(scope), account], |row| statement(row, currency))
    }

    fn statements_from(
        &mut self,
        scope: Scope,
        serial: u64,
        limit: u32,
    ) -> Result<Vec<StatementRow>> {
        let currency = self.currency(scope)?;
        let sql = format!(
            "SELECT {STATEMENT} FROM statements
             WHERE agency_id = ?1 AND serial >= ?2 ORDER BY serial LIMIT ?3"
        );
        let values = params![agency(scope), signed(serial), limit];
        self.all(&sql, values, |row| statement(row, currency))
    }

    fn next_receipt(&mut self, scope: Scope) -> Result<u64> {
        let sql = "SELECT coalesce(max(serial), 0) + 1 FROM receipts WHERE agency_id = ?1";
        Ok(self.one(sql, [agency(scope)], |row| number(row, 0))?.unwrap_or(1))
    }

    fn insert_receipt(&mut self, scope: Scope, row: &ReceiptRow) -> Result<()> {
        self.execute(
            "INSERT INTO receipts (agency_id, serial, payment_id, account_id, issued_at, content, digest)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                agency(scope),
                signed(row.serial),
                row.payment.to_string(),
                row.account.map(|id| id.to_string()).unwrap_or_default(),
                row.issued_at.millis(),
                row.content,
                row.digest,
            ],
        )
        .map(drop)
    }

    fn receipt(&mut self, scope: Scope, payment: PaymentId) -> Result<Option<ReceiptRow>> {
        let sql =
            format!("SELECT {RECEIPT} FROM receipts WHERE agency_id = ?1 AND payment_id = ?2");
        self.one(&sql, params![agency(scope), payment.to_string()], receipt)
    }

    fn receipts_from(&mut self, scope: Scope, serial: u64, limit: u32) -> Result<Vec<ReceiptRow>> {
        let sql = format!(
            "SELECT {RECEIPT} FROM receipts
             WHERE agency_id = ?1 AND serial >= ?2 ORDER BY serial LIMIT ?3"
        );
        self.all(&sql, params![agency(scope), signed(serial), limit], receipt)
    }
}

fn account(row: &Row<'_>, index: usize) -> Result<Option<SubAccountId>> {
    match get::<Option<String>>(row, index)? {
        Some(_) => parsed(row, index).map(Some),
        None => Ok(None),
    }
}

fn period(row: &Row<'_>) -> Result<PeriodRow> {
    Ok(PeriodRow {
        month: Month(get(row, 0)?),
        zone: get(row, 1)?,
        from: timestamp(row, 2)?,
        to: timestamp(row, 3)?,
        after_entry: number(row, 4)?,
        last_entry: number(row, 5)?,
        closed_at: timestamp(row, 6)?,
    })
}

fn statement(row: &Row<'_>, currency: billing::Currency) -> Result<StatementRow> {
    Ok(StatementRow {
        serial: number(row, 0)?,
        account: account(row, 1)?,
        month: Month(get(row, 2)?),
        issued_at: timestamp(row, 3)?,
        opening: money(row, 4, currency)?,
        closing: money(row, 5, currency)?,
        content: get(row, 6)?,
        digest: get(row, 7)?,
    })
}

fn receipt(row: &Row<'_>) -> Result<ReceiptRow> {
    Ok(ReceiptRow {
        serial: number(row, 0)?,
        payment: parsed(row, 1)?,
        account: account(row, 2)?,
        issued_at: timestamp(row, 3)?,
        content: get(row, 4)?,
        digest: get(row, 5)?,
    })
}
