//! The pages of client users, at every address below `/client`: their own router knows which of them mean something.

use axum::{extract::State, http::HeaderMap, response::Response};

use crate::http::{App, gate::Anyone};

/// Their page.
pub async fn show(_: Anyone, State(app): State<App>, headers: HeaderMap) -> Response {
    app.files.portal.answer(&headers)
}
