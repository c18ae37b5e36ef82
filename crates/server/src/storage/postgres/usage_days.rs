use std::collections::BTreeMap;

use billing::{
    Quantity, SubAccountId,
    api::ReportBy,
    usage::{Day, EventType, Month},
};
use postgres::Row;

use super::{
    Postgres, agency,
    usage::{event_type, payer, payer_name, quantity_of},
    values::{get, number, parsed, signed},
};
use crate::storage::{
    Result, Scope,
    usage::{DayKey, DaySum, Segment, UsageQuery},
    usage_days::UsageDays,
};

const DAY_COLUMNS: &str = "day, account_id, type, payer, events, late_events, quantity_micros, \
     amount_micros, last_event";

impl UsageDays for Postgres {
    fn add_to_days(&mut self, scope: Scope, days: &[(DayKey, DaySum)]) -> Result<Vec<u64>> {
        let column = |value: fn(&DaySum) -> i64| -> Vec<i64> {
            days.iter().map(|(_, sum)| value(sum)).collect()
        };
        let accounts: Vec<_> = days.iter().map(|(key, _)| key.account.to_string()).collect();
        let types: Vec<_> = days.iter().map(|(key, _)| key.event_type.as_str()).collect();
        let payers: Vec<_> = days.iter().map(|(key, _)| payer_name(key.payer)).collect();
        let before = self.within(scope)?.all(
            "INSERT INTO usage_days AS d (agency_id, day, account_id, type, payer, events, late_events,
                          quantity_micros, amount_micros, last_event, last_before)
             SELECT $1, *, 0 FROM unnest(
                 $2::bigint[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[],
                 $8::bigint[], $9::bigint[], $10::bigint[])
             ON CONFLICT (agency_id, day, account_id, type, payer) DO UPDATE
             SET events = d.events + excluded.events,
                 late_events = d.late_events + excluded.late_events,
                 quantity_micros = d.quantity_micros + excluded.quantity_micros,
                 amount_micros = d.amount_micros + excluded.amount_micros,
                 last_before = d.last_event,
                 last_event = excluded.last_event
             RETURNING day, account_id, type, payer, last_before",
            params![
                agency(scope),
                days.iter().map(|(key, _)| key.day.0).collect::<Vec<_>>(),
                accounts,
                types,
                payers,
                column(|sum| signed(sum.events)),
                column(|sum| signed(sum.late_events)),
                column(|sum| sum.quantity.micros()),
                column(|sum| sum.amount_micros),
                column(|sum| signed(sum.last_event)),
            ],
            |row| Ok((day_key(row)?, number(row, 4)?)),
        )?;
        // They come in any order.
        let before: BTreeMap<_, _> = before.into_iter().collect();
        Ok(days.iter().map(|(key, _)| before.get(key).copied().unwrap_or(0)).collect())
    }

    fn usage_day(&mut self, scope: Scope, key: &DayKey) -> Result<Option<DaySum>> {
        let sql = format!(
            "SELECT {DAY_COLUMNS} FROM usage_days
             WHERE agency_id = $1 AND day = $2 AND account_id = $3 AND type = $4 AND payer = $5"
        );
        let values = params![
            agency(scope),
            key.day.0,
            key.account.to_string(),
            key.event_type.as_str(),
            payer_name(key.payer)
        ];
        Ok(self.within(scope)?.one(&sql, values, day_line)?.map(|(_, sum)| sum))
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
        let filter = if account.is_some() { "account_id = $9" } else { "$9::text IS NULL" };
        let sql = format!(
            "SELECT {DAY_COLUMNS} FROM usage_days
             WHERE agency_id = $1 AND day >= $2 AND day < $3
               AND (day, account_id, type, payer) > ($4, $5, $6, $7) AND {filter}
             ORDER BY day, account_id, type, payer LIMIT $8"
        );
        let (from, to, limit) = (query.from.0, query.to.0, i64::from(limit));
        let values = params![agency(scope), from, to, day, whose, kind, payer, limit, account];
        self.within(scope)?.all(&sql, values, day_line)
    }

    fn usage_days_of(
        &mut self,
        scope: Scope,
        account: SubAccountId,
        after: Option<&DayKey>,
        limit: u32,
    ) -> Result<Vec<(DayKey, DaySum)>> {
        let sql = format!(
            "SELECT {DAY_COLUMNS} FROM usage_days
             WHERE agency_id = $1 AND account_id = $2 AND (-day, type, payer) > ($3, $4, $5)
             ORDER BY day DESC, type, payer LIMIT $6"
        );
        let (day, kind, payer) = match after {
            Some(key) => (-key.day.0, key.event_type.as_str(), payer_name(key.payer)),
            None => (i64::MIN, "", ""),
        };
        let limit = i64::from(limit);
        let values = params![agency(scope), account.to_string(), day, kind, payer, limit];
        self.within(scope)?.all(&sql, values, day_line)
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
            "SELECT {key}, min({label}), sum(d.events)::bigint, sum(d.late_events)::bigint,
                    sum(d.quantity_micros)::bigint,
                    sum(CASE d.payer WHEN 'agency' THEN d.amount_micros ELSE 0 END)::bigint,
                    sum(CASE d.payer WHEN 'agency' THEN 0 ELSE d.amount_micros END)::bigint
             FROM usage_days d {join}
             WHERE d.agency_id = $1 AND d.day >= $2 AND d.day < $3
               AND ($4::text IS NULL OR d.account_id = $4)
             GROUP BY {key} ORDER BY {key}"
        );
        let account = query.account.map(|account| account.to_string());
        let values = params![agency(scope), query.from.0, query.to.0, account];
        self.within(scope)?.all(&sql, values, |row| {
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
        let sql = "SELECT coalesce(sum(quantity_micros), 0)::bigint FROM usage_days
                   WHERE agency_id = $1 AND account_id = $2 AND type = $3 AND day >= $4 AND day < $5";
        let (from, to) = (month.first_day().0, month.next().first_day().0);
        let values = params![agency(scope), account.to_string(), event_type.as_str(), from, to];
        let micros: Option<i64> = self.within(scope)?.one(sql, values, |row| get(row, 0))?;
        quantity_of(micros.unwrap_or(0))
    }
}

fn day_key(row: &Row) -> Result<DayKey> {
    Ok(DayKey {
        day: Day(get(row, 0)?),
        account: parsed(row, 1)?,
        event_type: event_type(row, 2)?,
        payer: payer(row, 3)?,
    })
}

fn day_line(row: &Row) -> Result<(DayKey, DaySum)> {
    let sum = DaySum {
        events: number(row, 4)?,
        late_events: number(row, 5)?,
        quantity: quantity_of(get(row, 6)?)?,
        amount_micros: get(row, 7)?,
        last_event: number(row, 8)?,
    };
    Ok((day_key(row)?, sum))
}
