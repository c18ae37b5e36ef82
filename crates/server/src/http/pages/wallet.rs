//! A balance with its cards: the customer's page, whose token stays in the fragment, and *Settings > Billing*, which asks who it is.

use axum::{extract::State, http::HeaderMap, response::Response};

use crate::http::{App, gate::Anyone};

/// The page of both.
pub async fn show(_: Anyone, State(app): State<App>, headers: HeaderMap) -> Response {
    app.files.wallet.answer(&headers)
}
