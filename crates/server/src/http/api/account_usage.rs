//! `GET /accounts/{id}/usage`

use axum::{
    Json,
    extract::{Path, State},
};
use billing::{
    Money, SubAccountId,
    api::{UsageLine, UsagePage},
    usage::Day,
};

use super::id;
use crate::{
    execute::usage_since::cost_to_agency_since,
    http::{
        App, Failure, cursor,
        gate::{May, rights::ReadAccounts},
        query::Query,
    },
    storage::Transaction,
};

/// What an account used, by day, type and payer, newest day first.
pub async fn answer(
    caller: May<ReadAccounts>,
    State(app): State<App>,
    Path(sub_account): Path<String>,
    mut query: Query,
) -> Result<Json<UsagePage>, Failure> {
    let account: SubAccountId = id(&sub_account)?;
    let read_cursor = |text: &str| cursor::usage_line(text, account);
    let after = query.read("cursor", "a next_cursor of this account's usage", read_cursor);
    let limit = query.limit();
    query.finish()?;
    let now = app.deps.clock.now();
    let read = move |tx: &mut dyn Transaction| {
        let scope = caller.identify(tx, now)?.scope;
        let agency = tx.agency(scope)?.ok_or_else(Failure::not_found)?;
        let row = tx.account(scope, account)?.ok_or_else(Failure::not_found)?;
        let mut rows = tx.usage_days_of(scope, account, after.as_ref(), limit.saturating_add(1))?;
        let next_cursor = cursor::next(&mut rows, limit, |(key, _)| cursor::of_usage_line(key));
        let lines = rows.into_iter().map(|(key, sum)| UsageLine {
            day: key.day.text(),
            event_type: key.event_type,
            payer: key.payer,
            events: sum.events,
            late_events: sum.late_events,
            quantity: sum.quantity,
            amount: Money::from_micros(sum.amount_micros, agency.currency),
        });
        let since = row.funding.open_request().map(|request| request.requested_at);
        let since_request = match since {
            Some(since) => Some(cost_to_agency_since(tx, scope, account, since)?),
            None => None,
        };
        let since_request = since_request.map(|micros| Money::from_micros(micros, agency.currency));
        Ok::<_, Failure>(UsagePage { lines: lines.collect(), next_cursor, since_request })
    };
    Ok(Json(app.deps.store.read(read).await?))
}

/// A day in a path.
pub(super) fn day(text: &str) -> Result<Day, Failure> {
    Day::parse(text).ok_or_else(Failure::not_found)
}
