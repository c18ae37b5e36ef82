use billing::{Quantity, SubAccountId, Timestamp, funding::Payer, usage::EventType};
use postgres::Row;

use super::{
    Postgres, agency,
    values::{bytes, get, number, parsed, signed, timestamp},
};
use crate::storage::{
    Result, Scope, StorageError,
    usage::{Draw, EventKey, EventRow, IndexPage, MeteringHead, NewEventRow, Unpriced, Usage},
};

const EVENT_COLUMNS: &str = "number, account_id, at, received_at, source, id, type, data, payload, \
     entry, payer, quantity_micros, used_before_micros, amount_micros, price, markup, previous";

impl Usage for Postgres {
    fn metering_head(&mut self, scope: Scope) -> Result<MeteringHead> {
        let sql = "SELECT events, indexed, version FROM metering WHERE agency_id = $1";
        let head = self.within(scope)?.one(sql, params![agency(scope)], |row| {
            let (events, indexed) = (number(row, 0)?, number(row, 1)?);
            Ok(MeteringHead { events, indexed, version: number(row, 2)? })
        })?;
        Ok(head.unwrap_or_default())
    }

    fn save_metering_head(&mut self, scope: Scope, head: &MeteringHead) -> Result<()> {
        self.within(scope)?.execute(
            "INSERT INTO metering (agency_id, events, indexed, version) VALUES ($1, $2, $3, $4)
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
        self.within(scope)?.execute(
            "INSERT INTO metering_changes (agency_id, version, account_id) VALUES ($1, $2, $3)",
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
                   WHERE agency_id = $1 AND version > $2 ORDER BY version";
        self.within(scope)?.all(sql, params![agency(scope), signed(after)], |row| {
            match get::<Option<String>>(row, 0)? {
                None => Ok(None),
                Some(_) => parsed(row, 0).map(Some),
            }
        })
    }

    fn insert_events(&mut self, scope: Scope, events: &[NewEventRow<'_>]) -> Result<()> {
        /// The columns, each as an array: one statement stores them all.
        macro_rules! column {
            ($event:ident, $value:expr) => {
                events.iter().map(|$event| $value).collect::<Vec<_>>()
            };
        }
        let accounts = column!(event, event.account.to_string());
        let payloads = column!(event, &event.payload[..]);
        self.within(scope)?.execute(
            &format!(
                "INSERT INTO events (agency_id, {EVENT_COLUMNS})
                 SELECT $1, * FROM unnest(
                     $2::bigint[], $3::text[], $4::bigint[], $5::bigint[], $6::text[], $7::text[],
                     $8::text[], $9::text[], $10::bytea[], $11::bigint[], $12::text[], $13::bigint[],
                     $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[], $18::bigint[])"
            ),
            params![
                agency(scope),
                column!(event, signed(event.number)),
                accounts,
                column!(event, event.at.millis()),
                column!(event, event.received_at.millis()),
                column!(event, event.source),
                column!(event, event.id),
                column!(event, event.event_type.as_str()),
                column!(event, event.data),
                payloads,
                column!(event, event.draw.map(|draw| signed(draw.entry))),
                column!(event, event.draw.map(|draw| payer_name(draw.payer))),
                column!(event, event.draw.map(|draw| draw.quantity.micros())),
                column!(event, event.draw.map(|draw| draw.used_before.micros())),
                column!(event, event.draw.map(|draw| draw.amount_micros)),
                column!(event, event.draw.map(|draw| signed(draw.price))),
                column!(event, event.draw.and_then(|draw| draw.markup).map(signed)),
                column!(event, event.draw.map(|draw| signed(draw.previous))),
            ],
        )?;
        Ok(())
    }

    fn event(&mut self, scope: Scope, number: u64) -> Result<Option<EventRow>> {
        let sql =
            format!("SELECT {EVENT_COLUMNS} FROM events WHERE agency_id = $1 AND number = $2");
        self.within(scope)?.one(&sql, params![agency(scope), signed(number)], event)
    }

    fn events_from(&mut self, scope: Scope, number: u64, limit: u32) -> Result<Vec<EventRow>> {
        let sql = format!(
            "SELECT {EVENT_COLUMNS} FROM events WHERE agency_id = $1 AND number >= $2
             ORDER BY number LIMIT $3"
        );
        self.within(scope)?.all(
            &sql,
            params![agency(scope), signed(number), i64::from(limit)],
            event,
        )
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
             WHERE agency_id = $1 AND type = $2 AND number > $3 AND entry IS NULL
             ORDER BY number LIMIT $4"
        );
        let values = params![agency(scope), event_type.as_str(), signed(after), i64::from(limit)];
        self.within(scope)?.all(&sql, values, event)
    }

    fn unpriced_types(&mut self, scope: Scope) -> Result<Vec<Unpriced>> {
        let sql = "SELECT type, count(*), min(at) FROM events
                   WHERE agency_id = $1 AND entry IS NULL GROUP BY type ORDER BY type";
        self.within(scope)?.all(sql, params![agency(scope)], |row| {
            let (event_type, events) = (event_type(row, 0)?, number(row, 1)?);
            Ok(Unpriced { event_type, events, first_at: timestamp(row, 2)? })
        })
    }

    fn save_draw(&mut self, scope: Scope, number: u64, draw: &Draw) -> Result<()> {
        let changed = self.within(scope)?.execute(
            "UPDATE events SET entry = $3, payer = $4, quantity_micros = $5, used_before_micros = $6,
                    amount_micros = $7, price = $8, markup = $9, previous = $10
             WHERE agency_id = $1 AND number = $2 AND entry IS NULL",
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
        self.within(scope)?.execute(
            "INSERT INTO event_index (agency_id, segment, first, entries)
             SELECT $1, $2, * FROM unnest($3::bytea[], $4::bytea[])",
            params![
                agency(scope),
                signed(segment),
                pages.iter().map(|page| &page.first[..]).collect::<Vec<_>>(),
                pages.iter().map(|page| &page.entries[..]).collect::<Vec<_>>(),
            ],
        )?;
        Ok(())
    }

    fn index_segment(&mut self, scope: Scope, segment: u64) -> Result<Vec<IndexPage>> {
        let sql = "SELECT first, entries FROM event_index
                   WHERE agency_id = $1 AND segment = $2 ORDER BY first";
        self.within(scope)?.all(sql, params![agency(scope), signed(segment)], index_page)
    }

    fn index_page(
        &mut self,
        scope: Scope,
        segment: u64,
        key: &EventKey,
    ) -> Result<Option<IndexPage>> {
        let sql = "SELECT first, entries FROM event_index
                   WHERE agency_id = $1 AND segment = $2 AND first <= $3
                   ORDER BY first DESC LIMIT 1";
        self.within(scope)?.one(sql, params![agency(scope), signed(segment), &key[..]], index_page)
    }
}

pub(super) fn payer_name(payer: Payer) -> &'static str {
    match payer {
        Payer::Agency => "agency",
        Payer::Customer => "customer",
    }
}

pub(super) fn payer(row: &Row, index: usize) -> Result<Payer> {
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

pub(super) fn event_type(row: &Row, index: usize) -> Result<EventType> {
    let text: String = get(row, index)?;
    EventType::parse(&text).map_err(|error| StorageError::Damaged(format!("{text:?}: {error}")))
}

fn event(row: &Row) -> Result<EventRow> {
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
        payload: bytes(row, 8)?,
        draw,
    })
}

/// A time that is stored as it is read: one outside the years that can be written is damage.
fn exact_time(row: &Row, index: usize) -> Result<Timestamp> {
    let millis: i64 = get(row, index)?;
    let at = Timestamp::from_millis(millis);
    if at.millis() == millis {
        Ok(at)
    } else {
        Err(StorageError::Damaged(format!("time {millis}")))
    }
}

fn index_page(row: &Row) -> Result<IndexPage> {
    Ok(IndexPage { first: bytes(row, 0)?, entries: get(row, 1)? })
}
