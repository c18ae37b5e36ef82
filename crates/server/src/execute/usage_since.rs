//! What usage has cost the agency since an instant: whole days from their sums, the day of the instant event by event.

use billing::{SubAccountId, Timestamp, funding::Payer, usage::Day};

use crate::storage::{
    Result, Scope, Transaction,
    usage::{DayKey, UsageQuery},
};

/// Lines of days read at once.
const PAGE: u32 = 1_000;

/// In millionths of the currency unit.
///
/// # Errors
/// When storage fails.
pub fn cost_to_agency_since(
    tx: &mut dyn Transaction,
    scope: Scope,
    account: SubAccountId,
    since: Timestamp,
) -> Result<i64> {
    let first = Day::of(since);
    let query = UsageQuery { from: first, to: Day(i64::MAX), account: Some(account) };
    let mut cost: i64 = 0;
    let mut after: Option<DayKey> = None;
    loop {
        let rows = tx.usage_days(scope, &query, after.as_ref(), PAGE)?;
        let full = rows.len() == PAGE as usize;
        after = rows.last().map(|(key, _)| key.clone());
        for (key, sum) in rows.into_iter().filter(|(key, _)| key.payer == Payer::Agency) {
            cost = cost.saturating_add(sum.amount_micros);
            if key.day == first {
                cost = cost.saturating_sub(cost_before(tx, scope, sum.last_event, since)?);
            }
        }
        if !full {
            return Ok(cost);
        }
    }
}

/// What of a line, from its newest event on, happened before an instant.
fn cost_before(
    tx: &mut dyn Transaction,
    scope: Scope,
    last_event: u64,
    instant: Timestamp,
) -> Result<i64> {
    let mut cost: i64 = 0;
    let mut number = last_event;
    while number > 0 {
        let Some(row) = tx.event(scope, number)? else { break };
        let Some(draw) = row.draw else { break };
        if row.at < instant {
            cost = cost.saturating_add(draw.amount_micros);
        }
        number = draw.previous;
    }
    Ok(cost)
}
