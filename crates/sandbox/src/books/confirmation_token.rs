use serde_json::{Value, json};

use crate::{cards::Card, shelf::Record};

/// How long a token may be used: 12 hours, as Stripe has it.
const LIFETIME_SECONDS: i64 = 12 * 3_600;

/// A card as it was typed into the frame, good for one confirmation.
#[derive(Debug, Clone)]
pub(crate) struct ConfirmationToken {
    pub id: String,
    pub created: i64,
    pub card: Card,
    pub billing_details: Value,
    pub return_url: Option<String>,
    pub setup_future_usage: Option<String>,
    /// The currency that the card fields were opened with.
    pub currency: Option<String>,
    /// The PaymentIntent or SetupIntent that used it up.
    pub used_by: Option<String>,
}

impl ConfirmationToken {
    /// When it stops being good; seconds since the Unix epoch.
    pub fn expires_at(&self) -> i64 {
        self.created + LIFETIME_SECONDS
    }
}

impl Record for ConfirmationToken {
    const OBJECT: &'static str = "confirmation_token";
    const PARAM: &'static str = "confirmation_token";

    fn id(&self) -> &str {
        &self.id
    }

    fn created(&self) -> i64 {
        self.created
    }

    fn json(&self) -> Value {
        let used_by = |prefix| self.used_by.as_ref().filter(|id| id.starts_with(prefix));
        json!({
            "id": self.id,
            "object": "confirmation_token",
            "created": self.created,
            "expires_at": self.expires_at(),
            "livemode": false,
            "mandate_data": null,
            "metadata": null,
            "payment_intent": used_by("pi_"),
            "payment_method_options": null,
            "payment_method_preview": {
                "allow_redisplay": "unspecified",
                "billing_details": self.billing_details,
                "card": self.card.json(),
                "customer": null,
                "type": "card",
            },
            "return_url": self.return_url,
            "setup_future_usage": self.setup_future_usage,
            "setup_intent": used_by("seti_"),
            "shipping": null,
            "use_stripe_sdk": true,
        })
    }
}
