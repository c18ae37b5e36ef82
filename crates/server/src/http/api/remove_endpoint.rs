//! `DELETE /webhook-endpoints/{id}`

use axum::{
    extract::{Path, State},
    http::StatusCode,
};

use super::id;
use crate::{
    execute::{Tools, endpoints::remove_endpoint},
    http::{
        App, Failure, RequestTag,
        gate::{May, rights::ManageEndpoints},
    },
    storage::Transaction,
};

/// Removes an endpoint; nothing more is sent there.
pub async fn answer(
    caller: May<ManageEndpoints>,
    State(app): State<App>,
    tag: RequestTag,
    Path(endpoint): Path<String>,
) -> Result<StatusCode, Failure> {
    let tools = Tools::of(&app.deps);
    let write = move |tx: &mut dyn Transaction| {
        let signed_in = caller.identify(tx, tools.now)?;
        let (endpoint, origin) = (id(&endpoint)?, signed_in.origin(&tag));
        Ok::<_, Failure>(remove_endpoint(tx, &tools, signed_in.scope, endpoint, &origin)?)
    };
    app.deps.store.write(write).await?;
    Ok(StatusCode::NO_CONTENT)
}
