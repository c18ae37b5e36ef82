//! HTTP to the gateway: one request, one answer or one [`GatewayError`]. Logs the method, the status and the gateway's request
//! id; never a body, a key or a query.

use std::time::Duration;

use reqwest::{
    Client, Method, RequestBuilder, Response,
    header::{AUTHORIZATION, CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue},
    redirect::Policy,
};
use serde_json::Value;
use url::{Url, form_urlencoded};

use super::{API_VERSION, decode};
use crate::{
    config::{GatewayConfig, judge::is_loopback},
    gateway::GatewayError,
};

/// The longest answer that is read, in bytes.
const ANSWER_MAX_BYTES: usize = 1 << 20;
/// The longest id that is sent, in bytes (Stripe's own limit).
const ID_MAX_BYTES: usize = 255;

/// Why the settings cannot be meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    /// Not a URL.
    #[error("the gateway's address is not an http or https URL")]
    Url,
    /// A key that moves real money, on a line anybody can read.
    #[error("a live key is sent over https only")]
    LiveKeyInTheClear,
    /// A key with characters that no key has.
    #[error("the gateway's secret key cannot be sent as a header")]
    Key,
    /// TLS could not be set up.
    #[error("the HTTP client cannot be set up")]
    Client,
}

/// Form parameters; the names have their brackets already (`metadata[request_id]`, `expand[]`).
#[derive(Clone, Debug, Default)]
pub struct Params(Vec<(&'static str, String)>);

impl Params {
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.0.push((name, value.to_string()));
        self
    }

    /// Adds one if there is something to say.
    pub fn with_some(self, name: &'static str, value: Option<impl ToString>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    fn encode(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }
}

/// `base/id` and what follows it. Ids also come from browsers: one that is no id is not there, and never a way to another path.
pub fn path(base: &str, id: &str, rest: &str) -> Result<String, GatewayError> {
    let is_id = !id.is_empty()
        && id.len() <= ID_MAX_BYTES
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if is_id { Ok(format!("{base}/{id}{rest}")) } else { Err(GatewayError::NotFound) }
}

/// Why a write failed.
#[derive(Debug)]
pub struct Failure {
    pub error: GatewayError,
    /// The gateway repeated what it had answered under this idempotency key before, or says that the key was used with other
    /// parameters, and will go on to.
    pub remembered: bool,
}

impl From<GatewayError> for Failure {
    fn from(error: GatewayError) -> Self {
        Self { error, remembered: false }
    }
}

/// The connection.
#[derive(Debug)]
pub struct Wire {
    client: Client,
    base: String,
}

impl Wire {
    pub fn new(
        config: &GatewayConfig,
        connect_timeout: Duration,
        total_timeout: Duration,
    ) -> Result<Self, SetupError> {
        let base = Url::parse(&config.api_url).map_err(|_| SetupError::Url)?;
        if !matches!(base.scheme(), "http" | "https") {
            return Err(SetupError::Url);
        }
        let key = &config.secret_key.0;
        if base.scheme() == "http" && key.contains("_live_") {
            return Err(SetupError::LiveKeyInTheClear);
        }
        let mut bearer =
            HeaderValue::from_str(&format!("Bearer {key}")).map_err(|_| SetupError::Key)?;
        bearer.set_sensitive(true);
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, bearer);
        let version = HeaderName::from_static("stripe-version");
        headers.insert(version, HeaderValue::from_static(API_VERSION));
        let mut client = Client::builder()
            .default_headers(headers)
            .user_agent(concat!("Sluice/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(connect_timeout)
            .timeout(total_timeout)
            .redirect(Policy::none());
        if is_loopback(&base) {
            // A sandbox on this machine is not reached through anybody's proxy.
            client = client.no_proxy();
        }
        let client = client.build().map_err(|_| SetupError::Client)?;
        Ok(Self { client, base: config.api_url.trim_end_matches('/').to_owned() })
    }

    /// Reads. Nothing happens by it, so that no outcome is unknown: what may not have arrived may be asked again.
    pub async fn get(&self, path: &str, query: &Params) -> Result<Value, GatewayError> {
        let url = format!("{}{path}?{}", self.base, query.encode());
        self.send(Method::GET, self.client.get(url)).await.map_err(|failure| match failure.error {
            GatewayError::Unknown(why) => GatewayError::TryLater(why),
            error => error,
        })
    }

    /// Reads, and answers what time the gateway has, as HTTP writes it.
    pub async fn date(&self, path: &str, query: &Params) -> Result<Option<String>, GatewayError> {
        let url = format!("{}{path}?{}", self.base, query.encode());
        let (_, headers) = self
            .exchange(Method::GET, self.client.get(url))
            .await
            .map_err(|failure| failure.error)?;
        Ok(headers.get(DATE).and_then(|date| date.to_str().ok()).map(str::to_owned))
    }

    /// Writes.
    pub async fn post(
        &self,
        path: &str,
        form: &Params,
        idempotency_key: Option<&str>,
    ) -> Result<Value, Failure> {
        let mut request = self
            .client
            .post(format!("{}{path}", self.base))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form.encode());
        if let Some(key) = idempotency_key {
            request = request.header("idempotency-key", key);
        }
        self.send(Method::POST, request).await
    }

    async fn send(&self, method: Method, request: RequestBuilder) -> Result<Value, Failure> {
        self.exchange(method, request).await.map(|(value, _)| value)
    }

    async fn exchange(
        &self,
        method: Method,
        request: RequestBuilder,
    ) -> Result<(Value, HeaderMap), Failure> {
        let mut answer = request.send().await.map_err(|error| lost(&error))?;
        let status = answer.status().as_u16();
        let header = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok());
        tracing::debug!(%method, status, request_id = header("request-id"), "gateway answered");
        let remembered = header("idempotent-replayed") == Some("true");
        let body = read(&mut answer).await;
        if answer.status().is_success() {
            let value = serde_json::from_slice(&body?).map_err(|_| super::unreadable())?;
            return Ok((value, answer.headers().clone()));
        }
        // Whatever the body says or is, the status alone already decides most.
        let told = body.ok().and_then(|body| serde_json::from_slice(&body).ok());
        let told = told.unwrap_or(Value::Null);
        let remembered = remembered || decode::is_key_taken(status, &told);
        Err(Failure { error: decode::failure(status, told), remembered })
    }
}

async fn read(answer: &mut Response) -> Result<Vec<u8>, GatewayError> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| lost(&error))? {
        if body.len() + chunk.len() > ANSWER_MAX_BYTES {
            return Err(GatewayError::Unknown("the gateway's answer is too long".to_owned()));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// No answer: whether the request had left decides what is known.
fn lost(error: &reqwest::Error) -> GatewayError {
    if error.is_connect() || error.is_builder() {
        GatewayError::TryLater("the gateway cannot be reached".to_owned())
    } else if error.is_timeout() {
        GatewayError::Unknown("the gateway did not answer in time".to_owned())
    } else {
        GatewayError::Unknown("the connection to the gateway was lost".to_owned())
    }
}
