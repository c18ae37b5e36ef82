//! HTTP: the API of `docs/http-api.md`, the pages, the files they are made of.
//!
//! Start reading at [`build_app`]: it names every route. [`api`] has one file per verb, read top to bottom; [`envelope`] is what
//! every answer goes through (request id, security headers, the shape of errors). No rule about money or funding is decided
//! here, and no body, cookie or token is ever logged.

pub mod api;
mod app;
mod body;
mod caller;
pub mod cloud_events;
mod conditions;
mod content_policy;
mod cookie;
mod csrf;
mod cursor;
pub mod demo;
mod envelope;
mod failure;
mod files;
mod listening;
mod machine;
mod once;
pub mod pages;
mod query;
mod reports;
pub mod serve;
mod sign_in_limits;
mod streams;

use std::time::Duration;

use axum::{
    Router,
    http::StatusCode,
    middleware::from_fn_with_state,
    response::{IntoResponse, Response},
    routing::{delete, get, post, put},
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
    let mut router = Router::new()
        .nest("/api/v1", api_routes())
        .route("/livez", get(api::health::live))
        .route("/readyz", get(api::health::ready))
        .route("/assets/{*path}", get(pages::asset::show))
        .route("/favicon.ico", get(pages::asset::favicon))
        .route("/pay", get(pages::pay::show))
        .route("/embed/frame", get(pages::embed::frame))
        .route("/embed/allowed", get(pages::embed::allowed))
        .route("/embed/v1.js", get(pages::embed::loader))
        .route("/embed/v1.d.ts", get(pages::embed::types));
    if app.deps.config.demo.is_some() {
        router = router.merge(demo_routes());
    }
    router
        .fallback(pages::app::show)
        .method_not_allowed_fallback(async || Failure::method_not_allowed())
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, ANSWER_WITHIN))
        .layer(csrf::layer(&app.deps.config.public_url))
        .layer(CatchPanicLayer::custom(|_| -> Response { Failure::internal().into_response() }))
        .layer(from_fn_with_state(app.clone(), envelope::envelope))
        .with_state(app)
}

fn api_routes() -> Router<App> {
    Router::new()
        .route("/session", post(api::sign_in::answer).delete(api::sign_out::answer))
        .route("/me", get(api::me::answer))
        .route("/agency", get(api::agency::answer))
        .route("/accounts", get(api::list_accounts::answer))
        .route("/accounts/{id}", get(api::show_account::answer))
        .route("/accounts/{id}/ledger", get(api::ledger::answer))
        .route("/accounts/{id}/ledger/{entry}/draws", get(api::draws::of_entry))
        .route("/accounts/{id}/usage", get(api::account_usage::answer))
        .route("/accounts/{id}/usage/{day}/{type}/{payer}", get(api::draws::of_line))
        .route("/accounts/{id}/standing", get(api::standing::answer))
        .route("/accounts/{id}/funding-timeline", get(api::timeline::answer))
        .route("/accounts/{id}/billing-requests", post(api::request_billing::answer))
        .route("/accounts/{id}/billing-requests/{rid}", delete(api::revoke_request::answer))
        .route(
            "/accounts/{id}/billing-requests/{rid}/usage",
            put(api::ask_for_usage::answer).delete(api::ask_for_usage::no_longer),
        )
        .route("/accounts/{id}/billing-requests/{rid}/resend", post(api::resend_request::answer))
        .route("/accounts/{id}/billing-requests/{rid}/links", post(api::make_link::answer))
        .route("/accounts/{id}/agency-billing", post(api::add_to_agency::answer))
        .route("/prices", get(api::list_prices::answer).post(api::set_price::answer))
        .route("/usage", get(api::usage::answer))
        .route("/usage.csv", get(api::usage::csv))
        .route(
            "/webhook-endpoints",
            get(api::list_endpoints::answer).post(api::add_endpoint::answer),
        )
        .route("/webhook-endpoints/{id}", delete(api::remove_endpoint::answer))
        .route("/embed/origins", get(api::embed::origins::show).put(api::embed::origins::set))
        .route("/embed/sessions", post(api::embed::mint::answer))
        .route("/embed/balance", get(api::embed::balance::answer))
        .route("/embed/tickets", post(api::embed::ticket::answer))
        .route("/embed/changes", get(api::embed::changes::answer))
        .route("/events", post(api::events::answer))
        .route("/changes", get(api::changes::answer))
        .route("/pay/open", post(api::open_link::answer))
        .route("/pay", get(api::show_link::answer))
        .route("/pay/payments", post(api::pay::answer))
        .route("/webhooks/stripe", post(api::webhook::answer))
        .route("/csp-reports", post(api::csp_report::answer))
        .fallback(async || Failure::not_found())
}

fn demo_routes() -> Router<App> {
    Router::new()
        .route("/demo/sign-in", get(demo::sign_in::answer))
        .route("/demo/mailbox", get(demo::mailbox::list))
        .route("/demo/mailbox.json", get(demo::mailbox::json))
        .route("/demo/mailbox.css", get(demo::mailbox::style))
        .route("/demo/mailbox/{id}", get(demo::letter::show))
        .route("/demo/mailbox/{id}/html", get(demo::letter::html))
        .route("/demo/csp-reports", get(demo::csp_reports::answer))
}
