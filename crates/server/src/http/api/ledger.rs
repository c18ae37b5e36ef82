//! `GET /accounts/{id}/ledger`

use std::time::Duration;

use axum::{
    Json,
    extract::{Path, State},
};
use billing::{
    Money, SubAccountId, Timestamp,
    api::{BalancePoint, LedgerLine, LedgerPage},
    funding::Payer,
    ledger::Book,
};

use super::id;
use crate::{
    http::{
        App, Failure, cursor,
        gate::{May, rights::ReadAccounts},
        query::Query,
    },
    storage::{Result as Stored, Scope, Transaction, journal::EntryRow},
};

/// Points of the curve.
const CURVE_DAYS: usize = 90;
const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;
/// Usage may be booked this long after it happened, so entries this much older than the curve may still reach into it.
const LATE: Duration = Duration::from_secs(35 * 24 * 60 * 60);
/// Entries read at once for the curve.
const CURVE_CHUNK: u32 = 500;
/// Entries read at most for the curve: a curve is worth no more.
const CURVE_CHUNKS_MAX: usize = 20;

/// Lines of the books about one account, newest first. `limit` counts entries; one that moved money from the account's own
/// balance to the agency's is two lines.
pub async fn answer(
    caller: May<ReadAccounts>,
    State(app): State<App>,
    Path(sub_account): Path<String>,
    mut query: Query,
) -> Result<Json<LedgerPage>, Failure> {
    let sub_account: SubAccountId = id(&sub_account)?;
    let before = query.read("cursor", "a next_cursor of this ledger", cursor::entry);
    let limit = query.limit();
    query.finish()?;
    let now = app.deps.clock.now();
    let read = move |tx: &mut dyn Transaction| {
        let scope = caller.identify(tx, now)?.scope;
        let account = tx.account(scope, sub_account)?.ok_or_else(Failure::not_found)?;
        let mut rows = tx.entries_of(scope, sub_account, before, limit.saturating_add(1))?;
        Ok::<_, Failure>(LedgerPage {
            next_cursor: cursor::next(&mut rows, limit, |row| cursor::of_entry(row.number)),
            lines: rows.iter().flat_map(|row| lines(row, sub_account)).collect(),
            curve: curve(tx, scope, sub_account, account.customer_balance, now)?,
        })
    };
    Ok(Json(app.deps.store.read(read).await?))
}

/// What an entry did to the agency's balance and to the account's own.
fn lines(row: &EntryRow, sub_account: SubAccountId) -> Vec<LedgerLine> {
    let postings = row.entry.postings().iter().zip(&row.balances_after);
    postings
        .filter_map(|(posting, balance_after)| {
            let balance_of = match posting.book {
                Book::Agency => Payer::Agency,
                Book::Customer { sub_account: whose } if whose == sub_account => Payer::Customer,
                _ => return None,
            };
            Some(LedgerLine {
                entry: row.number,
                at: row.entry.at(),
                kind: row.entry.kind(),
                balance_of,
                amount: posting.amount,
                balance_after: *balance_after,
                reference: row.entry.reference().to_owned(),
            })
        })
        .collect()
}

/// The account's own balance at the end of each day: back from today's, taking off what was booked since.
fn curve(
    tx: &mut dyn Transaction,
    scope: Scope,
    sub_account: SubAccountId,
    balance: Money,
    now: Timestamp,
) -> Stored<Vec<BalancePoint>> {
    let today = now.millis() / DAY_MILLIS;
    // What each day added, today first.
    let mut added = vec![Money::zero(balance.currency()); CURVE_DAYS];
    let mut ever = !balance.is_zero();
    let mut before = None;
    let from = Timestamp::from_millis((today + 1) * DAY_MILLIS)
        .minus(Duration::from_secs(24 * 60 * 60 * CURVE_DAYS as u64));
    for _ in 0..CURVE_CHUNKS_MAX {
        let rows = tx.entries_of(scope, sub_account, before, CURVE_CHUNK)?;
        for row in &rows {
            let change = row.entry.change_to(Book::Customer { sub_account });
            ever |= !change.is_zero();
            let days_ago = usize::try_from(today - row.entry.at().millis() / DAY_MILLIS);
            let slot = days_ago.ok().and_then(|days| added.get_mut(days));
            if let Some(slot) = slot {
                *slot = slot.plus(change).unwrap_or(*slot);
            }
        }
        before = rows.last().map(|row| row.number);
        let old = rows.iter().all(|row| row.entry.at() < from.minus(LATE));
        if rows.len() < CURVE_CHUNK as usize || (old && ever) {
            break;
        }
    }
    if !ever {
        return Ok(Vec::new());
    }
    let mut points = Vec::with_capacity(CURVE_DAYS);
    let mut balance = balance;
    let mut at = now;
    for (days_ago, added) in (0_i64..).zip(&added) {
        points.push(BalancePoint { at, balance });
        balance = balance.minus(*added).unwrap_or(balance);
        at = Timestamp::from_millis((today - days_ago) * DAY_MILLIS);
    }
    points.reverse();
    Ok(points)
}
