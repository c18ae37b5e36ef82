//! Usage that waited for a price: drawn once there is one, from the payer of its time, a part of it per transaction.

use std::collections::{HashMap, hash_map::Entry};

use billing::{
    Quantity, SubAccountId, Timestamp,
    pricing::PriceBook,
    timeline::{Interval, intervals, is_late, payer_at},
    usage::{Day, EventType},
};

use super::{
    cost::{Priced, price},
    draw::book_of_payer,
    event::data_fields,
    sums::Sums,
};
use crate::storage::{
    Result, Scope, StorageError, Transaction,
    usage::{DaySum, Draw, EventRow},
};

/// Events looked at in one transaction.
const AT_ONCE: u32 = 1_000;
/// How far apart the numbers of the events of one entry may be: whoever reads the entry's draws looks at all in between.
const SPAN_MAX: u64 = 20_000;

/// Where to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Position {
    event_type: EventType,
    after: u64,
}

/// What one transaction did.
pub(super) struct Step {
    /// Where to go on; nothing at the end.
    pub(super) next: Option<Position>,
    /// Whose own balances were drawn from.
    pub(super) accounts: Vec<SubAccountId>,
}

/// Draws what of the events at a position can be drawn now.
///
/// # Errors
/// When storage fails; then the whole transaction must be undone.
pub(super) fn step(
    tx: &mut dyn Transaction,
    scope: Scope,
    at: Option<Position>,
    now: Timestamp,
) -> Result<Step> {
    // The right to be the one that draws.
    tx.metering_head(scope)?;
    let types = tx.unpriced_types(scope)?;
    let first =
        types.first().map(|first| Position { event_type: first.event_type.clone(), after: 0 });
    let Some(at) = at.or(first) else { return Ok(Step { next: None, accounts: Vec::new() }) };
    let mut rows = tx.unpriced_events(scope, &at.event_type, at.after, AT_ONCE)?;
    if let Some(first) = rows.first().map(|row| row.number) {
        rows.retain(|row| row.number < first + SPAN_MAX);
    }
    let next = match rows.last() {
        Some(last) => Some(Position { after: last.number, ..at }),
        None => types
            .into_iter()
            .find(|later| later.event_type > at.event_type)
            .map(|later| Position { event_type: later.event_type, after: 0 }),
    };
    let accounts = draw(tx, scope, &rows, now)?;
    Ok(Step { next, accounts })
}

fn draw(
    tx: &mut dyn Transaction,
    scope: Scope,
    rows: &[EventRow],
    now: Timestamp,
) -> Result<Vec<SubAccountId>> {
    let prices = PriceBook::new(tx.prices(scope)?.into_iter().map(|row| row.change));
    let mut timelines = HashMap::new();
    let mut drawn = Vec::new();
    let mut sums = Sums::default();
    for row in rows {
        let timeline = timeline(tx, scope, &mut timelines, row.account)?;
        let Some(priced) = priced(tx, scope, &prices, row)? else { continue };
        let draw = Draw {
            entry: 0,
            payer: payer_at(timeline, row.at.min(row.received_at)),
            quantity: priced.quantity,
            used_before: priced.used_before,
            amount_micros: priced.amount_micros,
            price: priced.price,
            markup: priced.markup,
            previous: 0,
        };
        // One line at a time, so that what a month has used is known to the next event.
        let sum = DaySum {
            events: 1,
            late_events: u64::from(is_late(timeline, row.at, row.received_at)),
            quantity: draw.quantity,
            amount_micros: draw.amount_micros,
            last_event: row.number,
        };
        let previous = tx.add_to_days(scope, &[(row.day_key(draw.payer), sum)])?;
        let draw = Draw { previous: previous.first().copied().unwrap_or(0), ..draw };
        let book = book_of_payer(draw.payer, row.account);
        sums.add(book, &row.drawn(&draw))?;
        drawn.push((row.number, draw, book));
    }
    let (Some((first, ..)), Some((last, ..))) = (drawn.first(), drawn.last()) else {
        return Ok(Vec::new());
    };
    let entries = sums.book(tx, scope, (*first, *last), now)?;
    for (number, draw, book) in drawn {
        let entry = entries.get(&book).copied().unwrap_or(0);
        tx.save_draw(scope, number, &Draw { entry, ..draw })?;
    }
    Ok(entries.keys().filter_map(|book| book.sub_account()).collect())
}

fn timeline<'a>(
    tx: &mut dyn Transaction,
    scope: Scope,
    known: &'a mut HashMap<SubAccountId, Vec<Interval>>,
    id: SubAccountId,
) -> Result<&'a [Interval]> {
    match known.entry(id) {
        Entry::Occupied(timeline) => Ok(timeline.into_mut()),
        Entry::Vacant(place) => {
            let account = tx.account(scope, id)?;
            let account =
                account.ok_or_else(|| StorageError::Damaged(format!("no account {id}")))?;
            let log = tx.events(scope, id)?;
            Ok(place.insert(intervals(account.created_at, account.created_by, &log)))
        }
    }
}

/// What an event costs by now; nothing when it still has no price, or cannot have this one.
fn priced(
    tx: &mut dyn Transaction,
    scope: Scope,
    prices: &PriceBook,
    row: &EventRow,
) -> Result<Option<Priced>> {
    let Some(quote) = prices.quote(row.account, &row.event_type, row.at) else { return Ok(None) };
    let Ok(fields) = data_fields(&row.data) else { return Ok(None) };
    let used_before = if quote.terms.counts_the_month() {
        tx.month_quantity(scope, row.account, &row.event_type, Day::of(row.at).month())?
    } else {
        Quantity::ZERO
    };
    Ok(price(&fields, &quote, used_before).ok())
}
