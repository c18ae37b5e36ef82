//! `/v1`: which function answers which request. One noun per file.

mod charges;
mod confirmation_tokens;
mod customers;
mod disputes;
mod events;
mod payment_intents;
mod payment_methods;
mod refunds;
mod setup_intents;
mod webhook_endpoints;

use serde_json::{Value, json};

use crate::{auth::Key, desk::Desk, error::ApiError, expand::expand, form::Params};

/// What a handler answers.
type Answer = Result<Value, ApiError>;

/// Answers one request under `/v1`.
pub(crate) fn answer(
    desk: &mut Desk<'_>,
    key: Key,
    method: &str,
    path: &str,
    mut params: Params,
) -> Answer {
    let wanted = params.texts("expand")?.unwrap_or_default();
    let mut object = route(desk, key, method, path, params)?;
    for property in wanted {
        expand(desk.books, &mut object, &property)?;
    }
    Ok(object)
}

fn route(desk: &mut Desk<'_>, key: Key, method: &str, path: &str, params: Params) -> Answer {
    let segments: Vec<&str> = path.trim_matches('/').split('/').skip(1).collect();
    let request = (method, segments.as_slice());
    if key == Key::Publishable {
        return match request {
            ("POST", ["confirmation_tokens"]) => confirmation_tokens::create(desk, params),
            ("GET", ["payment_intents", id]) => {
                payment_intents::retrieve_as_client(desk, id, params)
            }
            ("GET", ["setup_intents", id]) => setup_intents::retrieve_as_client(desk, id, params),
            _ => Err(ApiError::secret_key_required()),
        };
    }
    match request {
        ("POST", ["customers"]) => customers::create(desk, params),
        ("GET", ["customers"]) => customers::list(desk, params),
        ("GET", ["customers", id]) => customers::retrieve(desk, id, params),
        ("POST", ["customers", id]) => customers::update(desk, id, params),
        ("DELETE", ["customers", id]) => customers::delete(desk, id, params),
        ("GET", ["customers", id, "payment_methods"]) => {
            payment_methods::list_of(desk, id, path, params)
        }

        ("POST", ["payment_methods"]) => payment_methods::create(desk, params),
        ("GET", ["payment_methods"]) => payment_methods::list(desk, params),
        ("GET", ["payment_methods", id]) => payment_methods::retrieve(desk, id, params),
        ("POST", ["payment_methods", id, "attach"]) => payment_methods::attach(desk, id, params),
        ("POST", ["payment_methods", id, "detach"]) => payment_methods::detach(desk, id, params),

        ("POST", ["test_helpers", "confirmation_tokens"]) => {
            confirmation_tokens::create(desk, params)
        }
        ("GET", ["confirmation_tokens", id]) => confirmation_tokens::retrieve(desk, id, params),

        ("POST", ["payment_intents"]) => payment_intents::create(desk, params),
        ("GET", ["payment_intents"]) => payment_intents::list(desk, params),
        ("GET", ["payment_intents", id]) => payment_intents::retrieve(desk, id, params),
        ("POST", ["payment_intents", id]) => payment_intents::update(desk, id, params),
        ("POST", ["payment_intents", id, "confirm"]) => payment_intents::confirm(desk, id, params),
        ("POST", ["payment_intents", id, "cancel"]) => payment_intents::cancel(desk, id, params),

        ("POST", ["setup_intents"]) => setup_intents::create(desk, params),
        ("GET", ["setup_intents"]) => setup_intents::list(desk, params),
        ("GET", ["setup_intents", id]) => setup_intents::retrieve(desk, id, params),
        ("POST", ["setup_intents", id, "confirm"]) => setup_intents::confirm(desk, id, params),
        ("POST", ["setup_intents", id, "cancel"]) => setup_intents::cancel(desk, id, params),

        ("GET", ["charges"]) => charges::list(desk, params),
        ("GET", ["charges", id]) => charges::retrieve(desk, id, params),

        ("POST", ["refunds"]) => refunds::create(desk, params),
        ("GET", ["refunds"]) => refunds::list(desk, params),
        ("GET", ["refunds", id]) => refunds::retrieve(desk, id, params),

        ("GET", ["disputes"]) => disputes::list(desk, params),
        ("GET", ["disputes", id]) => disputes::retrieve(desk, id, params),
        ("POST", ["disputes", id, "close"]) => disputes::close(desk, id, params),

        ("GET", ["events"]) => events::list(desk, params),
        ("GET", ["events", id]) => events::retrieve(desk, id, params),

        ("POST", ["webhook_endpoints"]) => webhook_endpoints::create(desk, params),
        ("GET", ["webhook_endpoints"]) => webhook_endpoints::list(desk, params),
        ("GET", ["webhook_endpoints", id]) => webhook_endpoints::retrieve(desk, id, params),
        ("DELETE", ["webhook_endpoints", id]) => webhook_endpoints::delete(desk, id, params),

        ("GET", ["account"]) => account(params),
        ("GET", ["balance"]) => balance(desk, params),
        _ => Err(ApiError::unrecognized(method, path)),
    }
}

fn account(params: Params) -> Answer {
    params.finish()?;
    Ok(json!({
        "id": "acct_sandbox",
        "object": "account",
        "business_profile": { "name": "Sluice test gateway" },
        "charges_enabled": true,
        "country": "US",
        "default_currency": "usd",
        "details_submitted": true,
        "email": null,
        "payouts_enabled": true,
        "type": "standard",
    }))
}

fn balance(desk: &Desk<'_>, params: Params) -> Answer {
    params.finish()?;
    let available: Vec<Value> = crate::totals::by_currency(desk.books)
        .into_iter()
        .map(|(currency, total)| {
            let net = total.net();
            json!({ "amount": net, "currency": currency, "source_types": { "card": net } })
        })
        .collect();
    Ok(json!({ "object": "balance", "available": available, "livemode": false, "pending": [] }))
}
