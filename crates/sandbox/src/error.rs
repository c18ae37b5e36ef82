//! The one error that the API answers with, in Stripe's shape.

use std::ops::{Deref, DerefMut};

use serde_json::{Map, Value, json};

/// A refusal or failure. Boxed, because answers are passed on more often than refusals.
#[derive(Debug, Clone)]
pub(crate) struct ApiError(Box<Details>);

/// What is said of it on the wire.
#[derive(Debug, Clone)]
pub(crate) struct Details {
    pub status: u16,
    pub kind: &'static str,
    pub message: String,
    pub code: Option<&'static str>,
    pub decline_code: Option<&'static str>,
    pub advice_code: Option<&'static str>,
    pub param: Option<String>,
    pub charge: Option<String>,
    /// The whole intent as it stands after the failure.
    pub payment_intent: Option<Value>,
    /// The whole setup as it stands after the failure.
    pub setup_intent: Option<Value>,
    /// The whole payment method that failed.
    pub payment_method: Option<Value>,
    /// Whether the request had started to execute: only then does an idempotency key remember it.
    pub executed: bool,
}

impl Deref for ApiError {
    type Target = Details;

    fn deref(&self) -> &Details {
        &self.0
    }
}

impl DerefMut for ApiError {
    fn deref_mut(&mut self) -> &mut Details {
        &mut self.0
    }
}

impl ApiError {
    fn new(status: u16, kind: &'static str, message: impl Into<String>) -> Self {
        Self(Box::new(Details {
            status,
            kind,
            message: message.into(),
            code: None,
            decline_code: None,
            advice_code: None,
            param: None,
            charge: None,
            payment_intent: None,
            setup_intent: None,
            payment_method: None,
            executed: false,
        }))
    }

    /// 400: the request cannot be meant.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(400, "invalid_request_error", message)
    }

    /// 401: no key, or not one of ours.
    pub fn unauthorized(message: impl Into<String>) -> Self {
        Self::new(401, "invalid_request_error", message)
    }

    /// 403: a publishable key where only a secret one will do.
    pub fn secret_key_required() -> Self {
        Self::new(
            403,
            "invalid_request_error",
            "This API call cannot be made with a publishable API key. Please use a secret API key.",
        )
        .code("secret_key_required")
    }

    /// 404: no object of that id.
    pub fn missing(noun: &str, id: &str, param: &str) -> Self {
        Self::new(404, "invalid_request_error", format!("No such {noun}: '{id}'"))
            .code("resource_missing")
            .param(param)
    }

    /// 404: no such method and path.
    pub fn unrecognized(method: &str, path: &str) -> Self {
        Self::new(
            404,
            "invalid_request_error",
            format!("Unrecognized request URL ({method}: {path})."),
        )
    }

    /// 402: the card's fault.
    pub fn card(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(402, "card_error", message).code(code).executed()
    }

    /// 400 or 409: the idempotency key's fault.
    pub fn idempotency(status: u16, message: impl Into<String>) -> Self {
        Self::new(status, "idempotency_error", message)
    }

    /// 429, on demand only.
    pub fn rate_limited() -> Self {
        Self::new(
            429,
            "invalid_request_error",
            "Request rate limit exceeded. You can learn more about rate limits in the documentation.",
        )
        .code("rate_limit")
    }

    /// 409, on demand only: as when another request holds the object.
    pub fn in_progress() -> Self {
        Self::idempotency(
            409,
            "There is currently another in-progress request using this Idempotent Key. Please try again later.",
        )
        .code("idempotency_key_in_use")
    }

    /// 400, on demand only.
    pub fn refused() -> Self {
        Self::invalid("This request was refused on demand.")
    }

    /// 500, on demand only.
    pub fn internal() -> Self {
        Self::new(500, "api_error", "Sorry, there was a problem processing your request.")
            .executed()
    }

    pub fn code(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }

    pub fn param(mut self, param: impl Into<String>) -> Self {
        self.param = Some(param.into());
        self
    }

    pub fn executed(mut self) -> Self {
        self.executed = true;
        self
    }

    /// The error object alone, as it also stands in `last_payment_error`.
    pub fn object(&self) -> Value {
        let mut object = Map::new();
        let texts = [
            ("code", self.code.map(str::to_owned)),
            ("decline_code", self.decline_code.map(str::to_owned)),
            ("advice_code", self.advice_code.map(str::to_owned)),
            ("charge", self.charge.clone()),
            ("message", Some(self.message.clone())),
            ("param", self.param.clone()),
            ("type", Some(self.kind.to_owned())),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                object.insert(name.to_owned(), Value::String(text));
            }
        }
        let objects = [
            ("payment_intent", &self.payment_intent),
            ("payment_method", &self.payment_method),
            ("setup_intent", &self.setup_intent),
        ];
        for (name, value) in objects {
            if let Some(value) = value {
                object.insert(name.to_owned(), value.clone());
            }
        }
        Value::Object(object)
    }

    /// The whole answer's body.
    pub fn body(&self) -> Value {
        json!({ "error": self.object() })
    }
}
