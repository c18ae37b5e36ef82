//! The agency's app and its settings, at every address that is nothing else: their routers know which of them mean something.

use axum::{
    extract::State,
    http::{HeaderMap, Method, Uri},
    response::Response,
};

use crate::http::{App, Failure};

/// The page of either.
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
        (true, Method::GET | Method::HEAD) => {
            let page = if is_settings(uri.path()) { &app.files.settings } else { &app.files.app };
            Ok(page.answer(&headers))
        }
        (true, _) => Err(Failure::method_not_allowed()),
    }
}

/// Whether a path belongs to the settings, which are a download of their own; the browser side sorts by the same rule.
fn is_settings(path: &str) -> bool {
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    match (parts.next(), parts.next()) {
        (Some("settings"), Some(page)) => page != "accounts" && page != "billing",
        (Some("join" | "reset" | "forgot"), None) => true,
        _ => false,
    }
}
