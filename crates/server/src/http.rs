//! HTTP: the API of `docs/http-api.md`, the pages, the files they are made of.
//!
//! Start reading at [`routes`]: it names every route, and [`gate`] says who may come in. [`api`] has one file per verb, read top to bottom; [`envelope`] is what
//! every answer goes through (request id, security headers, the shape of errors). No rule about money or funding is decided
//! here, and no body, cookie or token is ever logged.

pub mod api;
mod app;
mod body;
pub mod cloud_events;
mod codes;
mod conditions;
mod connections;
mod content_policy;
mod cookie;
mod csrf;
mod csv;
mod cursor;
pub mod demo;
mod documents;
mod envelope;
mod failure;
mod files;
pub mod gate;
mod in_use;
mod limits;
mod listening;
mod machine;
mod once;
pub mod openapi;
pub mod pages;
mod passwords;
mod proxies;
mod query;
mod rates;
mod reports;
pub mod routes;
pub mod serve;
mod sign_in_limits;
mod stalled;
mod streams;

use std::time::Duration;

use axum::{
    Router,
    http::StatusCode,
    middleware::from_fn_with_state,
    response::{IntoResponse, Response},
};
use tokio::sync::watch;
use tower_http::{catch_panic::CatchPanicLayer, timeout::TimeoutLayer};

pub use app::App;
pub use envelope::RequestTag;
pub use failure::Failure;

use crate::deps::Deps;

/// The longest that an answer may take to begin. Longer than the gateway's own time-outs, so that a payment's first answer is
/// not cut off.
const ANSWER_WITHIN: Duration = Duration::from_secs(45);

/// Everything the server answers, for as long as the process lives.
pub fn build_app(deps: Deps) -> Router {
    // The sender is gone at once, and with it the news that never comes.
    let (_, stop) = watch::channel(false);
    build_app_until(deps, stop)
}

/// The same; streams end when `stop` says true.
pub fn build_app_until(deps: Deps, stop: watch::Receiver<bool>) -> Router {
    let app = App::new(deps, stop);
    let table = routes::table(app.deps.config.demo.is_some());
    routes::router(table)
        .fallback(pages::app::show)
        .method_not_allowed_fallback(async || Failure::method_not_allowed())
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, ANSWER_WITHIN))
        .layer(csrf::layer(&app.deps.config.public_url))
        .layer(from_fn_with_state(app.clone(), limits::strangers))
        .layer(CatchPanicLayer::custom(|_| -> Response { Failure::internal().into_response() }))
        .layer(from_fn_with_state(app.clone(), envelope::envelope))
        .with_state(app)
}
