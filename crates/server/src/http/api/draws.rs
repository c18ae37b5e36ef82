//! `GET /accounts/{id}/usage/{day}/{type}/{payer}` and `GET /accounts/{id}/ledger/{entry}/draws`: "explain this cent".

use axum::{
    Json,
    extract::{Path, State},
};
use billing::{
    SubAccountId, api::DrawPage, funding::Payer, ledger::rules::usage::read_reference,
    usage::EventType,
};

use super::{account_usage::day, id};
use crate::{
    execute::explain::Explainer,
    http::{
        App, Failure, cursor,
        gate::{May, rights::ReadAccounts},
        query::Query,
    },
    storage::{Transaction, usage::DayKey},
};

/// Events of an entry looked at for one page: those of an agency's entry are of many accounts.
const LOOK_AT: u32 = 25_000;

/// The draws of one line of a day, newest first.
pub async fn of_line(
    caller: May<ReadAccounts>,
    State(app): State<App>,
    Path((sub_account, on, event_type, payer)): Path<(String, String, String, String)>,
    mut query: Query,
) -> Result<Json<DrawPage>, Failure> {
    let account: SubAccountId = id(&sub_account)?;
    let key = DayKey {
        day: day(&on)?,
        account,
        event_type: EventType::parse(&event_type).map_err(|_| Failure::not_found())?,
        payer: match payer.as_str() {
            "agency" => Payer::Agency,
            "customer" => Payer::Customer,
            _ => return Err(Failure::not_found()),
        },
    };
    let before = query.read("cursor", "a next_cursor of these draws", cursor::event);
    let limit = query.limit();
    query.finish()?;
    let now = app.deps.clock.now();
    let read = move |tx: &mut dyn Transaction| {
        let scope = caller.identify(tx, now)?.scope;
        let explainer = Explainer::of(tx, scope, account)?;
        let line = tx.usage_day(scope, &key)?.ok_or_else(Failure::not_found)?;
        let mut number = match before {
            None => line.last_event,
            Some(before) => match tx.event(scope, before)? {
                // A cursor of another line would lead astray.
                Some(row) if row.draw.is_some_and(|draw| row.day_key(draw.payer) == key) => before,
                _ => return Err(Failure::not_found()),
            },
        };
        let mut draws = Vec::new();
        while number > 0 && draws.len() < limit as usize {
            let row = tx.event(scope, number)?;
            let Some((row, draw)) = row.and_then(|row| row.draw.map(|draw| (row, draw))) else {
                break;
            };
            draws.push(explainer.explain(&row, &draw)?);
            number = draw.previous;
        }
        let next_cursor = (number > 0).then(|| cursor::of_event(number));
        Ok::<_, Failure>(DrawPage { draws, next_cursor })
    };
    Ok(Json(app.deps.store.read(read).await?))
}

/// The account's draws of one entry of the ledger, newest first.
pub async fn of_entry(
    caller: May<ReadAccounts>,
    State(app): State<App>,
    Path((sub_account, entry)): Path<(String, String)>,
    mut query: Query,
) -> Result<Json<DrawPage>, Failure> {
    let account: SubAccountId = id(&sub_account)?;
    let entry: u64 = id(&entry)?;
    let before = query.read("cursor", "a next_cursor of these draws", cursor::event);
    let limit = query.limit();
    query.finish()?;
    let now = app.deps.clock.now();
    let read = move |tx: &mut dyn Transaction| {
        let scope = caller.identify(tx, now)?.scope;
        let explainer = Explainer::of(tx, scope, account)?;
        let found = tx.entries_from(scope, entry, 1)?.pop().filter(|row| row.number == entry);
        let reference = found.as_ref().and_then(|row| read_reference(row.entry.reference()));
        let (first, last, _) = reference.ok_or_else(Failure::not_found)?;
        let last = before.map_or(last, |before| before.min(last));
        let rows = tx.events_from(scope, first, LOOK_AT)?;
        let mut matching: Vec<_> = rows
            .into_iter()
            .filter(|row| row.number <= last && row.account == account)
            .filter_map(|row| row.draw.filter(|draw| draw.entry == entry).map(|draw| (row, draw)))
            .collect();
        matching.reverse();
        let next = matching.get(limit as usize).map(|(row, _)| cursor::of_event(row.number));
        matching.truncate(limit as usize);
        let draws: Result<Vec<_>, _> =
            matching.iter().map(|(row, draw)| explainer.explain(row, draw)).collect();
        Ok::<_, Failure>(DrawPage { draws: draws?, next_cursor: next })
    };
    Ok(Json(app.deps.store.read(read).await?))
}
