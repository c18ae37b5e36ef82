//! One request.

use std::pin::Pin;

use billing::api::Problem;
use gloo_net::http::{Method, RequestBuilder, Response};
use serde::{Serialize, de::DeserializeOwned};

use super::ApiError;
use crate::browser::Json;

/// What makes a command safe to repeat and safe against a second person: both headers of a funding command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guard {
    /// Names the attempt: the same for a repeat, another one for another attempt.
    pub idempotency_key: String,
    /// The `funding.version` that the person saw.
    pub version: u64,
}

/// Whether a path is one of the API: a link there is the browser's to follow.
pub fn is_api(path: &str) -> bool {
    path.starts_with("/api/")
}

/// A request in the making. `Call::get("/agency").send().await`
pub struct Call {
    method: Method,
    path: String,
    query: Vec<(&'static str, String)>,
    headers: Vec<(&'static str, String)>,
    body: Option<String>,
}

impl Call {
    fn new(method: Method, path: impl std::fmt::Display) -> Self {
        let path = format!("{}{path}", super::accounts::BASE);
        Self { method, path, query: Vec::new(), headers: Vec::new(), body: None }
    }

    /// Reads; the path is below `/api/v1`.
    pub fn get(path: impl std::fmt::Display) -> Self {
        Self::new(Method::GET, path)
    }

    /// Changes something; the path is below `/api/v1`.
    pub fn post(path: impl std::fmt::Display) -> Self {
        Self::new(Method::POST, path)
    }

    /// Sets something; the path is below `/api/v1`.
    pub fn put(path: impl std::fmt::Display) -> Self {
        Self::new(Method::PUT, path)
    }

    /// Changes a part of something; the path is below `/api/v1`.
    pub fn patch(path: impl std::fmt::Display) -> Self {
        Self::new(Method::PATCH, path)
    }

    /// Ends something; the path is below `/api/v1`.
    pub fn delete(path: impl std::fmt::Display) -> Self {
        Self::new(Method::DELETE, path)
    }

    /// Adds a query parameter, unless it is empty.
    #[must_use]
    pub fn query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        let value = value.into();
        if !value.is_empty() {
            self.query.push((name, value));
        }
        self
    }

    /// Says who asks by a token instead of the session's cookie.
    #[must_use]
    pub fn bearer(mut self, token: &str) -> Self {
        self.headers.push(("authorization", format!("Bearer {token}")));
        self
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// Names the attempt, so that a repeat has no second effect.
    #[must_use]
    pub fn idempotency_key(mut self, key: &str) -> Self {
        self.headers.push(("idempotency-key", key.to_owned()));
        self
    }

    /// Only if the account's funding is still at this version.
    #[must_use]
    pub fn if_match(mut self, version: u64) -> Self {
        self.headers.push(("if-match", format!("\"{version}\"")));
        self
    }

    /// Both headers of a funding command.
    #[must_use]
    pub fn guarded(self, guard: &Guard) -> Self {
        self.idempotency_key(&guard.idempotency_key).if_match(guard.version)
    }

    /// The body.
    #[must_use]
    pub fn json(mut self, body: &impl Serialize) -> Self {
        self.body = serde_json::to_string(body).ok();
        self
    }

    /// The body, as it stands.
    #[must_use]
    pub fn body(mut self, json: String) -> Self {
        self.body = Some(json);
        self
    }

    /// Sends it and reads the answer.
    ///
    /// # Errors
    /// [`ApiError`]: unreachable, unreadable, or the server's problem.
    pub async fn send<T: DeserializeOwned>(self) -> Result<T, ApiError> {
        serde_json::from_str(&self.text().await?).map_err(|_| ApiError::Unreadable)
    }

    /// Sends it and leaves the reading of the answer to where it is shown.
    ///
    /// # Errors
    /// [`ApiError`]: unreachable, unreadable, or the server's problem.
    pub async fn read(self) -> Result<Json, ApiError> {
        Json::parse(&self.text().await?).ok_or(ApiError::Unreadable)
    }

    /// Sends it and answers what came, as text.
    ///
    /// # Errors
    /// [`ApiError`]: unreachable, or the server's problem.
    pub async fn raw(self) -> Result<String, ApiError> {
        self.text().await
    }

    /// Sends it and answers what came, byte for byte.
    ///
    /// # Errors
    /// [`ApiError`]: unreachable, or the server's problem.
    pub async fn bytes(self) -> Result<Vec<u8>, ApiError> {
        self.fetch().await?.binary().await.map_err(|_| ApiError::Unreachable)
    }

    /// Sends it; an answer without a body is fine.
    ///
    /// # Errors
    /// [`ApiError`]: unreachable, or the server's problem.
    pub async fn send_empty(self) -> Result<(), ApiError> {
        self.text().await.map(|_| ())
    }

    /// Behind a pointer, so that not every endpoint carries the whole of it: the app is downloaded.
    fn text(self) -> Pin<Box<dyn Future<Output = Result<String, ApiError>>>> {
        Box::pin(async move {
            let response = self.fetch().await?;
            response.text().await.map_err(|_| ApiError::Unreachable)
        })
    }

    async fn fetch(self) -> Result<Response, ApiError> {
        let query = self.query.iter().map(|(name, value)| (*name, value.as_str()));
        let mut builder = RequestBuilder::new(&self.path).method(self.method).query(query);
        for (name, value) in &self.headers {
            builder = builder.header(name, value);
        }
        let request = match self.body {
            Some(body) => builder.header("content-type", "application/json").body(body),
            None => builder.build(),
        };
        let request = request.map_err(|_| ApiError::Unreachable)?;
        let response = request.send().await.map_err(|_| ApiError::Unreachable)?;
        if response.ok() { Ok(response) } else { Err(problem(response).await) }
    }
}

/// The server's problem, or one made from the status alone when a proxy answered in its place.
pub(super) async fn problem(response: Response) -> ApiError {
    let status = response.status();
    let text = response.text().await.unwrap_or_default();
    let said = serde_json::from_str::<Problem>(&text).ok();
    ApiError::Problem(said.unwrap_or_else(|| Problem {
        status,
        code: "unreadable".to_owned(),
        detail: format!("The server could not answer (status {status}). Try again in a moment."),
        request_id: String::new(),
        errors: Vec::new(),
    }))
}
