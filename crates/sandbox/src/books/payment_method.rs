use serde_json::{Value, json};

use super::Metadata;
use crate::{cards::Card, shelf::Record};

/// Who may charge a payment method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Holder {
    /// Nobody yet: good for one payment, or to be attached.
    Nobody,
    /// This customer, as often as they like.
    Customer(String),
    /// Nobody any more: it was detached, or used once without a customer.
    Spent,
}

/// A card that can be charged.
#[derive(Debug, Clone)]
pub(crate) struct PaymentMethod {
    pub id: String,
    pub created: i64,
    pub card: Card,
    pub holder: Holder,
    pub billing_details: Value,
    pub metadata: Metadata,
}

impl PaymentMethod {
    /// The customer it is attached to.
    pub fn customer(&self) -> Option<&str> {
        match &self.holder {
            Holder::Customer(id) => Some(id),
            Holder::Nobody | Holder::Spent => None,
        }
    }
}

impl Record for PaymentMethod {
    const OBJECT: &'static str = "PaymentMethod";
    const PARAM: &'static str = "payment_method";

    fn id(&self) -> &str {
        &self.id
    }

    fn created(&self) -> i64 {
        self.created
    }

    fn json(&self) -> Value {
        json!({
            "id": self.id,
            "object": "payment_method",
            "allow_redisplay": "unspecified",
            "billing_details": self.billing_details,
            "card": self.card.json(),
            "created": self.created,
            "customer": self.customer(),
            "livemode": false,
            "metadata": self.metadata,
            "type": "card",
        })
    }
}
