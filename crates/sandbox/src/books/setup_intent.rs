use serde_json::{Value, json};

use super::Metadata;
use crate::shelf::Record;

/// How far the saving of a card has come; Stripe's names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SetupStatus {
    RequiresPaymentMethod,
    RequiresConfirmation,
    RequiresAction,
    Succeeded,
    Canceled { reason: Option<String> },
}

impl SetupStatus {
    pub fn name(&self) -> &'static str {
        match self {
            Self::RequiresPaymentMethod => "requires_payment_method",
            Self::RequiresConfirmation => "requires_confirmation",
            Self::RequiresAction => "requires_action",
            Self::Succeeded => "succeeded",
            Self::Canceled { .. } => "canceled",
        }
    }
}

/// One card to be kept without a payment, however many attempts it takes.
#[derive(Debug, Clone)]
pub(crate) struct SetupIntent {
    pub id: String,
    pub created: i64,
    pub client_secret: String,
    pub status: SetupStatus,
    pub customer: Option<String>,
    pub payment_method: Option<String>,
    pub usage: String,
    pub allowed_payment_method_types: Vec<String>,
    pub setup_credential_usage: Option<String>,
    pub description: Option<String>,
    pub metadata: Metadata,
    /// The error object of the last failed attempt.
    pub last_setup_error: Option<Value>,
}

impl SetupIntent {
    fn next_action(&self) -> Value {
        if self.status != SetupStatus::RequiresAction {
            return Value::Null;
        }
        json!({
            "type": "use_stripe_sdk",
            "use_stripe_sdk": {
                "type": "three_d_secure_redirect",
                "stripe_js": format!("/elements/challenge?setup_intent={}", self.id),
            },
        })
    }
}

impl Record for SetupIntent {
    const OBJECT: &'static str = "setup_intent";
    const PARAM: &'static str = "intent";

    fn id(&self) -> &str {
        &self.id
    }

    fn created(&self) -> i64 {
        self.created
    }

    fn json(&self) -> Value {
        let reason = match &self.status {
            SetupStatus::Canceled { reason } => reason.clone(),
            _ => None,
        };
        json!({
            "id": self.id,
            "object": "setup_intent",
            "allowed_payment_method_types": self.allowed_payment_method_types,
            "application": null,
            "automatic_payment_methods": null,
            "cancellation_reason": reason,
            "client_secret": self.client_secret,
            "created": self.created,
            "customer": self.customer,
            "description": self.description,
            "flow_directions": null,
            "last_setup_error": self.last_setup_error,
            "latest_attempt": null,
            "livemode": false,
            "mandate": null,
            "metadata": self.metadata,
            "next_action": self.next_action(),
            "on_behalf_of": null,
            "payment_method": self.payment_method,
            "payment_method_options": {
                "card": {
                    "mandate_options": null,
                    "network": null,
                    "request_three_d_secure": "automatic",
                    "setup_credential_usage": self.setup_credential_usage,
                },
            },
            "payment_method_types": ["card"],
            "single_use_mandate": null,
            "status": self.status.name(),
            "usage": self.usage,
        })
    }
}
