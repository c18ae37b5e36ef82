//! `/_sandbox`: the switches. JSON in and out, secret key needed; nothing here is Stripe's.

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Path, Query, State},
    http::HeaderMap,
    middleware::{self, Next},
    response::Response,
    routing::{get, post},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{
    auth::Key,
    books::DisputeStatus,
    cards::Decline,
    desk::Desk,
    disputes,
    error::ApiError,
    faults::Fault,
    http::{Sandbox, plain, refusal},
    import::{self, Import},
    payments, setups,
    shelf::{Record, Shelf},
    totals,
    webhooks::{self, Settings},
};

type App = State<Arc<Sandbox>>;

/// The routes, to be nested under `/_sandbox`.
pub(crate) fn router(sandbox: Arc<Sandbox>) -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/faults", get(faults).post(add_fault).delete(clear_faults))
        .route("/webhooks", get(outbox).post(set_webhooks))
        .route("/webhooks/release", post(release))
        .route("/books", get(books))
        .route("/import", post(import_books))
        .route("/payment_intents/{id}/authenticate", post(authenticate))
        .route("/setup_intents/{id}/authenticate", post(authenticate))
        .route("/payment_methods/{id}/declines", post(set_declines))
        .route("/disputes", post(open_dispute))
        .route("/disputes/{id}", post(advance_dispute))
        .layer(middleware::from_fn_with_state(sandbox, guard))
}

async fn guard(
    State(sandbox): App,
    headers: HeaderMap,
    request: axum::http::Request<Body>,
    next: Next,
) -> Response {
    match sandbox.keys.recognise(&headers) {
        Ok(Key::Secret) => next.run(request).await,
        Ok(Key::Publishable) => refusal(&ApiError::secret_key_required()),
        Err(error) => refusal(&error),
    }
}

fn parse<T: DeserializeOwned>(body: &Bytes) -> Result<T, ApiError> {
    let body: &[u8] = if body.is_empty() { b"{}" } else { body };
    serde_json::from_slice(body)
        .map_err(|error| ApiError::invalid(format!("Invalid JSON: {error}")))
}

fn answer(result: Result<Value, ApiError>) -> Response {
    match result {
        Ok(body) => plain(200, &body),
        Err(error) => refusal(&error),
    }
}

async fn faults(State(sandbox): App) -> Response {
    plain(200, &json!({ "faults": sandbox.lock().faults.all() }))
}

async fn add_fault(State(sandbox): App, body: Bytes) -> Response {
    answer(parse::<Fault>(&body).map(|fault| {
        let mut state = sandbox.lock();
        state.faults.push(fault);
        json!({ "faults": state.faults.all() })
    }))
}

async fn clear_faults(State(sandbox): App) -> Response {
    sandbox.lock().faults.clear();
    plain(200, &json!({ "faults": [] }))
}

async fn outbox(State(sandbox): App) -> Response {
    plain(200, &shown(&sandbox))
}

fn shown(sandbox: &Sandbox) -> Value {
    let state = sandbox.lock();
    let outbox = &state.outbox;
    let named = |ids: &[String]| -> Vec<Value> {
        ids.iter()
            .filter_map(|id| state.books.events.get(id))
            .map(|event| json!({ "id": event.id, "type": event.kind }))
            .collect()
    };
    json!({
        "settings": outbox.settings,
        "held": named(&outbox.held),
        "lost": named(&outbox.lost),
        "deliveries": outbox.deliveries,
    })
}

async fn set_webhooks(State(sandbox): App, body: Bytes) -> Response {
    answer(parse::<Settings>(&body).map(|settings| {
        sandbox.lock().outbox.settings = settings;
        shown(&sandbox)
    }))
}

/// Which held events to send, and in which order; all of them in their own when not said.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Release {
    order: Option<Vec<String>>,
}

async fn release(State(sandbox): App, body: Bytes) -> Response {
    let release: Release = match parse(&body) {
        Ok(release) => release,
        Err(error) => return refusal(&error),
    };
    let (events, duplicate) = {
        let outbox = &mut sandbox.lock().outbox;
        let events = match release.order {
            Some(order) => {
                if let Some(stranger) = order.iter().find(|id| !outbox.held.contains(id)) {
                    return refusal(&ApiError::missing("held event", stranger, "order"));
                }
                outbox.held.retain(|id| !order.contains(id));
                order
            }
            None => {
                let mut held = std::mem::take(&mut outbox.held);
                if outbox.settings.reverse {
                    held.reverse();
                }
                held
            }
        };
        (events, outbox.settings.duplicate)
    };
    let released = webhooks::send_all(&sandbox, events, duplicate).await;
    plain(200, &json!({ "released": released }))
}

async fn books(State(sandbox): App) -> Response {
    let state = sandbox.lock();
    let books = &state.books;
    let all = json!({
        "customers": faces(&books.customers),
        "payment_methods": faces(&books.payment_methods),
        "confirmation_tokens": faces(&books.tokens),
        "payment_intents": faces(&books.intents),
        "setup_intents": faces(&books.setups),
        "charges": faces(&books.charges),
        "refunds": faces(&books.refunds),
        "disputes": faces(&books.disputes),
        "totals": totals::by_currency(books),
    });
    plain(200, &all)
}

fn faces<T: Record>(shelf: &Shelf<T>) -> Vec<Value> {
    shelf.iter().map(Record::json).collect()
}

async fn import_books(State(sandbox): App, body: Bytes) -> Response {
    answer(parse::<Import>(&body).and_then(|given| {
        let now = sandbox.clock.now_seconds();
        let state = &mut *sandbox.lock();
        // On a copy: an import that fails half-way has changed nothing.
        let mut books = state.books.clone();
        let counts = import::apply(&mut books, state.entropy.as_mut(), given, now)?;
        state.books = books;
        Ok(counts)
    }))
}

#[derive(Debug, Deserialize)]
struct Outcome {
    success: bool,
}

async fn authenticate(
    State(sandbox): App,
    Path(id): Path<String>,
    Query(outcome): Query<Outcome>,
) -> Response {
    answer(sandbox.work(|desk| answer_challenge(desk, &id, outcome.success)))
}

/// The customer's answer to 3-D Secure, about a payment or a card to keep: the object as it is after it.
pub(crate) fn answer_challenge(
    desk: &mut Desk<'_>,
    id: &str,
    success: bool,
) -> Result<Value, ApiError> {
    let is_setup = id.starts_with("seti_");
    let outcome = if is_setup {
        setups::authenticate(desk, id, success)
    } else {
        payments::authenticate(desk, id, success)
    };
    match outcome {
        // A decline is an outcome too: the object says which.
        Err(error) if error.status != 402 => Err(error),
        _ if is_setup => desk.books.setups.find(id).map(Record::json),
        _ => desk.books.intents.find(id).map(Record::json),
    }
}

/// The next `times` off-session charges of a card are declined.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ToDecline {
    decline_code: String,
    /// Other advice than the bank gives with this code.
    advice_code: Option<String>,
    #[serde(default = "once")]
    times: u32,
}

fn once() -> u32 {
    1
}

async fn set_declines(State(sandbox): App, Path(id): Path<String>, body: Bytes) -> Response {
    answer(parse::<ToDecline>(&body).and_then(|given| {
        let reason = Decline::of(&given.decline_code, given.advice_code.as_deref())?;
        let state = &mut *sandbox.lock();
        state.books.payment_methods.find(&id)?;
        let shown = json!({
            "payment_method": id,
            "decline_code": given.decline_code,
            "advice_code": reason.advice_code,
            "times": given.times,
        });
        state.books.declines.set(&id, reason, given.times);
        Ok(shown)
    }))
}

/// A cardholder complains.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Complaint {
    payment_intent: String,
    /// All of it when not said.
    amount: Option<i64>,
    #[serde(default = "fraudulent")]
    reason: String,
    /// The bank only asks, and takes no money.
    #[serde(default)]
    inquiry: bool,
}

fn fraudulent() -> String {
    "fraudulent".to_owned()
}

async fn open_dispute(State(sandbox): App, body: Bytes) -> Response {
    answer(parse::<Complaint>(&body).and_then(|given| {
        sandbox.work(|desk| {
            let intent = desk.books.intents.find(&given.payment_intent)?;
            let charge = intent.latest_charge.clone().unwrap_or_default();
            disputes::open(desk, &charge, given.amount, &given.reason, given.inquiry)
                .map(|dispute| dispute.json())
        })
    }))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Decision {
    UnderReview,
    Won,
    Lost,
    WarningClosed,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Decided {
    status: Decision,
}

async fn advance_dispute(State(sandbox): App, Path(id): Path<String>, body: Bytes) -> Response {
    answer(parse::<Decided>(&body).and_then(|decided| {
        let status = match decided.status {
            Decision::UnderReview => DisputeStatus::UnderReview,
            Decision::Won => DisputeStatus::Won,
            Decision::Lost => DisputeStatus::Lost,
            Decision::WarningClosed => DisputeStatus::WarningClosed,
        };
        sandbox.work(|desk| disputes::advance(desk, &id, status)).map(|dispute| dispute.json())
    }))
}
