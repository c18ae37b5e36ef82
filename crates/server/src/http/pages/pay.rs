//! The pay page. The link's token stays in the fragment: no server sees it in an address.

use axum::{extract::State, http::HeaderMap, response::Response};

use crate::http::{App, gate::Anyone};

/// The pay page.
pub async fn show(_: Anyone, State(app): State<App>, headers: HeaderMap) -> Response {
    app.files.pay.answer(&headers)
}
