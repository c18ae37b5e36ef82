//! `GET /webhook-endpoints`

use axum::{Json, extract::State};
use billing::api::EndpointList;

use crate::{
    execute::endpoints,
    http::{
        App, Failure,
        gate::{May, rights::ReadSettings},
    },
    storage::Transaction,
};

/// Where webhooks are sent, and how it goes there.
pub async fn answer(
    caller: May<ReadSettings>,
    State(app): State<App>,
) -> Result<Json<EndpointList>, Failure> {
    let now = app.deps.clock.now();
    let read = move |tx: &mut dyn Transaction| {
        let scope = caller.identify(tx, now)?.scope;
        Ok::<_, Failure>(EndpointList { endpoints: endpoints::list(tx, scope)? })
    };
    Ok(Json(app.deps.store.read(read).await?))
}
