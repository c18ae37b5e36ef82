use billing::{
    Quantity, SubAccountId,
    api::ReportBy,
    usage::{Day, EventType, Month},
};
use rusqlite::{OptionalExtension as _, Row, params};

use super::{
    Sqlite, agency, get, number, parsed, signed,
    usage::{event_type, payer, payer_name, quantity_of},
};
use crate::storage::{
    Result, Scope,
    usage::{DayKey, DaySum, Segment, UsageQuery},
    usage_days::UsageDays,
};

const DAY_COLUMNS: &str = "day, account_id, type, payer, events, late_events, quantity_micros, \
     amount_micros, last_event";

impl UsageDays for Sqlite {
    fn add_to_days(&mut self, scope: Scope, days: &[(DayKey, DaySum)]) -> Result<Vec<u64>> {
        // Three plain statements instead of one upsert: SQLite opens no statement journal and no table for what it returns.
        let key = "agency_id = ?1 AND day = ?2 AND account_id = ?3 AND type = ?4 AND payer = ?5";
        let look = format!("SELECT last_event FROM usage_days WHERE {key}");
        let add = format!(
            "UPDATE usage_days
             SET events = events + ?6, late_events = late_events + ?7, quantity_micros = quantity_micros + ?8,
                 amount_micros = amount_micros + ?9, last_before = last_event, last_event = ?10
             WHERE {key}"
        );
        let begin =
            "INSERT INTO usage_days (agency_id, day, account_id, type, payer, events, late_events,
                          quantity_micros, amount_micros, last_event, last_before)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0)";
        self.count();
        let mut look = self.connection.prepare_cached(&look).map_err(super::database)?;
        let mut add = self.connection.prepare_cached(&add).map_err(super::database)?;
        let mut begin = self.connection.prepare_cached(begin).map_err(super::database)?;
        let agency = agency(scope);
        let mut before = Vec::with_capacity(days.len());
        for (key, sum) in days {
            let account = key.account.to_string();
            let (event_type, payer) = (key.event_type.as_str(), payer_name(key.payer));
            let found = look
                .query_row(params![agency, key.day.0, account, event_type, payer], |row| {
                    Ok(number(row, 0))
                })
                .optional()
                .map_err(super::database)?
                .transpose()?;
            let change = if found.is_some() { &mut add } else { &mut begin };
            let changed = change.execute(params![
                agency,
                key.day.0,
                account,
                event_type,
                payer,
                signed(sum.events),
                signed(sum.late_events),
                sum.quantity.micros(),
                sum.amount_micros,
                signed(sum.last_event),
            ]);
            changed.map_err(super::database)?;
            before.push(found.unwrap_or(0));
        }
        Ok(before)
    }

    fn usage_day(&mut self, scope: Scope, key: &DayKey) -> Result<Option<DaySum>> {
        let sql = format!(
            "SELECT {DAY_COLUMNS} FROM usage_days
             WHERE agency_id = ?1 AND day = ?2 AND account_id = ?3 AND type = ?4 AND payer = ?5"
        );
        let values = params![
            agency(scope),
            key.day.0,
            key.account.to_string(),
            key.event_type.as_str(),
            payer_name(key.payer)
        ];
        Ok(self.one(&sql, values, day_line)?.map(|(_, sum)| sum))
    }

    fn usage_days(
        &mut self,
        scope: Scope,
        query: &UsageQuery,
        after: Option<&DayKey>,
        limit: u32,
    ) -> Result<Vec<(DayKey, DaySum)>> {
        let account = query.account.map(|account| account.to_string());
        let (day, whose, kind, payer) = match after {
            Some(key) => (
                key.day.0,
                key.account.to_string(),
                key.event_type.as_str().to_owned(),
                payer_name(key.payer),
            ),
            None => (i64::MIN, String::new(), String::new(), ""),
        };
        // An account's lines are few: they are found by the account and then put in order.
        let (table, filter) = match account {
            Some(_) => ("usage_days INDEXED BY usage_days_by_account", "account_id = ?9"),
            None => ("usage_days", "?9 IS NULL"),
        };
        let sql = format!(
            "SELECT {DAY_COLUMNS} FROM {table}
             WHERE agency_id = ?1 AND day >= ?2 AND day < ?3
               AND (day, account_id, type, payer) > (?4, ?5, ?6, ?7) AND {filter}
             ORDER BY day, account_id, type, payer LIMIT ?8"
        );
        let (from, to) = (query.from.0, query.to.0);
        let values = params![agency(scope), from, to, day, whose, kind, payer, limit, account];
        self.all(&sql, values, day_line)
    }

    fn usage_days_of(
        &mut self,
        scope: Scope,
        account: SubAccountId,
        after: Option<&DayKey>,
        limit: u32,
    ) -> Result<Vec<(DayKey, DaySum)>> {
        let sql = format!(
            "SELECT {DAY_COLUMNS} FROM usage_days INDEXED BY usage_days_by_account
             WHERE agency_id = ?1 AND account_id = ?2 AND (-day, type, payer) > (?3, ?4, ?5)
             ORDER BY day DESC, type, payer LIMIT ?6"
        );
        let (day, kind, payer) = match after {
            Some(key) => (-key.day.0, key.event_type.as_str(), payer_name(key.payer)),
            None => (i64::MIN, "", ""),
        };
        let values = params![agency(scope), account.to_string(), day, kind, payer, limit];
        self.all(&sql, values, day_line)
    }

    fn usage_report(
        &mut self,
        scope: Scope,
        query: &UsageQuery,
        by: ReportBy,
    ) -> Result<Vec<Segment>> {
        let (key, label, join) = match by {
            ReportBy::Account => (
                "d.account_id",
                "a.name",
                "JOIN accounts a ON a.agency_id = d.agency_id AND a.id = d.account_id",
            ),
            ReportBy::Type => ("d.type", "d.type", ""),
            ReportBy::Day => ("d.day", "d.day", ""),
            ReportBy::Payer => ("d.payer", "d.payer", ""),
        };
        let sql = format!(
            "SELECT {key}, {label}, sum(d.events), sum(d.late_events), sum(d.quantity_micros),
                    sum(CASE d.payer WHEN 'agency' THEN d.amount_micros ELSE 0 END),
                    sum(CASE d.payer WHEN 'agency' THEN 0 ELSE d.amount_micros END)
             FROM usage_days d {join}
             WHERE d.agency_id = ?1 AND d.day >= ?2 AND d.day < ?3
               AND (?4 IS NULL OR d.account_id = ?4)
             GROUP BY {key} ORDER BY {key}"
        );
        let account = query.account.map(|account| account.to_string());
        let values = params![agency(scope), query.from.0, query.to.0, account];
        self.all(&sql, values, |row| {
            let text = |index| match by {
                ReportBy::Day => get(row, index).map(|day| Day(day).text()),
                _ => get(row, index),
            };
            Ok(Segment {
                key: text(0)?,
                label: text(1)?,
                events: number(row, 2)?,
                late_events: number(row, 3)?,
                quantity_micros: get(row, 4)?,
                agency_micros: get(row, 5)?,
                customer_micros: get(row, 6)?,
            })
        })
    }

    fn month_quantity(
        &mut self,
        scope: Scope,
        account: SubAccountId,
        event_type: &EventType,
        month: Month,
    ) -> Result<Quantity> {
        let sql = "SELECT coalesce(sum(quantity_micros), 0) FROM usage_days
                   WHERE agency_id = ?1 AND account_id = ?2 AND type = ?3 AND day >= ?4 AND day < ?5";
        let (from, to) = (month.first_day().0, month.next().first_day().0);
        let values = params![agency(scope), account.to_string(), event_type.as_str(), from, to];
        let micros: Option<i64> = self.one(sql, values, |row| get(row, 0))?;
        quantity_of(micros.unwrap_or(0))
    }
}

fn day_line(row: &Row<'_>) -> Result<(DayKey, DaySum)> {
    let key = DayKey {
        day: Day(get(row, 0)?),
        account: parsed(row, 1)?,
        event_type: event_type(row, 2)?,
        payer: payer(row, 3)?,
    };
    let sum = DaySum {
        events: number(row, 4)?,
        late_events: number(row, 5)?,
        quantity: quantity_of(get(row, 6)?)?,
        amount_micros: get(row, 7)?,
        last_event: number(row, 8)?,
    };
    Ok((key, sum))
}
