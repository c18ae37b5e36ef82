//! `GET /client/accounts/{account}/usage`

use axum::{
    Json,
    extract::{Path, State},
};
use billing::{
    Money, SubAccountId,
    api::{ClientUsageLine, ClientUsagePage},
    funding::Payer,
};

use super::super::id;
use crate::{
    http::{
        App, Failure, cursor,
        gate::{May, rights::SeeOwnAccounts},
        query::Query,
    },
    storage::Transaction,
};

/// What one of their sub-accounts used, by day, type and payer, newest day first. What it cost is told where it was theirs to pay.
pub async fn answer(
    caller: May<SeeOwnAccounts>,
    State(app): State<App>,
    Path(account): Path<String>,
    mut query: Query,
) -> Result<Json<ClientUsagePage>, Failure> {
    let account: SubAccountId = id(&account)?;
    let read_cursor = |text: &str| cursor::usage_line(text, account);
    let after = query.read("cursor", "a next_cursor of this account's usage", read_cursor);
    let limit = query.limit();
    query.finish()?;
    let now = app.deps.clock.now();
    let read = move |tx: &mut dyn Transaction| {
        let allowed = caller.identify(tx, now)?;
        super::account(tx, &allowed, account)?;
        let scope = allowed.scope;
        let currency = tx.agency(scope)?.ok_or_else(Failure::not_found)?.currency;
        let mut rows = tx.usage_days_of(scope, account, after.as_ref(), limit.saturating_add(1))?;
        let next_cursor = cursor::next(&mut rows, limit, |(key, _)| cursor::of_usage_line(key));
        let lines = rows.into_iter().map(|(key, sum)| ClientUsageLine {
            day: key.day.text(),
            event_type: key.event_type,
            payer: key.payer,
            events: sum.events,
            quantity: sum.quantity,
            amount: (key.payer == Payer::Customer)
                .then(|| Money::from_micros(sum.amount_micros, currency)),
        });
        Ok::<_, Failure>(ClientUsagePage { lines: lines.collect(), next_cursor })
    };
    Ok(Json(app.deps.store.read(read).await?))
}
