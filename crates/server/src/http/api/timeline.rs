//! `GET /accounts/{id}/funding-timeline`

use axum::{
    Json,
    extract::{Path, State},
};
use billing::{SubAccountId, api::Timeline, timeline::intervals};

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

/// Who paid from when to when, by whose action, and everything else that happened to the funding.
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
        Ok::<_, Failure>(Timeline { intervals, events })
    };
    Ok(Json(app.deps.store.read(read).await?))
}
