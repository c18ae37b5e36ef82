use billing::{Quantity, SubAccountId, Timestamp, funding::Payer, usage::EventType};
use rusqlite::{Row, params};

use super::{Sqlite, agency, get, number, parsed, signed, timestamp};
use crate::storage::{
    Result, Scope, StorageError,
    usage::{Draw, EventKey, EventRow, IndexPage, MeteringHead, NewEventRow, Unpriced, Usage},
};

const EVENT_COLUMNS: &str = "number, account_id, at, received_at, source, id, type, data, payload, \
     entry, payer, quantity_micros, used_before_micros, amount_micros, price, markup, previous";

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

pub(super) fn payer_name(payer: Payer) -> &'static str {
    match payer {
        Payer::Agency => "agency",
        Payer::Customer => "customer",
    }
}

pub(super) fn payer(row: &Row<'_>, index: usize) -> Result<Payer> {
    let name: String = get(row, index)?;
    match name.as_str() {
        "agency" => Ok(Payer::Agency),
        "customer" => Ok(Payer::Customer),
        _ => Err(StorageError::Damaged(format!("payer {name:?}"))),
    }
}

pub(super) fn quantity_of(micros: i64) -> Result<Quantity> {
    Quantity::from_micros(micros)
        .ok_or_else(|| StorageError::Damaged(format!("quantity {micros} is negative")))
}

pub(super) fn event_type(row: &Row<'_>, index: usize) -> Result<EventType> {
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

fn index_page(row: &Row<'_>) -> Result<IndexPage> {
    Ok(IndexPage { first: get(row, 0)?, entries: get(row, 1)? })
}
