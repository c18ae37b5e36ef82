use serde_json::{Value, json};

use super::Metadata;
use crate::{cards::Card, shelf::Record};

/// One attempt at a card, successful or not.
#[derive(Debug, Clone)]
pub(crate) struct Charge {
    pub id: String,
    pub created: i64,
    /// In the currency's smallest unit.
    pub amount: i64,
    /// Given back so far, in the currency's smallest unit.
    pub amount_refunded: i64,
    pub currency: String,
    pub payment_intent: String,
    pub payment_method: String,
    pub customer: Option<String>,
    pub card: Card,
    pub billing_details: Value,
    pub description: Option<String>,
    pub metadata: Metadata,
    pub authenticated: bool,
    /// The cardholder has complained and the money is taken back.
    pub disputed: bool,
    /// Code and message of the refusal; none when it was paid.
    pub failure: Option<(String, String)>,
}

impl Charge {
    /// What could still be refunded, in the currency's smallest unit.
    pub fn remaining(&self) -> i64 {
        if self.failure.is_some() { 0 } else { self.amount - self.amount_refunded }
    }
}

impl Record for Charge {
    const OBJECT: &'static str = "charge";
    const PARAM: &'static str = "charge";

    fn id(&self) -> &str {
        &self.id
    }

    fn created(&self) -> i64 {
        self.created
    }

    fn json(&self) -> Value {
        let paid = self.failure.is_none();
        let mut card = self.card.json();
        if let Some(card) = card.as_object_mut() {
            card.remove("three_d_secure_usage");
            card.remove("networks");
            card.remove("generated_from");
            card.insert("amount_authorized".to_owned(), paid.then_some(self.amount).into());
            card.insert("network".to_owned(), self.card.kind.brand.into());
            let secure = json!({ "authentication_flow": "challenge", "result": "authenticated" });
            card.insert(
                "three_d_secure".to_owned(),
                if self.authenticated { secure } else { Value::Null },
            );
        }
        json!({
            "id": self.id,
            "object": "charge",
            "amount": self.amount,
            "amount_captured": if paid { self.amount } else { 0 },
            "amount_refunded": self.amount_refunded,
            "balance_transaction": null,
            "billing_details": self.billing_details,
            "captured": paid,
            "created": self.created,
            "currency": self.currency,
            "customer": self.customer,
            "description": self.description,
            "disputed": self.disputed,
            "failure_code": self.failure.as_ref().map(|(code, _)| code),
            "failure_message": self.failure.as_ref().map(|(_, message)| message),
            "livemode": false,
            "metadata": self.metadata,
            "outcome": {
                "network_status": if paid { "approved_by_network" } else { "declined_by_network" },
                "reason": self.failure.as_ref().map(|(code, _)| code),
                "risk_level": "normal",
                "seller_message": if paid { "Payment complete." } else { "The bank declined." },
                "type": if paid { "authorized" } else { "issuer_declined" },
            },
            "paid": paid,
            "payment_intent": self.payment_intent,
            "payment_method": self.payment_method,
            "payment_method_details": { "type": "card", "card": card },
            "receipt_url": null,
            "refunded": paid && self.amount_refunded == self.amount,
            "status": if paid { "succeeded" } else { "failed" },
        })
    }
}
