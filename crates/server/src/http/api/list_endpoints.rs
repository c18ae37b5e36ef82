//! `GET /webhook-endpoints`

use axum::{Json, extract::State};
use billing::api::EndpointList;

use crate::{
    execute::endpoints,
    http::{App, Failure, caller::Caller},
    storage::Transaction,
};

/// Where webhooks are sent, and how it goes there.
pub async fn answer(State(app): State<App>, caller: Caller) -> Result<Json<EndpointList>, Failure> {
    let now = app.deps.clock.now();
    let read = move |tx: &mut dyn Transaction| {
        let scope = caller.identify(tx, now)?.scope;
        Ok::<_, Failure>(EndpointList { endpoints: endpoints::list(tx, scope)? })
    };
    Ok(Json(app.deps.store.read(read).await?))
}
