//! Telling endpoints what happened: signed, retried, and on demand held, lost, doubled or turned
//! round.

use std::{sync::Arc, time::Duration};

use axum::{
    body::Bytes,
    http::{Method, Request, header::CONTENT_TYPE},
};
use http_body_util::Full;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde::{Deserialize, Serialize};

use crate::{http::Sandbox, shelf::Record, signature::sign};

const ATTEMPTS: u32 = 16;
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
const TIMEOUT: Duration = Duration::from_secs(10);

/// What becomes of events.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Mode {
    /// They are sent.
    #[default]
    Normal,
    /// They wait to be released.
    Hold,
    /// They are never sent.
    Lose,
}

/// How events are sent.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Settings {
    pub mode: Mode,
    /// How many times more than once each event is sent.
    pub duplicate: u32,
    /// How long before the first attempt.
    pub delay_ms: u64,
    /// Whether the events of one request go out last first.
    pub reverse: bool,
}

/// One event on its way to one endpoint.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Delivery {
    pub event: String,
    pub endpoint: String,
    pub attempts: u32,
    /// The last answer's status; none if there was no answer.
    pub last_status: Option<u16>,
    pub state: DeliveryState,
}

/// How far a delivery has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DeliveryState {
    Pending,
    Delivered,
    GivenUp,
}

/// Events that wait, got lost, or were sent.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    pub settings: Settings,
    pub held: Vec<String>,
    pub lost: Vec<String>,
    pub deliveries: Vec<Delivery>,
}

/// The client that deliveries share.
pub(crate) type HttpClient = Client<HttpConnector, Full<Bytes>>;

/// A client of plain HTTP.
pub(crate) fn client() -> HttpClient {
    Client::builder(TokioExecutor::new()).build_http()
}

/// Sends on what one request has caused, as the settings say.
pub(crate) fn dispatch(sandbox: &Arc<Sandbox>, mut events: Vec<String>) {
    let settings = {
        let mut state = sandbox.lock();
        let settings = state.outbox.settings.clone();
        match settings.mode {
            Mode::Hold => state.outbox.held.append(&mut events),
            Mode::Lose => state.outbox.lost.append(&mut events),
            Mode::Normal => {}
        }
        settings
    };
    if events.is_empty() {
        return;
    }
    if settings.reverse {
        events.reverse();
    }
    let sandbox = Arc::clone(sandbox);
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(settings.delay_ms)).await;
        send_all(&sandbox, events, settings.duplicate).await;
    });
}

/// Sends events one after the other to whoever wants them; failures are tried again in the
/// background. Answers how the first attempts went.
pub(crate) async fn send_all(
    sandbox: &Arc<Sandbox>,
    events: Vec<String>,
    duplicate: u32,
) -> Vec<Delivery> {
    let mut sent = Vec::new();
    for event in events {
        for _ in 0..=duplicate {
            for endpoint in wanting(sandbox, &event) {
                let place = open(sandbox, &event, &endpoint);
                if !attempt(sandbox, place).await {
                    tokio::spawn(retry(Arc::clone(sandbox), place));
                }
                sent.extend(sandbox.lock().outbox.deliveries.get(place).cloned());
            }
        }
    }
    sent
}

fn wanting(sandbox: &Sandbox, event: &str) -> Vec<String> {
    let state = sandbox.lock();
    let Some(event) = state.books.events.get(event) else { return Vec::new() };
    let endpoints = state.books.endpoints.iter().filter(|endpoint| endpoint.wants(event.kind));
    endpoints.map(|endpoint| endpoint.id.clone()).collect()
}

fn open(sandbox: &Sandbox, event: &str, endpoint: &str) -> usize {
    let deliveries = &mut sandbox.lock().outbox.deliveries;
    deliveries.push(Delivery {
        event: event.to_owned(),
        endpoint: endpoint.to_owned(),
        attempts: 0,
        last_status: None,
        state: DeliveryState::Pending,
    });
    deliveries.len() - 1
}

async fn retry(sandbox: Arc<Sandbox>, place: usize) {
    let mut pause = FIRST_PAUSE;
    for _ in 1..ATTEMPTS {
        tokio::time::sleep(pause).await;
        if attempt(&sandbox, place).await {
            return;
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
    if let Some(delivery) = sandbox.lock().outbox.deliveries.get_mut(place) {
        delivery.state = DeliveryState::GivenUp;
    }
}

/// One attempt; true when there is no need for another.
async fn attempt(sandbox: &Sandbox, place: usize) -> bool {
    let Some(request) = request(sandbox, place) else {
        if let Some(delivery) = sandbox.lock().outbox.deliveries.get_mut(place) {
            delivery.state = DeliveryState::GivenUp;
        }
        return true;
    };
    let answer = tokio::time::timeout(TIMEOUT, sandbox.client.request(request)).await;
    let status = answer.ok().and_then(Result::ok).map(|response| response.status());
    let done = status.is_some_and(|status| status.is_success());
    if let Some(delivery) = sandbox.lock().outbox.deliveries.get_mut(place) {
        delivery.attempts += 1;
        delivery.last_status = status.map(|status| status.as_u16());
        if done {
            delivery.state = DeliveryState::Delivered;
        }
    }
    done
}

/// The signed request; none if the endpoint has gone.
fn request(sandbox: &Sandbox, place: usize) -> Option<Request<Full<Bytes>>> {
    let state = sandbox.lock();
    let delivery = state.outbox.deliveries.get(place)?;
    let endpoint = state.books.endpoints.get(&delivery.endpoint)?;
    if endpoint.deleted {
        return None;
    }
    let body = state.books.events.get(&delivery.event)?.json().to_string();
    Request::builder()
        .method(Method::POST)
        .uri(&endpoint.url)
        .header(CONTENT_TYPE, "application/json; charset=utf-8")
        .header("User-Agent", "Stripe/1.0 (+sluice-sandbox)")
        .header("Stripe-Signature", sign(&endpoint.secret, sandbox.clock.now_seconds(), &body))
        .body(Full::new(Bytes::from(body)))
        .ok()
}
