//! `GET /api-keys`

use axum::{Json, extract::State};
use billing::api::KeyList;

use crate::{
    execute::keys,
    http::{
        App, Failure,
        gate::{May, rights::ManageKeys},
    },
    storage::Transaction,
};

/// The keys that live; none of them can be told again.
pub async fn answer(
    caller: May<ManageKeys>,
    State(app): State<App>,
) -> Result<Json<KeyList>, Failure> {
    let now = app.deps.clock.now();
    let read = move |tx: &mut dyn Transaction| {
        let scope = caller.identify(tx, now)?.scope;
        Ok::<_, Failure>(KeyList { keys: keys::list(tx, scope)? })
    };
    Ok(Json(app.deps.store.read(read).await?))
}
