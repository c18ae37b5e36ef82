//! `GET /embed/balance`

use axum::{Json, extract::State};
use billing::api::EmbedBalance;

use super::{Widget, dead};
use crate::{
    execute::{ExecuteError, embed},
    http::{App, Failure},
    storage::Transaction,
};

/// What the widget shows of its one account.
pub async fn answer(widget: Widget, State(app): State<App>) -> Result<Json<EmbedBalance>, Failure> {
    let now = app.deps.clock.now();
    let read = move |tx: &mut dyn Transaction| {
        let embedded = widget.identify(tx, now)?;
        match embed::balance(tx, &embedded, now) {
            Err(ExecuteError::NotFound) => Err(dead()),
            told => Ok(told?),
        }
    };
    Ok(Json(app.deps.store.read(read).await?))
}
