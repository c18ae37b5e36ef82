//! `/livez` and `/readyz`

use axum::{extract::State, http::StatusCode};

use crate::{
    http::{App, Failure, gate::Anyone},
    storage::Transaction,
};

/// The process answers.
pub async fn live(_: Anyone) -> StatusCode {
    StatusCode::OK
}

/// The database behind it answers too.
pub async fn ready(_: Anyone, State(app): State<App>) -> Result<StatusCode, Failure> {
    let read = |tx: &mut dyn Transaction| tx.job_counts().map_err(Failure::from);
    app.deps.store.read(read).await?;
    Ok(StatusCode::OK)
}
