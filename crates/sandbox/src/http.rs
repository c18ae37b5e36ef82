//! The way of a request: key, fault, idempotency, books, webhooks, answer.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{any, get, post},
};
use serde_json::Value;

use crate::{
    api,
    auth::{Key, Keys},
    books::Books,
    browser,
    clock::Clock,
    control,
    desk::Desk,
    entropy::{Entropy, base62},
    error::ApiError,
    faults::{Fault, FaultKind, FaultQueue},
    form::Params,
    idempotency::{IdempotencyKeys, Recorded},
    refunds,
    webhooks::{self, HttpClient, Outbox},
};

const MAX_BODY_BYTES: usize = 1 << 20;
/// How long after its refund a card that refuses refunds says so.
const REFUND_FAILS_AFTER: Duration = Duration::from_secs(1);

/// The gateway: its books and everything around them.
pub struct Sandbox {
    state: Mutex<Data>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) keys: Keys,
    pub(crate) client: HttpClient,
}

/// What the one lock guards.
pub(crate) struct Data {
    pub books: Books,
    pub entropy: Box<dyn Entropy>,
    pub idempotency: IdempotencyKeys,
    pub faults: FaultQueue,
    pub outbox: Outbox,
}

/// Marks an answer that is not to be sent: the connection is closed instead.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HangUp;

impl Sandbox {
    /// A gateway with empty books.
    #[must_use]
    pub fn new(
        clock: Arc<dyn Clock>,
        entropy: Box<dyn Entropy>,
        secret_key: String,
        publishable_key: String,
    ) -> Arc<Self> {
        let data = Data {
            books: Books::default(),
            entropy,
            idempotency: IdempotencyKeys::default(),
            faults: FaultQueue::default(),
            outbox: Outbox::default(),
        };
        Arc::new(Self {
            state: Mutex::new(data),
            clock,
            keys: Keys { secret: secret_key, publishable: publishable_key },
            client: webhooks::client(),
        })
    }

    /// Everything, for as long as the guard lives.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Data> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does work on the books, then sends on what it caused.
    pub(crate) fn work<T>(self: &Arc<Self>, work: impl FnOnce(&mut Desk<'_>) -> T) -> T {
        let (result, emitted, failing) = {
            let mut state = self.lock();
            let Data { books, entropy, .. } = &mut *state;
            let mut desk = Desk::new(books, entropy.as_mut(), self.clock.now_seconds());
            let result = work(&mut desk);
            (result, desk.emitted, desk.failing_refunds)
        };
        webhooks::dispatch(self, emitted);
        for refund in failing {
            tokio::spawn(fail_later(Arc::clone(self), refund));
        }
        result
    }
}

async fn fail_later(sandbox: Arc<Sandbox>, refund: String) {
    tokio::time::sleep(REFUND_FAILS_AFTER).await;
    // The refund is in the books, or nobody would have asked for this.
    let _gone = sandbox.work(|desk| refunds::fail_refund(desk, &refund));
}

/// The gateway's HTTP face; needs [`crate::serve`] to be able to hang up.
pub(crate) fn router(sandbox: Arc<Sandbox>) -> Router {
    Router::new()
        .route("/v1/{*path}", any(v1))
        .nest("/_sandbox", control::router(Arc::clone(&sandbox)))
        .route("/stripe.js", get(browser::script))
        .route("/endive/stripe.js", get(browser::script))
        .route("/v3/", get(browser::script))
        .route("/elements/authenticate", post(browser::authenticate))
        .route("/elements/{file}", get(browser::file))
        .route("/", get(browser::welcome))
        .with_state(sandbox)
}

async fn v1(State(sandbox): State<Arc<Sandbox>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_BODY_BYTES).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let call = Call {
        method: parts.method,
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts.headers,
        body,
    };
    // On a task of its own: a caller who hangs up does not undo what they asked for.
    tokio::spawn(call.answer(sandbox))
        .await
        .unwrap_or_else(|_| plain(500, &ApiError::internal().body()))
}

/// One request under `/v1`, read whole.
struct Call {
    method: Method,
    path: String,
    query: String,
    headers: HeaderMap,
    body: Bytes,
}

impl Call {
    async fn answer(self, sandbox: Arc<Sandbox>) -> Response {
        let request_id = format!("req_{}", base62(sandbox.lock().entropy.as_mut(), 14));
        let mut response = match sandbox.keys.recognise(&self.headers) {
            Ok(key) => self.faulty(&sandbox, key, &request_id).await,
            Err(error) => refusal(&error),
        };
        let headers = response.headers_mut();
        set(headers, "request-id", &request_id);
        for name in ["stripe-version", "idempotency-key"] {
            if let Some(value) = self.headers.get(name) {
                headers.insert(name, value.clone());
            }
        }
        response
    }

    /// The answer, or what a fault makes of it.
    async fn faulty(&self, sandbox: &Arc<Sandbox>, key: Key, request_id: &str) -> Response {
        let fault = sandbox.lock().faults.take(self.method.as_str(), &self.path);
        let Some(Fault { fault, delay_ms, .. }) = fault else {
            return self.idempotent(sandbox, key, request_id, None).await;
        };
        let delay = Duration::from_millis(delay_ms);
        match fault {
            FaultKind::RateLimited => refusal(&ApiError::rate_limited()),
            FaultKind::Conflict => refusal(&ApiError::in_progress()),
            FaultKind::Refused => refusal(&ApiError::refused()),
            FaultKind::TimeoutWithoutEffect => {
                tokio::time::sleep(delay).await;
                hang_up()
            }
            FaultKind::TimeoutWithEffect => {
                self.idempotent(sandbox, key, request_id, None).await;
                tokio::time::sleep(delay).await;
                hang_up()
            }
            FaultKind::Slow => {
                self.idempotent(sandbox, key, request_id, Some(Disturbance::Wait(delay))).await
            }
            FaultKind::Error500WithEffect => {
                self.idempotent(sandbox, key, request_id, Some(Disturbance::FailAfter)).await
            }
            FaultKind::Error500WithoutEffect => {
                self.idempotent(sandbox, key, request_id, Some(Disturbance::FailBefore)).await
            }
        }
    }

    async fn idempotent(
        &self,
        sandbox: &Arc<Sandbox>,
        key: Key,
        request_id: &str,
        disturbance: Option<Disturbance>,
    ) -> Response {
        let idempotency_key = self
            .headers
            .get("idempotency-key")
            .filter(|_| self.method == Method::POST)
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        if let Some(name) = &idempotency_key {
            let now = sandbox.clock.now_seconds();
            let begun = sandbox.lock().idempotency.begin(name, &self.path, &self.body, now);
            match begun {
                Err(error) => return refusal(&error),
                Ok(Some(recorded)) => return replay(&recorded),
                Ok(None) => {}
            }
        }
        if let Some(Disturbance::Wait(delay)) = disturbance {
            tokio::time::sleep(delay).await;
        }
        let result = match disturbance {
            Some(Disturbance::FailBefore) => Err(ApiError::internal()),
            Some(Disturbance::FailAfter) => {
                let _lost = self.execute(sandbox, key, request_id, idempotency_key.as_deref());
                Err(ApiError::internal())
            }
            _ => self.execute(sandbox, key, request_id, idempotency_key.as_deref()),
        };
        let (status, body, remember) = match result {
            Ok(body) => (200, body, true),
            Err(error) => (error.status, error.body(), error.executed),
        };
        if let Some(name) = &idempotency_key {
            let recorded =
                Recorded { status, body: body.clone(), request_id: request_id.to_owned() };
            sandbox.lock().idempotency.end(name, remember.then_some(recorded));
        }
        plain(status, &body)
    }

    fn execute(
        &self,
        sandbox: &Arc<Sandbox>,
        key: Key,
        request_id: &str,
        idempotency_key: Option<&str>,
    ) -> Result<Value, ApiError> {
        let mut params = Params::parse(self.query.as_bytes())?;
        params.merge(Params::parse(&self.body)?);
        sandbox.work(|desk| {
            desk.request = Some(request_id.to_owned());
            desk.idempotency_key = idempotency_key.map(str::to_owned);
            api::answer(desk, key, self.method.as_str(), &self.path, params)
        })
    }
}

/// What a fault does to a request that is carried out or not.
#[derive(Debug, Clone, Copy)]
enum Disturbance {
    Wait(Duration),
    FailBefore,
    FailAfter,
}

fn replay(recorded: &Recorded) -> Response {
    let mut response = plain(recorded.status, &recorded.body);
    set(response.headers_mut(), "idempotent-replayed", "true");
    set(response.headers_mut(), "original-request", &recorded.request_id);
    response
}

fn hang_up() -> Response {
    let mut response = StatusCode::SERVICE_UNAVAILABLE.into_response();
    response.extensions_mut().insert(HangUp);
    response
}

/// An error as an answer.
pub(crate) fn refusal(error: &ApiError) -> Response {
    plain(error.status, &error.body())
}

/// A JSON answer.
pub(crate) fn plain(status: u16, body: &Value) -> Response {
    let mut response = Response::new(Body::from(format!("{body:#}\n")));
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn set(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
