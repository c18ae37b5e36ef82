use serde_json::{Value, json};

use super::Metadata;
use crate::shelf::Record;

/// Whether the money went back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RefundStatus {
    Succeeded,
    /// The card's bank sent it back; the amount is ours again.
    Failed,
}

/// Money given back to the card it came from.
#[derive(Debug, Clone)]
pub(crate) struct Refund {
    pub id: String,
    pub created: i64,
    /// In the currency's smallest unit.
    pub amount: i64,
    pub currency: String,
    pub charge: String,
    pub payment_intent: String,
    pub reason: Option<String>,
    pub metadata: Metadata,
    pub status: RefundStatus,
}

impl Record for Refund {
    const OBJECT: &'static str = "refund";
    const PARAM: &'static str = "id";

    fn id(&self) -> &str {
        &self.id
    }

    fn created(&self) -> i64 {
        self.created
    }

    fn json(&self) -> Value {
        let mut refund = json!({
            "id": self.id,
            "object": "refund",
            "amount": self.amount,
            "balance_transaction": null,
            "charge": self.charge,
            "created": self.created,
            "currency": self.currency,
            "destination_details": { "type": "card", "card": { "type": "refund" } },
            "metadata": self.metadata,
            "payment_intent": self.payment_intent,
            "reason": self.reason,
            "receipt_number": null,
            "source_transfer_reversal": null,
            "status": "succeeded",
            "transfer_reversal": null,
        });
        if self.status == RefundStatus::Failed
            && let Some(refund) = refund.as_object_mut()
        {
            refund.insert("status".to_owned(), "failed".into());
            refund.insert("failure_reason".to_owned(), "expired_or_canceled_card".into());
        }
        refund
    }
}
