//! Requests that change something must come from our own pages.

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use tower_http::csrf::{CsrfLayer, ProtectionError};

use super::Failure;

/// What comes from elsewhere by its nature: signed by the gateway, or a browser's report.
const FROM_ELSEWHERE: [&str; 2] = ["/api/v1/webhooks/stripe", "/api/v1/csp-reports"];

/// Judges by `Sec-Fetch-Site` and `Origin`. A request with neither is from no browser, and has no cookie of a victim.
pub fn layer(public_url: &str) -> CsrfLayer<fn(ProtectionError) -> Response> {
    let layer = CsrfLayer::new();
    let layer = layer.clone().add_trusted_origin(public_url).unwrap_or(layer);
    layer
        .with_insecure_bypass(|_, uri| FROM_ELSEWHERE.contains(&uri.path()))
        .with_rejection_response(refused as fn(ProtectionError) -> Response)
}

fn refused(_: ProtectionError) -> Response {
    let detail = "This request came from another site.";
    Failure::new(StatusCode::FORBIDDEN, "cross_origin", detail).into_response()
}
