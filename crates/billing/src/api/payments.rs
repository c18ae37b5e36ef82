//! What was paid for an account, and what went back.

use serde::{Deserialize, Serialize};

use crate::{
    Money, PaymentId, Timestamp,
    funding::{Card, Dispute, Payment, PaymentFailure, PaymentStatus, Purpose, Refund, Refusal},
    money::WireMoney,
    text::EmailAddress,
    timeline,
};

/// `POST /accounts/{id}/payments/{payment}/refunds`, with an `Idempotency-Key`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RefundBody {
    /// How much goes back to the card; whole coins.
    pub amount: WireMoney,
}

/// `GET /accounts/{id}/payments`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PaymentPage {
    /// Newest first.
    pub payments: Vec<PaymentView>,
    /// Ask for the next page with it; none on the last.
    pub next_cursor: Option<String>,
}

/// A payment of a customer's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PaymentView {
    /// Its id.
    pub id: PaymentId,
    /// What it is for: `switch`, `top_up` or `recharge`; with the request that it answers, and what of it was for usage.
    #[serde(flatten)]
    pub purpose: Purpose,
    /// What the card is charged.
    pub amount: Money,
    /// When it began.
    pub started_at: Timestamp,
    /// When it settled, if it did.
    pub settled_at: Option<Timestamp>,
    /// How far it is.
    pub status: PaymentStatus,
    /// Why it failed, if it did.
    pub failure: Option<PaymentFailure>,
    /// Who pays by it.
    pub email: EmailAddress,
    /// The card.
    pub card: Option<Card>,
    /// What went back to the card, oldest first.
    pub refunds: Vec<Refund>,
    /// What its cardholder has disputed, oldest first.
    pub disputes: Vec<DisputeView>,
    /// How much of it can be refunded now.
    pub refundable: Option<Money>,
    /// Why none of it can be, in a sentence.
    pub not_refundable: Option<String>,
    /// Why a person has to look at it: the gateway tells something else than our books.
    pub put_aside: Option<String>,
}

/// A dispute, with its words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DisputeView {
    /// The dispute.
    #[serde(flatten)]
    pub dispute: Dispute,
    /// What the cardholder says, as people say it.
    pub words: String,
    /// Whose balance lost how much.
    pub lost: String,
}

impl PaymentView {
    /// A payment as it is shown; `refundable` is what [`crate::funding::refundable`] says of it.
    pub fn new(
        payment: Payment,
        refundable: Result<Money, Refusal>,
        put_aside: Option<String>,
    ) -> Self {
        let words = |dispute: Dispute| DisputeView {
            words: timeline::reason_words(&dispute.reason),
            lost: timeline::whose_loss(dispute.amount, dispute.from_customer),
            dispute,
        };
        let not_refundable = refundable.as_ref().err().map(ToString::to_string);
        Self {
            id: payment.id,
            purpose: payment.purpose,
            amount: payment.amount,
            started_at: payment.started_at,
            settled_at: payment.settled_at,
            status: payment.status,
            failure: payment.failure,
            email: payment.email,
            card: payment.card,
            refunds: payment.refunds,
            disputes: payment.disputes.into_iter().map(words).collect(),
            refundable: refundable.ok(),
            not_refundable,
            put_aside,
        }
    }
}
