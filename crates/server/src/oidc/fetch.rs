//! How the provider is asked: with little patience, for little, and without following it anywhere.

use std::{pin::Pin, time::Duration};

use openidconnect::{HttpRequest, HttpResponse};
use reqwest::{Client, redirect::Policy};

/// The longest that the provider may take to answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// The longest answer, in bytes: a provider's keys are some thousands.
const ANSWER_MAX_BYTES: usize = 256 * 1024;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The network, or TLS.
    #[error(transparent)]
    Network(#[from] reqwest::Error),
    /// More than anybody needs.
    #[error("the answer is too long")]
    TooLong,
    /// The answer makes no sense.
    #[error(transparent)]
    Malformed(#[from] openidconnect::http::Error),
}

/// What will come of a request.
type Answered = Pin<Box<dyn Future<Output = Result<HttpResponse, FetchError>> + Send>>;

/// Asks the provider.
pub struct Fetcher(Client);

impl Fetcher {
    /// One that follows no redirect.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new() -> Result<Self, FetchError> {
        let client = Client::builder()
            .user_agent(concat!("Sluice/", env!("CARGO_PKG_VERSION")))
            .timeout(ANSWER_WITHIN)
            .redirect(Policy::none())
            .build()?;
        Ok(Self(client))
    }

    /// A function that carries one request after the other.
    pub fn carrier(&self) -> impl Fn(HttpRequest) -> Answered + Send + Sync + 'static {
        let client = self.0.clone();
        move |request| Box::pin(carry(client.clone(), request))
    }
}

async fn carry(client: Client, request: HttpRequest) -> Result<HttpResponse, FetchError> {
    let (parts, body) = request.into_parts();
    let asked = client.request(parts.method, parts.uri.to_string());
    let mut answer = asked.headers(parts.headers).body(body).send().await?;
    let mut response = openidconnect::http::Response::builder().status(answer.status());
    if let Some(headers) = response.headers_mut() {
        headers.clone_from(answer.headers());
    }
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        if body.len().saturating_add(chunk.len()) > ANSWER_MAX_BYTES {
            return Err(FetchError::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(response.body(body)?)
}
