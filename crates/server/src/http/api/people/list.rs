//! `GET /people`

use axum::{Json, extract::State};
use billing::api::PeopleList;

use crate::{
    execute::staff,
    http::{
        App, Failure,
        gate::{May, rights::ReadSettings},
    },
    storage::Transaction,
};

/// Everybody of the agency and of its clients.
pub async fn answer(
    caller: May<ReadSettings>,
    State(app): State<App>,
) -> Result<Json<PeopleList>, Failure> {
    let now = app.deps.clock.now();
    let read = move |tx: &mut dyn Transaction| {
        let scope = caller.identify(tx, now)?.scope;
        Ok::<_, Failure>(PeopleList { people: staff::list(tx, scope)? })
    };
    Ok(Json(app.deps.store.read(read).await?))
}
