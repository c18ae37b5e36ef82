//! Files below `/assets/`.

use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};

use crate::http::{App, Failure, gate::Anyone};

/// One file.
pub async fn show(
    _: Anyone,
    State(app): State<App>,
    Path(path): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let file = app.files.get(&path).ok_or_else(Failure::not_found)?;
    Ok(file.answer(&headers))
}

/// The icon, for browsers that ask for it by its old name.
pub async fn favicon(
    _: Anyone,
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let file = app.files.find("app/favicon", ".svg").ok_or_else(Failure::not_found)?;
    Ok(file.answer(&headers))
}
