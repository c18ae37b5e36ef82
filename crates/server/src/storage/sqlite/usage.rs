use billing::{
    Quantity, SubAccountId, Timestamp,
    api::ReportBy,
    funding::Payer,
    usage::{Day, EventType, Month},
};
use rusqlite::{OptionalExtension as _, Row, params};

use super::{Sqlite, agency, get, number, parsed, signed, timestamp};
use crate::storage::{
    Result, Scope, StorageError,
    usage::{
        DayKey, DaySum, Draw, EventKey, EventRow, IndexPage, MeteringHead, NewEventRow, Segment,
        Unpriced, Usage, UsageQuery,
    },
};

const EVENT_COLUMNS: &str = "number, account_id, at, received_at, source, id, type, data, payload, \
     entry, payer, quantity_micros, used_before_micros, amount_micros, price, markup, previous";
const DAY_COLUMNS: &str = "day, account_id, type, payer, events, late_events, quantity_micros, \
     amount_micros, last_event";

impl Usage for Sqlite {
    fn metering_head(&mut self, scope: Scope) -> Result<MeteringHead> {
        let sql = "SELECT events, indexed, version FROM metering WHERE agency_id = ?1";
        let head = self.one(sql, [agency(scope)], |row| {
            let (events, indexed) = (number(row, 0)?, number(row, 1)?);
            Ok(MeteringHead { events, indexed, version: number(row, 2)? })
        })?;
        Ok(head.unwrap_or_default())
    }

    fn save_metering_head(&mut self, scope: Scope, head: &MeteringHead) -> Result<()> {
        self.execute(
            "INSERT INTO metering (agency_id, events, indexed, version) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (agency_id) DO UPDATE
             SET events = excluded.events, indexed = excluded.indexed, version = excluded.version",
            params![agency(scope), signed(head.events), signed(head.indexed), signed(head.version)],
        )?;
        Ok(())
    }

    fn note_metering_change(&mut self, scope: Scope, account: Option<SubAccountId>) -> Result<()> {
        let mut head = self.metering_head(scope)?;
        head.version += 1;
        self.save_metering_head(scope, &head)?;
        self.execute(
            "INSERT INTO metering_changes (agency_id, version, account_id) VALUES (?1, ?2, ?3)",
            params![
                agency(scope),
                signed(head.version),
                account.map(|account| account.to_string())
            ],
        )?;
        Ok(())
    }

    fn metering_changes(&mut self, scope: Scope, after: u64) -> Result<Vec<Option<SubAccountId>>> {
        let sql = "SELECT account_id FROM metering_changes
                   WHERE agency_id = ?1 AND version > ?2 ORDER BY version";
        self.all(sql, params![agency(scope), signed(after)], |row| {
            match get::<Option<String>>(row, 0)? {
                None => Ok(None),
                Some(_) => parsed(row, 0).map(Some),
            }
        })
    }

    fn insert_events(&mut self, scope: Scope, events: &[NewEventRow<'_>]) -> Result<()> {
        let agency = agency(scope);
        let sql = format!(
            "INSERT INTO events (agency_id, {EVENT_COLUMNS})
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)"
        );
        self.count();
        let mut statement = self.connection.prepare_cached(&sql).map_err(super::database)?;
        for event in events {
            let draw = event.draw.as_ref();
            let inserted = statement.execute(params![
                agency,
                signed(event.number),
                event.account.to_string(),
                event.at.millis(),
                event.received_at.millis(),
                event.source,
                event.id,
                event.event_type.as_str(),
                event.data,
                event.payload,
                draw.map(|draw| signed(draw.entry)),
                draw.map(|draw| payer_name(draw.payer)),
                draw.map(|draw| draw.quantity.micros()),
                draw.map(|draw| draw.used_before.micros()),
                draw.map(|draw| draw.amount_micros),
                draw.map(|draw| signed(draw.price)),
                draw.and_then(|draw| draw.markup).map(signed),
                draw.map(|draw| signed(draw.previous)),
            ]);
            inserted.map_err(super::database)?;
        }
        Ok(())
    }

    fn event(&mut self, scope: Scope, number: u64) -> Result<Option<EventRow>> {
        let sql =
            format!("SELECT {EVENT_COLUMNS} FROM events WHERE agency_id = ?1 AND number = ?2");
        self.one(&sql, params![agency(scope), signed(number)], event)
    }

    fn events_from(&mut self, scope: Scope, number: u64, limit: u32) -> Result<Vec<EventRow>> {
        let sql = format!(
            "SELECT {EVENT_COLUMNS} FROM events WHERE agency_id = ?1 AND number >= ?2
             ORDER BY number LIMIT ?3"
        );
        self.all(&sql, params![agency(scope), signed(number), limit], event)
    }

    fn unpriced_events(
        &mut self,
        scope: Scope,
        event_type: &EventType,
        after: u64,
        limit: u32,
    ) -> Result<Vec<EventRow>> {
        let sql = format!(
            "SELECT {EVENT_COLUMNS} FROM events
             WHERE agency_id = ?1 AND type = ?2 AND number > ?3 AND entry IS NULL
             ORDER BY number LIMIT ?4"
        );
        let values = params![agency(scope), event_type.as_str(), signed(after), limit];
        self.all(&sql, values, event)
    }

    fn unpriced_types(&mut self, scope: Scope) -> Result<Vec<Unpriced>> {
        let sql = "SELECT type, count(*), min(at) FROM events
                   WHERE agency_id = ?1 AND entry IS NULL GROUP BY type ORDER BY type";
        self.all(sql, [agency(scope)], |row| {
            let (event_type, events) = (event_type(row, 0)?, number(row, 1)?);
            Ok(Unpriced { event_type, events, first_at: timestamp(row, 2)? })
        })
    }

    fn save_draw(&mut self, scope: Scope, number: u64, draw: &Draw) -> Result<()> {
        let changed = self.execute(
            "UPDATE events SET entry = ?3, payer = ?4, quantity_micros = ?5, used_before_micros = ?6,
                    amount_micros = ?7, price = ?8, markup = ?9, previous = ?10
             WHERE agency_id = ?1 AND number = ?2 AND entry IS NULL",
            params![
                agency(scope),
                signed(number),
                signed(draw.entry),
                payer_name(draw.payer),
                draw.quantity.micros(),
                draw.used_before.micros(),
                draw.amount_micros,
                signed(draw.price),
                draw.markup.map(signed),
                signed(draw.previous),
            ],
        )?;
        match changed {
            1 => Ok(()),
            _ => Err(StorageError::Conflict(format!("event {number} is drawn already"))),
        }
    }

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

    fn insert_index_segment(
        &mut self,
        scope: Scope,
        segment: u64,
        pages: &[IndexPage],
    ) -> Result<()> {
        let sql =
            "INSERT INTO event_index (agency_id, segment, first, entries) VALUES (?1, ?2, ?3, ?4)";
        let agency = agency(scope);
        for page in pages {
            self.execute(sql, params![agency, signed(segment), page.first, page.entries])?;
        }
        Ok(())
    }

    fn index_segment(&mut self, scope: Scope, segment: u64) -> Result<Vec<IndexPage>> {
        let sql = "SELECT first, entries FROM event_index
                   WHERE agency_id = ?1 AND segment = ?2 ORDER BY first";
        self.all(sql, params![agency(scope), signed(segment)], index_page)
    }

    fn index_page(
        &mut self,
        scope: Scope,
        segment: u64,
        key: &EventKey,
    ) -> Result<Option<IndexPage>> {
        let sql = "SELECT first, entries FROM event_index
                   WHERE agency_id = ?1 AND segment = ?2 AND first <= ?3
                   ORDER BY first DESC LIMIT 1";
        self.one(sql, params![agency(scope), signed(segment), key], index_page)
    }
}

fn payer_name(payer: Payer) -> &'static str {
    match payer {
        Payer::Agency => "agency",
        Payer::Customer => "customer",
    }
}

fn payer(row: &Row<'_>, index: usize) -> Result<Payer> {
    let name: String = get(row, index)?;
    match name.as_str() {
        "agency" => Ok(Payer::Agency),
        "customer" => Ok(Payer::Customer),
        _ => Err(StorageError::Damaged(format!("payer {name:?}"))),
    }
}

fn quantity_of(micros: i64) -> Result<Quantity> {
    Quantity::from_micros(micros)
        .ok_or_else(|| StorageError::Damaged(format!("quantity {micros} is negative")))
}

fn event_type(row: &Row<'_>, index: usize) -> Result<EventType> {
    let text: String = get(row, index)?;
    EventType::parse(&text).map_err(|error| StorageError::Damaged(format!("{text:?}: {error}")))
}

fn event(row: &Row<'_>) -> Result<EventRow> {
    let entry: Option<i64> = get(row, 9)?;
    let draw = match entry {
        None => None,
        Some(_) => Some(Draw {
            entry: number(row, 9)?,
            payer: payer(row, 10)?,
            quantity: quantity_of(get(row, 11)?)?,
            used_before: quantity_of(get(row, 12)?)?,
            amount_micros: get(row, 13)?,
            price: number(row, 14)?,
            markup: match get::<Option<i64>>(row, 15)? {
                None => None,
                Some(_) => Some(number(row, 15)?),
            },
            previous: number(row, 16)?,
        }),
    };
    Ok(EventRow {
        number: number(row, 0)?,
        account: parsed(row, 1)?,
        at: exact_time(row, 2)?,
        received_at: timestamp(row, 3)?,
        source: get(row, 4)?,
        id: get(row, 5)?,
        event_type: event_type(row, 6)?,
        data: get(row, 7)?,
        payload: get(row, 8)?,
        draw,
    })
}

/// A time that is stored as it is read: one outside the years that can be written is damage.
fn exact_time(row: &Row<'_>, index: usize) -> Result<Timestamp> {
    let millis: i64 = get(row, index)?;
    let at = Timestamp::from_millis(millis);
    if at.millis() == millis {
        Ok(at)
    } else {
        Err(StorageError::Damaged(format!("time {millis}")))
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

fn index_page(row: &Row<'_>) -> Result<IndexPage> {
    Ok(IndexPage { first: get(row, 0)?, entries: get(row, 1)? })
}
