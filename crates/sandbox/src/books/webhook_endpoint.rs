use serde_json::{Value, json};

use super::Metadata;
use crate::{API_VERSION, shelf::Record};

/// Where events are sent, and the secret they are signed with.
#[derive(Debug, Clone)]
pub(crate) struct WebhookEndpoint {
    pub id: String,
    pub created: i64,
    pub url: String,
    pub enabled_events: Vec<String>,
    pub secret: String,
    pub description: Option<String>,
    pub metadata: Metadata,
    pub deleted: bool,
}

impl WebhookEndpoint {
    /// Whether it wants events of this type.
    pub fn wants(&self, kind: &str) -> bool {
        !self.deleted && self.enabled_events.iter().any(|event| event == "*" || event == kind)
    }
}

impl Record for WebhookEndpoint {
    const OBJECT: &'static str = "webhook endpoint";
    const PARAM: &'static str = "id";

    fn id(&self) -> &str {
        &self.id
    }

    fn created(&self) -> i64 {
        self.created
    }

    fn json(&self) -> Value {
        if self.deleted {
            return json!({ "id": self.id, "object": "webhook_endpoint", "deleted": true });
        }
        json!({
            "id": self.id,
            "object": "webhook_endpoint",
            "api_version": API_VERSION,
            "application": null,
            "created": self.created,
            "description": self.description,
            "enabled_events": self.enabled_events,
            "livemode": false,
            "metadata": self.metadata,
            "status": "enabled",
            "url": self.url,
        })
    }
}
