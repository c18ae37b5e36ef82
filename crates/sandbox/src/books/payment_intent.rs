use serde_json::{Value, json};

use super::Metadata;
use crate::shelf::Record;

/// How far a payment has come; Stripe's names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum IntentStatus {
    RequiresPaymentMethod,
    RequiresConfirmation,
    RequiresAction,
    Succeeded,
    Canceled { at: i64, reason: Option<String> },
}

impl IntentStatus {
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

/// What `payment_method_options[card]` can say.
#[derive(Debug, Clone, Default)]
pub(crate) struct CardOptions {
    pub setup_credential_usage: Option<String>,
    pub stored_credential_usage: Option<String>,
}

/// One payment, however many attempts it takes.
#[derive(Debug, Clone)]
pub(crate) struct PaymentIntent {
    pub id: String,
    pub created: i64,
    /// In the currency's smallest unit.
    pub amount: i64,
    pub currency: String,
    pub client_secret: String,
    pub status: IntentStatus,
    pub customer: Option<String>,
    pub payment_method: Option<String>,
    pub setup_future_usage: Option<String>,
    pub allowed_payment_method_types: Vec<String>,
    pub card_options: CardOptions,
    pub description: Option<String>,
    pub receipt_email: Option<String>,
    pub statement_descriptor_suffix: Option<String>,
    pub metadata: Metadata,
    pub latest_charge: Option<String>,
    /// The error object of the last failed attempt.
    pub last_payment_error: Option<Value>,
}

impl PaymentIntent {
    /// What has been received, in the currency's smallest unit.
    pub fn amount_received(&self) -> i64 {
        if self.status == IntentStatus::Succeeded { self.amount } else { 0 }
    }

    fn next_action(&self) -> Value {
        if self.status != IntentStatus::RequiresAction {
            return Value::Null;
        }
        json!({
            "type": "use_stripe_sdk",
            "use_stripe_sdk": {
                "type": "three_d_secure_redirect",
                "stripe_js": format!("/elements/challenge?payment_intent={}", self.id),
            },
        })
    }
}

impl Record for PaymentIntent {
    const OBJECT: &'static str = "payment_intent";
    const PARAM: &'static str = "intent";

    fn id(&self) -> &str {
        &self.id
    }

    fn created(&self) -> i64 {
        self.created
    }

    fn json(&self) -> Value {
        let (canceled_at, cancellation_reason) = match &self.status {
            IntentStatus::Canceled { at, reason } => (Some(*at), reason.clone()),
            _ => (None, None),
        };
        json!({
            "id": self.id,
            "object": "payment_intent",
            "allowed_payment_method_types": self.allowed_payment_method_types,
            "amount": self.amount,
            "amount_capturable": 0,
            "amount_details": { "tip": {} },
            "amount_received": self.amount_received(),
            "application": null,
            "application_fee_amount": null,
            "automatic_payment_methods": null,
            "canceled_at": canceled_at,
            "cancellation_reason": cancellation_reason,
            "capture_method": "automatic_async",
            "client_secret": self.client_secret,
            "confirmation_method": "automatic",
            "created": self.created,
            "currency": self.currency,
            "customer": self.customer,
            "description": self.description,
            "last_payment_error": self.last_payment_error,
            "latest_charge": self.latest_charge,
            "livemode": false,
            "metadata": self.metadata,
            "next_action": self.next_action(),
            "on_behalf_of": null,
            "payment_method": self.payment_method,
            "payment_method_options": {
                "card": {
                    "installments": null,
                    "mandate_options": null,
                    "network": null,
                    "request_three_d_secure": "automatic",
                    "setup_credential_usage": self.card_options.setup_credential_usage,
                    "stored_credential_usage": self.card_options.stored_credential_usage,
                },
            },
            "payment_method_types": ["card"],
            "processing": null,
            "receipt_email": self.receipt_email,
            "review": null,
            "setup_future_usage": self.setup_future_usage,
            "shipping": null,
            "statement_descriptor": null,
            "statement_descriptor_suffix": self.statement_descriptor_suffix,
            "status": self.status.name(),
            "transfer_data": null,
            "transfer_group": null,
        })
    }
}
