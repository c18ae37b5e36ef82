//! `POST /webhooks/stripe`

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
};

use crate::{
    http::{App, Failure, body::Raw, gate::Anyone},
    jobs,
};

/// Takes a signed event of the gateway's.
pub async fn answer(
    _: Anyone,
    State(app): State<App>,
    headers: HeaderMap,
    Raw(body): Raw,
) -> Result<StatusCode, Failure> {
    let signature = headers.get("stripe-signature").and_then(|value| value.to_str().ok());
    jobs::take_webhook(&app.deps, signature.unwrap_or_default(), &body).await?;
    Ok(StatusCode::OK)
}
