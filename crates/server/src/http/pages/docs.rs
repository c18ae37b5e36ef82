//! The API's own pages: the document for programs, and the same for people. Both are made once.

use std::sync::LazyLock;

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};

use crate::http::{Failure, content_policy, files::File, gate::Anyone, openapi};

/// The look of the page, the same tokens as everywhere.
const STYLE: &str = include_str!("docs.css");

static TEXT: LazyLock<String> = LazyLock::new(openapi::text);
static DOCUMENT: LazyLock<File> =
    LazyLock::new(|| File::new("openapi.json", TEXT.as_bytes(), None));
static HTML: LazyLock<Option<String>> = LazyLock::new(openapi::page::html);
static PAGE: LazyLock<Option<File>> =
    LazyLock::new(|| HTML.as_ref().map(|html| File::new("docs.html", html.as_bytes(), None)));

/// `GET /api/openapi.json`
pub async fn document(_: Anyone, headers: HeaderMap) -> Response {
    DOCUMENT.answer(&headers)
}

/// `GET /api/docs`
pub async fn show(_: Anyone, headers: HeaderMap) -> Result<Response, Failure> {
    let page = PAGE.as_ref().ok_or_else(Failure::internal)?;
    let mut response = page.answer(&headers);
    let policy = HeaderValue::from_static(content_policy::DOCS);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}

/// `GET /api/docs.css`
pub async fn style(_: Anyone, headers: HeaderMap) -> Response {
    File::new("docs.css", STYLE.as_bytes(), None).answer(&headers)
}
