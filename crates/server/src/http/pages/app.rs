//! The agency's app, at every address that is nothing else: its router knows which of them mean something.

use axum::{
    extract::State,
    http::{HeaderMap, Method, Uri},
    response::Response,
};

use crate::http::{App, Failure};

/// The app's page.
pub async fn show(
    State(app): State<App>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let last = uri.path().rsplit('/').next().unwrap_or_default();
    // An address of the app has no file ending; what asks for one wants a file that is not there.
    let for_people = !uri.path().starts_with("/api/")
        && !uri.path().starts_with("/demo/")
        && !last.contains('.');
    match (for_people, method) {
        (false, _) => Err(Failure::not_found()),
        (true, Method::GET | Method::HEAD) => Ok(app.files.app.answer(&headers)),
        (true, _) => Err(Failure::method_not_allowed()),
    }
}
