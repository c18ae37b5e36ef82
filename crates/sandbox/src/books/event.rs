use serde_json::{Value, json};

use crate::{API_VERSION, shelf::Record};

/// Something that happened, with the object as it was right after.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub id: String,
    pub created: i64,
    pub kind: &'static str,
    pub object: Value,
    /// The API request that caused it, and its idempotency key.
    pub request: Option<String>,
    pub idempotency_key: Option<String>,
}

impl Record for Event {
    const OBJECT: &'static str = "event";
    const PARAM: &'static str = "id";

    fn id(&self) -> &str {
        &self.id
    }

    fn created(&self) -> i64 {
        self.created
    }

    fn json(&self) -> Value {
        json!({
            "id": self.id,
            "object": "event",
            "api_version": API_VERSION,
            "created": self.created,
            "data": { "object": self.object },
            "livemode": false,
            "pending_webhooks": 0,
            "request": { "id": self.request, "idempotency_key": self.idempotency_key },
            "type": self.kind,
        })
    }
}
