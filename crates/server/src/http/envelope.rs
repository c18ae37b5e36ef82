//! What every answer goes through: a name for the log, security headers, one shape for errors.

use std::fmt::Write as _;

use axum::{
    body::Body,
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts},
    middleware::Next,
    response::Response,
};
use billing::{api::Problem, text::has_card_number};
use tracing::Instrument as _;

use super::{
    App, Failure, content_policy,
    proxies::{self, Caller},
    serve::Peer,
};
use crate::deps::{Entropy, EntropyExt as _};

/// What the log says of a path that it must not hold.
const WITHHELD: &str = "(withheld)";
/// The header that names the answer.
const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Names a request in answers, in the audit trail and in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestTag(pub String);

impl RequestTag {
    fn new(entropy: &dyn Entropy) -> Self {
        let mut name = String::with_capacity("rq_".len() + 2 * 10);
        name.push_str("rq_");
        for byte in entropy.id() {
            // Writing into a string cannot fail.
            let _written = write!(name, "{byte:02x}");
        }
        Self(name)
    }
}

impl std::fmt::Display for RequestTag {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl<S: Sync> FromRequestParts<S> for RequestTag {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        parts.extensions.get::<Self>().cloned().ok_or_else(Failure::internal)
    }
}

/// The outermost layer.
pub async fn envelope(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let tag = RequestTag::new(app.deps.entropy.as_ref());
    // The path alone: a query may hold what somebody searched for, or a demo's sign-in token.
    let path = match has_card_number(request.uri().path()) {
        true => WITHHELD.to_owned(),
        false => request.uri().path().to_owned(),
    };
    let peer = request.extensions().get::<Peer>().copied();
    let trusted = &app.deps.config.trusted_proxies;
    let caller = peer.map(|Peer(peer)| proxies::caller(trusted, peer.ip(), request.headers()));
    let from = caller.map(|Caller(address)| tracing::field::display(address));
    let method = request.method();
    let span = tracing::info_span!("request", id = %tag, %method, path, from);
    request.extensions_mut().insert(tag.clone());
    if let Some(caller) = caller {
        request.extensions_mut().insert(caller);
    }
    let began = app.deps.clock.now();
    let response = next.run(request).instrument(span.clone()).await;
    let mut response = as_problem(response, &tag);
    let took = app.deps.clock.now().since(began);
    let status = response.status().as_u16();
    span.in_scope(|| tracing::info!(status, took_ms = took.as_millis(), "answered"));
    if let Ok(name) = HeaderValue::from_str(&tag.0) {
        response.headers_mut().insert(X_REQUEST_ID, name);
    }
    secure(response.headers_mut(), app.deps.config.is_https());
    response
}

/// Errors get their body here: ours, and those that the framework made without words.
fn as_problem(mut response: Response, tag: &RequestTag) -> Response {
    let status = response.status();
    let failure = match response.extensions_mut().remove::<Failure>() {
        Some(failure) => failure,
        None if status.is_client_error() || status.is_server_error() => wordless(status),
        None => return response,
    };
    let problem = Problem {
        status: failure.status.as_u16(),
        code: failure.code,
        detail: failure.detail,
        request_id: tag.0.clone(),
        errors: failure.errors,
    };
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_LENGTH);
    let json = HeaderValue::from_static("application/problem+json");
    headers.insert(header::CONTENT_TYPE, json);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        headers.entry(header::RETRY_AFTER).or_insert(HeaderValue::from_static("1"));
    }
    *response.body_mut() = Body::from(body);
    response
}

fn wordless(status: StatusCode) -> Failure {
    match status {
        StatusCode::NOT_FOUND => Failure::not_found(),
        StatusCode::METHOD_NOT_ALLOWED => Failure::method_not_allowed(),
        StatusCode::SERVICE_UNAVAILABLE => Failure::overloaded(),
        StatusCode::INTERNAL_SERVER_ERROR => Failure::internal(),
        _ => {
            let words = status.canonical_reason().unwrap_or("This request was not taken");
            Failure { status, ..Failure::malformed(format!("{words}.")) }
        }
    }
}

/// Headers that no answer goes without; a handler may have set a wider policy or a longer life before.
fn secure(headers: &mut HeaderMap, https: bool) {
    let defaults = [
        (header::CONTENT_SECURITY_POLICY, content_policy::NOTHING),
        (header::CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("permissions-policy"), content_policy::PERMISSIONS),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in defaults {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    let always = [
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ];
    for (name, value) in always {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if https {
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
}
