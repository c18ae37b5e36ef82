//! `DELETE /session`

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};

use crate::{
    execute::links,
    http::{App, Failure, cookie, gate::Anyone},
};

/// Signs out; whoever is not signed in is out already.
pub async fn answer(
    _: Anyone,
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let https = app.deps.config.is_https();
    if let Some(token) = cookie::token(&headers, https) {
        let hash = links::token_hash(token);
        app.deps.store.write(move |tx| tx.delete_session(&hash)).await?;
    }
    let cookie = cookie::clear(https).ok_or_else(Failure::internal)?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}
