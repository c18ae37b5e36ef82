//! What can happen to a sub-account's funding. An event is a fact with everything that follows from it: the state, the
//! ledger's entry and the work for the outside world are all derived from it.

use serde::{Deserialize, Serialize};

use super::{Actor, Card, Closure, Payer, PaymentFailure, Purpose, RefundKey, ReturnChoice};
use crate::{
    Money, PaymentId, RequestId, Timestamp,
    text::{EmailAddress, MessageText},
};

/// An event with when and by whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Recorded {
    /// When it happened.
    pub at: Timestamp,
    /// By whom.
    pub actor: Actor,
    /// What.
    #[serde(flatten)]
    pub event: Event,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "event", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are named like the state they become")]
pub enum Event {
    /// A customer was asked to take over payment.
    BillingRequested {
        request: RequestId,
        email: EmailAddress,
        starting_balance: Money,
        message: MessageText,
        expires_at: Timestamp,
    },
    /// The open request asks for this on top from now on, or for nothing.
    UsageAsked { request: RequestId, amount: Option<Money> },
    /// The open request was mailed once more.
    RequestResent { request: RequestId, expires_at: Timestamp },
    /// The link of the open request was opened for the first time.
    RequestOpened { request: RequestId },
    /// The open request ended without its payment.
    RequestClosed { request: RequestId, closure: Closure, email: EmailAddress },
    /// A payment is to be made: the intent, before the gateway is asked.
    PaymentStarted {
        payment: PaymentId,
        #[serde(flatten)]
        purpose: Purpose,
        amount: Money,
        card: Card,
        email: EmailAddress,
    },
    /// The customer has to authenticate.
    PaymentNeedsAction { payment: PaymentId },
    /// A payment nobody waits for any more is to be cancelled at the gateway; its outcome is still open.
    PaymentCancelAsked { payment: PaymentId },
    /// No money moved.
    PaymentFailed { payment: PaymentId, failure: PaymentFailure },
    /// The money moved and is on the customer's balance, but for what of it pays the agency for usage.
    PaymentCredited {
        payment: PaymentId,
        amount: Money,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        usage: Option<Money>,
        card: Option<Card>,
        /// A card that nobody will charge any more: the one on file whose place this one takes, or this one itself when the
        /// agency is about to take billing back.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        dropped: Option<Card>,
        email: EmailAddress,
    },
    /// The money moved but has no balance to go to any more: it is paid back.
    PaymentRejected {
        payment: PaymentId,
        amount: Money,
        refund: RefundKey,
        email: EmailAddress,
        /// Its card, which the gateway has kept and nobody will charge.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        dropped: Option<Card>,
    },
    /// From now on the customer pays. `late` when the request had ended before its payment landed.
    SwitchedToCustomer {
        request: RequestId,
        payment: PaymentId,
        email: EmailAddress,
        card: Option<Card>,
        late: bool,
    },
    /// Another card is charged first from now on, or none.
    CardChanged { card: Option<Card> },
    /// Some of a payment goes back to its card.
    RefundAsked { refund: RefundKey, amount: Money, email: EmailAddress },
    /// A payment is disputed; the money is gone from the balances that had it.
    DisputeOpened {
        payment: PaymentId,
        dispute: String,
        amount: Money,
        reason: String,
        answer_by: Option<Timestamp>,
        /// What of it the customer's balance loses; the rest is the agency's.
        from_customer: Money,
    },
    /// A dispute is decided; what was won is back on the balances that have it now.
    DisputeClosed {
        payment: PaymentId,
        dispute: String,
        amount: Money,
        won: bool,
        to_customer: Money,
    },
    /// The account is closed.
    AccountClosed,
    /// It is open again.
    AccountReopened,
    /// The agency takes billing back once the payments in flight are known to have ended.
    ReturnAsked {
        choice: ReturnChoice,
        take_over_negative: bool,
        /// And closes the account then.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        close: bool,
    },
    /// From now on the agency pays.
    ReturnedToAgency {
        choice: ReturnChoice,
        /// Added to the agency's balance; negative when it takes over a debt.
        moved: Money,
        /// Paid back to cards.
        refunds: Vec<(RefundKey, Money)>,
        /// The card that is no longer on file.
        dropped: Option<Card>,
        email: EmailAddress,
    },
    /// The refund reached the card.
    RefundSettled { refund: RefundKey, amount: Money },
    /// The refund failed; the amount is on the balance of whoever pays now.
    RefundFailed {
        refund: RefundKey,
        amount: Money,
        to: Payer,
        /// The gateway had said that it reached the card; the card's bank sent it back.
        #[serde(default)]
        had_settled: bool,
    },
}

impl Event {
    /// The name in databases and JSON.
    pub fn name(&self) -> &'static str {
        match self {
            Self::BillingRequested { .. } => "billing_requested",
            Self::UsageAsked { .. } => "usage_asked",
            Self::RequestResent { .. } => "request_resent",
            Self::RequestOpened { .. } => "request_opened",
            Self::RequestClosed { .. } => "request_closed",
            Self::PaymentStarted { .. } => "payment_started",
            Self::PaymentNeedsAction { .. } => "payment_needs_action",
            Self::PaymentCancelAsked { .. } => "payment_cancel_asked",
            Self::PaymentFailed { .. } => "payment_failed",
            Self::PaymentCredited { .. } => "payment_credited",
            Self::PaymentRejected { .. } => "payment_rejected",
            Self::SwitchedToCustomer { .. } => "switched_to_customer",
            Self::CardChanged { .. } => "card_changed",
            Self::RefundAsked { .. } => "refund_asked",
            Self::DisputeOpened { .. } => "dispute_opened",
            Self::DisputeClosed { .. } => "dispute_closed",
            Self::AccountClosed => "account_closed",
            Self::AccountReopened => "account_reopened",
            Self::ReturnAsked { .. } => "return_asked",
            Self::ReturnedToAgency { .. } => "returned_to_agency",
            Self::RefundSettled { .. } => "refund_settled",
            Self::RefundFailed { .. } => "refund_failed",
        }
    }
}
