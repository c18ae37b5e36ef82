//! `GET /accounts/{id}/funding-timeline`

mod letters;

use axum::{
    Json,
    extract::{Path, State},
};
use billing::{
    SubAccountId,
    api::{Timeline, TimelineEvent},
    funding::Recorded,
    timeline::{intervals, words},
};

use super::id;
use crate::{
    http::{
        App, Failure,
        gate::{May, rights::ReadAccounts},
    },
    storage::Transaction,
};

/// Events that are told.
const EVENTS_MAX: usize = 500;
/// Letters that are told.
const LETTERS_MAX: u32 = 20;

/// Who paid from when to when, by whose action, everything else that happened to the funding, and what became of the letters.
pub async fn answer(
    caller: May<ReadAccounts>,
    State(app): State<App>,
    Path(sub_account): Path<String>,
) -> Result<Json<Timeline>, Failure> {
    let sub_account: SubAccountId = id(&sub_account)?;
    let now = app.deps.clock.now();
    let read = move |tx: &mut dyn Transaction| {
        let scope = caller.identify(tx, now)?.scope;
        let account = tx.account(scope, sub_account)?.ok_or_else(Failure::not_found)?;
        let mut events = tx.events(scope, sub_account)?;
        let intervals = intervals(account.created_at, account.created_by, &events);
        let events = events.split_off(events.len().saturating_sub(EVENTS_MAX));
        let told = |recorded: Recorded| TimelineEvent { words: words(&recorded.event), recorded };
        let events = events.into_iter().map(told).collect();
        let mut letters = Vec::new();
        for row in tx.letters(scope, sub_account, LETTERS_MAX)? {
            letters.extend(letters::view(tx, scope, row)?);
        }
        Ok::<_, Failure>(Timeline { intervals, events, letters })
    };
    Ok(Json(app.deps.store.read(read).await?))
}
