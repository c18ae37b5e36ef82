//! Every route there is, in one table, from which the router is built: what it is not in cannot be reached. Each names what
//! it needs, read off its handler's first argument; a handler without a gate does not compile here.

use axum::{
    Router,
    handler::Handler,
    http::Method,
    routing::{MethodFilter, MethodRouter, on},
};

use super::{
    App, Failure, api, demo,
    gate::{Gated, Needs},
    pages,
};

/// What stands before the routes of the API.
const API: &str = "/api/v1";

/// One method of one path.
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path, with its parameters in braces.
    pub path: String,
    /// What it asks of whoever comes.
    pub needs: Needs,
    handler: MethodRouter<App>,
}

fn route<H, T>(filter: MethodFilter, method: Method, path: &str, handler: H) -> Route
where
    H: Handler<T, App>,
    T: Gated + 'static,
{
    Route { method, path: path.to_owned(), needs: T::NEEDS, handler: on(filter, handler) }
}

macro_rules! verbs {
    ($($verb:ident $method:ident)*) => {
        $(
            fn $verb<H, T>(path: &str, handler: H) -> Route
            where
                H: Handler<T, App>,
                T: Gated + 'static,
            {
                route(MethodFilter::$method, Method::$method, path, handler)
            }
        )*
    };
}
verbs! { get GET post POST put PUT patch PATCH delete DELETE }

/// All of them; those of the demo where there is one.
pub fn table(has_demo: bool) -> Vec<Route> {
    let mut routes = outside_the_api();
    if has_demo {
        routes.extend(of_the_demo());
    }
    let api = of_people().into_iter().chain(of_accounts()).chain(of_clients()).chain(of_machines());
    routes.extend(api.map(|route| Route { path: format!("{API}{}", route.path), ..route }));
    routes
}

/// The router of a table.
pub fn router(table: Vec<Route>) -> Router<App> {
    let add = |router: Router<App>, route: Route| router.route(&route.path, route.handler);
    let unknown = async || Failure::not_found();
    // A method that a route does not take is told by the router that holds it.
    let api = Router::new().fallback(unknown);
    table.into_iter().fold(Router::new(), add).nest(API, api)
}

fn outside_the_api() -> Vec<Route> {
    vec![
        get("/livez", api::health::live),
        get("/readyz", api::health::ready),
        get("/api/openapi.json", pages::docs::document),
        get("/api/docs", pages::docs::show),
        get("/api/docs.css", pages::docs::style),
        get("/assets/{*path}", pages::asset::show),
        get("/brand/{*path}", pages::brand::show),
        get("/favicon.ico", pages::asset::favicon),
        get("/pay", pages::pay::show),
        get("/balance", pages::wallet::show),
        get("/settings/billing", pages::wallet::show),
        get("/client", pages::portal::show),
        get("/client/{*path}", pages::portal::show),
        get("/sign-in/oidc", pages::oidc::show),
        get("/statements/agency", pages::statements::of_agency),
        get("/statements/agency/{month}", pages::statements::agency_month),
        get("/statements/{account}", pages::statements::of_account),
        get("/statements/{account}/{month}", pages::statements::account_month),
        get("/receipts/agency/{payment}", pages::statements::agency_receipt),
        get("/receipts/{account}/{payment}", pages::statements::receipt),
        get("/embed/frame", pages::embed::frame),
        get("/embed/preview", pages::embed::preview),
        get("/embed/allowed", pages::embed::allowed),
        get("/embed/v1.js", pages::embed::loader),
        get("/embed/v1.d.ts", pages::embed::types),
    ]
}

fn of_the_demo() -> Vec<Route> {
    vec![
        get("/demo/sign-in", demo::sign_in::answer),
        get("/demo/mailbox", demo::mailbox::list),
        get("/demo/mailbox.json", demo::mailbox::json),
        get("/demo/mailbox.css", demo::mailbox::style),
        get("/demo/mailbox/{id}", demo::letter::show),
        get("/demo/mailbox/{id}/html", demo::letter::html),
        get("/demo/csp-reports", demo::csp_reports::answer),
    ]
}

fn of_people() -> Vec<Route> {
    vec![
        post("/session", api::sign_in::answer),
        delete("/session", api::sign_out::answer),
        get("/session/providers", api::oidc::providers),
        get("/session/oidc", api::oidc::begin),
        get("/session/oidc/callback", api::oidc::finish),
        get("/me", api::me::answer),
        put("/me/password", api::password::answer),
        get("/me/second-factor", api::second_factor::show),
        post("/me/second-factor", api::second_factor::begin),
        put("/me/second-factor", api::second_factor::turn_on),
        delete("/me/second-factor", api::second_factor::turn_off),
        get("/changes", api::changes::answer),
        get("/sessions", api::sessions::list),
        delete("/sessions/{session}", api::sessions::end),
        get("/people", api::people::list::answer),
        post("/people", api::people::invite::answer),
        patch("/people/{person}", api::people::change::answer),
        delete("/people/{person}", api::people::remove::answer),
        post("/people/{person}/invitation", api::people::invite::again),
        delete("/people/{person}/sessions", api::people::sign_out::answer),
        get("/api-keys", api::keys::list::answer),
        post("/api-keys", api::keys::create::answer),
        delete("/api-keys/{key}", api::keys::revoke::answer),
        get("/audit", api::audit::answer),
        get("/audit.csv", api::audit::csv),
        post("/invitations/open", api::invitations::open),
        post("/invitations/accept", api::invitations::accept),
        post("/password-resets", api::password_resets::ask),
        post("/password-resets/accept", api::password_resets::accept),
    ]
}

fn of_accounts() -> Vec<Route> {
    vec![
        get("/agency", api::agency::answer),
        get("/agency/time-zone", api::time_zone::show),
        put("/agency/time-zone", api::time_zone::set),
        get("/agency/wallet", api::wallet::show),
        post("/agency/top-ups", api::wallet::top_up),
        post("/agency/cards", api::wallet::save_card),
        delete("/agency/cards/{role}", api::wallet::remove_card),
        put("/agency/recharge", api::wallet::set_recharge),
        delete("/agency/recharge", api::wallet::stop_recharge),
        put("/agency/alert", api::wallet::set_alert),
        get("/agency/receipts", api::wallet::receipts),
        get("/agency/receipts/{payment}", api::wallet::receipt),
        get("/agency/statements", api::statements::of_agency),
        get("/agency/statements/{month}", api::statements::agency_month),
        get("/accounts", api::list_accounts::answer),
        get("/accounts/{account}", api::show_account::answer),
        get("/accounts/{account}/ledger", api::ledger::answer),
        get("/accounts/{account}/ledger/{entry}/draws", api::draws::of_entry),
        get("/accounts/{account}/usage", api::account_usage::answer),
        get("/accounts/{account}/usage/{day}/{type}/{payer}", api::draws::of_line),
        get("/accounts/{account}/standing", api::standing::answer),
        get("/accounts/{account}/funding-timeline", api::timeline::answer),
        get("/accounts/{account}/audit", api::audit::of_account),
        get("/accounts/{account}/statements", api::statements::of_account),
        get("/accounts/{account}/statements/{month}", api::statements::account_month),
        get("/accounts/{account}/receipts", api::receipts::list),
        get("/accounts/{account}/receipts/{payment}", api::receipts::show),
        post("/accounts/{account}/billing-requests", api::request_billing::answer),
        delete("/accounts/{account}/billing-requests/{request}", api::revoke_request::answer),
        put("/accounts/{account}/billing-requests/{request}/usage", api::ask_for_usage::answer),
        delete(
            "/accounts/{account}/billing-requests/{request}/usage",
            api::ask_for_usage::no_longer,
        ),
        post("/accounts/{account}/billing-requests/{request}/resend", api::resend_request::answer),
        post("/accounts/{account}/billing-requests/{request}/links", api::make_link::answer),
        post("/accounts/{account}/agency-billing", api::add_to_agency::answer),
        get("/accounts/{account}/payments", api::payments::answer),
        post("/accounts/{account}/payments/{payment}/refunds", api::refund_payment::answer),
        post("/accounts/{account}/closure", api::close_account::answer),
        delete("/accounts/{account}/closure", api::close_account::reopen),
        get("/prices", api::list_prices::answer),
        post("/prices", api::set_price::answer),
        get("/usage", api::usage::answer),
        get("/usage.csv", api::usage::csv),
        get("/webhook-endpoints", api::list_endpoints::answer),
        post("/webhook-endpoints", api::add_endpoint::answer),
        delete("/webhook-endpoints/{endpoint}", api::remove_endpoint::answer),
        get("/embed/origins", api::embed::origins::show),
        put("/embed/origins", api::embed::origins::set),
        post("/embed/previews", api::embed::preview::answer),
        get("/branding", api::branding::show),
        put("/branding", api::branding::set),
        put("/branding/logo", api::branding::logo::put),
        delete("/branding/logo", api::branding::logo::remove),
    ]
}

fn of_clients() -> Vec<Route> {
    vec![
        get("/client/accounts", api::client::accounts::list),
        get("/client/accounts/{account}", api::client::accounts::show),
        get("/client/accounts/{account}/ledger", api::client::ledger::answer),
        get("/client/accounts/{account}/usage", api::client::usage::answer),
        get("/client/usage", api::client::report::answer),
        get("/client/usage.csv", api::client::report::csv),
    ]
}

fn of_machines() -> Vec<Route> {
    vec![
        post("/events", api::events::answer),
        post("/embed/sessions", api::embed::mint::answer),
        get("/embed/balance", api::embed::balance::answer),
        post("/embed/tickets", api::embed::ticket::answer),
        get("/embed/changes", api::embed::changes::answer),
        post("/embed/top-ups", api::embed::top_up::answer),
        post("/pay/open", api::open_link::answer),
        get("/pay", api::show_link::answer),
        post("/pay/payments", api::pay::answer),
        post("/balance/links", api::balance::links::ask),
        delete("/balance/link", api::balance::links::end),
        get("/balance", api::balance::show),
        post("/balance/top-ups", api::balance::top_up),
        post("/balance/cards", api::balance::save_card),
        delete("/balance/cards/{role}", api::balance::remove_card),
        put("/balance/recharge", api::balance::set_recharge),
        delete("/balance/recharge", api::balance::stop_recharge),
        put("/balance/alert", api::balance::set_alert),
        get("/balance/ledger", api::balance::ledger::answer),
        get("/balance/receipts", api::balance::receipts::list),
        get("/balance/receipts/{receipt}", api::balance::receipts::show),
        post("/webhooks/stripe", api::webhook::answer),
        post("/csp-reports", api::csp_report::answer),
    ]
}
