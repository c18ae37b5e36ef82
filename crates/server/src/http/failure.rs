//! An answer that is no: status, word for code, sentence for people. The [`super::envelope`] writes it as
//! `application/problem+json` with the request's id.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use billing::{api::FieldProblem, funding::Refusal};

use crate::{
    execute::{ExecuteError, RefusalError},
    jobs::WebhookRefused,
    pay::PayError,
    storage::StorageError,
};

/// How long to wait when storage is busy, in seconds.
const BUSY_RETRY_SECONDS: u64 = 1;
/// How long to wait when the gateway is away, in seconds.
const GATEWAY_RETRY_SECONDS: u64 = 5;

/// Why there is no good answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The status.
    pub status: StatusCode,
    /// A word for code.
    pub code: String,
    /// A sentence for people.
    pub detail: String,
    /// The fields that are wrong.
    pub errors: Vec<FieldProblem>,
    /// When to come back, in seconds.
    pub retry_after_seconds: Option<u64>,
}

impl Failure {
    /// One without fields.
    pub fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> Self {
        Self {
            status,
            code: code.to_owned(),
            detail: detail.into(),
            errors: Vec::new(),
            retry_after_seconds: None,
        }
    }

    /// 400: what came cannot be read.
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed", detail)
    }

    /// 401: nobody is signed in, or no longer.
    pub fn unauthenticated() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthenticated", "Sign in to go on.")
    }

    /// 403: a password alone is too little here.
    pub fn second_factor_needed() -> Self {
        let detail = "Here everybody needs an authenticator app. Set one up under \u{201c}Your sessions\u{201d}, then go on.";
        Self::new(StatusCode::FORBIDDEN, "second_factor_needed", detail)
    }

    /// 404: absent, or somebody else's; nobody is told which.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "There is no such thing here.")
    }

    /// 404 for a link.
    pub fn link_unknown() -> Self {
        let detail = "This link leads nowhere. Check that you have copied all of it.";
        Self::new(StatusCode::NOT_FOUND, "link_unknown", detail)
    }

    /// 405.
    pub fn method_not_allowed() -> Self {
        let detail = "This address does not take that method.";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail)
    }

    /// 422: these fields are wrong.
    pub fn invalid(errors: Vec<FieldProblem>) -> Self {
        let detail = match errors.as_slice() {
            [only] => only.detail.clone(),
            _ => "Some fields are wrong.".to_owned(),
        };
        Self { errors, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail) }
    }

    /// 422: this one field is wrong.
    pub fn field(pointer: &str, code: &str, detail: impl Into<String>) -> Self {
        Self::invalid(vec![FieldProblem {
            pointer: pointer.to_owned(),
            code: code.to_owned(),
            detail: detail.into(),
        }])
    }

    /// 429.
    pub fn too_many(detail: &str, retry_after_seconds: u64) -> Self {
        let failure = Self::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", detail);
        Self { retry_after_seconds: Some(retry_after_seconds), ..failure }
    }

    /// 500: our fault.
    pub fn internal() -> Self {
        let detail = "Something went wrong on our side. It has been logged.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail)
    }

    /// 503: come back in a moment.
    pub fn overloaded() -> Self {
        let detail = "The server is busy. Try again in a moment.";
        let failure = Self::new(StatusCode::SERVICE_UNAVAILABLE, "overloaded", detail);
        Self { retry_after_seconds: Some(BUSY_RETRY_SECONDS), ..failure }
    }

    fn refused(refusal: &Refusal) -> Self {
        let status = match refusal {
            Refusal::LinkDead { .. } => StatusCode::GONE,
            _ => StatusCode::CONFLICT,
        };
        Self::new(status, refusal.code(), refusal.to_string())
    }

    /// 503: the payment gateway cannot be asked.
    fn gateway(detail: String) -> Self {
        let failure = Self::new(StatusCode::SERVICE_UNAVAILABLE, "gateway_unavailable", detail);
        Self { retry_after_seconds: Some(GATEWAY_RETRY_SECONDS), ..failure }
    }

    /// The key's first request has not been answered yet.
    pub fn in_flight() -> Self {
        let detail = "The first request with this Idempotency-Key is still under way.";
        Self::new(StatusCode::CONFLICT, "idempotency_in_flight", detail)
    }

    /// The key was used for something else.
    pub fn mismatch() -> Self {
        let detail = "This Idempotency-Key was used with another request.";
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_mismatch", detail)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        if let Some(seconds) = self.retry_after_seconds {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        // The envelope knows the request's id and writes the body.
        response.extensions_mut().insert(self);
        response
    }
}

impl From<StorageError> for Failure {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Busy | StorageError::Closed => Self::overloaded(),
            StorageError::Conflict(what) => {
                Self::new(StatusCode::CONFLICT, "conflict", format!("Already there: {what}."))
            }
            StorageError::Damaged(_) => {
                tracing::error!(%error, "storage");
                Self::internal()
            }
            StorageError::Database(_) => {
                tracing::error!(%error, "storage");
                let detail = "The server can't reach its data. Try again in a moment.";
                Self {
                    code: "storage_trouble".to_owned(),
                    detail: detail.to_owned(),
                    ..Self::overloaded()
                }
            }
        }
    }
}

impl From<ExecuteError> for Failure {
    fn from(error: ExecuteError) -> Self {
        match error {
            ExecuteError::Refused(RefusalError(refusal)) => Self::refused(&refusal),
            ExecuteError::NotFound => Self::not_found(),
            ExecuteError::VersionMismatch { .. } => {
                Self::new(StatusCode::PRECONDITION_FAILED, "version_mismatch", error.to_string())
            }
            ExecuteError::Wallet(refusal) => match refusal.pointer() {
                Some(pointer) => Self::field(pointer, refusal.code(), refusal.to_string()),
                None => Self::new(StatusCode::CONFLICT, refusal.code(), refusal.to_string()),
            },
            ExecuteError::Books(_) => Self::refused(&Refusal::Overflow),
            ExecuteError::Storage(error) => error.into(),
        }
    }
}

impl From<PayError> for Failure {
    fn from(error: PayError) -> Self {
        match error {
            PayError::UnknownLink => Self::link_unknown(),
            PayError::Refused(refusal) => Self::refused(&refusal),
            PayError::Fields(errors) => Self::invalid(errors),
            PayError::IdempotencyMismatch => Self::mismatch(),
            PayError::IdempotencyInFlight => Self::in_flight(),
            PayError::Gateway(detail) => Self::gateway(detail),
            PayError::Execute(error) => error.into(),
        }
    }
}

impl From<WebhookRefused> for Failure {
    fn from(refused: WebhookRefused) -> Self {
        match refused {
            WebhookRefused::Signature(error) => {
                Self::new(StatusCode::BAD_REQUEST, "bad_signature", error.to_string())
            }
            WebhookRefused::Gateway(error) => Self::gateway(error.to_string()),
            WebhookRefused::Execute(error) => error.into(),
        }
    }
}
