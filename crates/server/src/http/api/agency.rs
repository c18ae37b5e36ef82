//! `GET /agency`

use axum::{Json, extract::State};
use billing::api::AgencySnapshot;

use crate::{
    execute::snapshots,
    http::{
        App, Failure,
        gate::{May, rights::ReadAccounts},
    },
    storage::Transaction,
};

/// The agency and its balance.
pub async fn answer(
    caller: May<ReadAccounts>,
    State(app): State<App>,
) -> Result<Json<AgencySnapshot>, Failure> {
    let now = app.deps.clock.now();
    let read = move |tx: &mut dyn Transaction| {
        let signed_in = caller.identify(tx, now)?;
        let agency = tx.agency(signed_in.scope)?.ok_or_else(Failure::not_found)?;
        Ok::<_, Failure>(snapshots::agency(&agency))
    };
    Ok(Json(app.deps.store.read(read).await?))
}
