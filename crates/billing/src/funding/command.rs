//! What can be asked of the funding machine, by whom, and what it needs to know to judge.

use serde::{Deserialize, Serialize};

use super::{Card, PaymentFailure, RefundKey};
use crate::{
    Money, PaymentId, Policy, RequestId, Timestamp, UserId,
    text::{EmailAddress, MessageText},
};

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Actor {
    /// A person of the agency.
    User {
        /// Who.
        id: UserId,
        /// Their name at the time.
        name: String,
    },
    /// The customer, through a secure link.
    Customer {
        /// Whom the link was mailed to.
        email: EmailAddress,
    },
    /// Nobody: a timer, the gateway's word, the command line.
    System {
        /// Which part, in a word or two: `timer`, `gateway`, `command line`.
        part: String,
    },
}

impl Actor {
    /// A part of the system.
    pub fn system(part: &str) -> Self {
        Self::System { part: part.to_owned() }
    }

    /// A name to show in a timeline.
    pub fn label(&self) -> String {
        match self {
            Self::User { name, .. } => name.clone(),
            Self::Customer { email } => email.to_string(),
            Self::System { part } => format!("Sluice ({part})"),
        }
    }
}

/// Where the customer's balance goes when the agency takes billing back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReturnChoice {
    /// To the agency's balance.
    Transfer,
    /// Back to the card it came from, as far as it can be; the rest to the agency's balance.
    Refund,
}

/// What can be asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are named like the state they become")]
pub enum Command {
    /// *Remove from Agency Billing*: ask a customer to take over. Replaces an open request.
    RequestBilling {
        request: RequestId,
        email: EmailAddress,
        starting_balance: Money,
        message: MessageText,
    },
    /// Ask the customer to pay on top what usage has cost the agency since the request was made, or no longer.
    AskForUsage { request: RequestId, amount: Option<Money> },
    /// Mail the open request once more; its link works anew for the whole time.
    ResendRequest { request: RequestId },
    /// Call the open request off.
    RevokeRequest { request: RequestId },
    /// The timer: nobody paid in time.
    ExpireRequest { request: RequestId },
    /// The link was opened, by a person or a machine.
    OpenRequest { request: RequestId },
    /// The customer pressed the button: the intent is to be committed before the gateway is asked.
    /// `amount` is for their balance; `usage` is what they were shown on top of it.
    StartPayment {
        request: RequestId,
        payment: PaymentId,
        amount: Money,
        usage: Option<Money>,
        card: Card,
    },
    /// More money for an account on customer billing.
    StartTopUp { payment: PaymentId, amount: Money, card: Card },
    /// The same, asked for by the auto-recharge.
    StartRecharge { payment: PaymentId, amount: Money, card: Card },
    /// Another card is charged first from now on, or none.
    ChangeCard { card: Option<Card> },
    /// Pay some of a customer's payment back to its card.
    RefundPayment { payment: PaymentId, amount: Money },
    /// The gateway: a cardholder disputes a payment, and the money is gone.
    OpenDispute {
        payment: PaymentId,
        dispute: String,
        amount: Money,
        reason: String,
        answer_by: Option<Timestamp>,
    },
    /// The gateway: it is decided.
    CloseDispute { payment: PaymentId, dispute: String, won: bool },
    /// Close the account; what is on a customer's balance goes where a return would send it.
    CloseAccount { choice: ReturnChoice, take_over_negative: bool },
    /// Open it again.
    ReopenAccount,
    /// The gateway: the customer has to authenticate.
    RequireAction { payment: PaymentId },
    /// The gateway: no money moved.
    FailPayment { payment: PaymentId, failure: PaymentFailure },
    /// The gateway: the money moved. Told by the answer, the webhook and the reconciler, in any order, any number of times.
    SettlePayment { payment: PaymentId, amount: Money, card: Option<Card> },
    /// *Add to Agency Billing*: drop the customer's billing information and take what is left.
    AddToAgency { choice: ReturnChoice, take_over_negative: bool },
    /// The gateway: the refund reached the card.
    SettleRefund { refund: RefundKey },
    /// The gateway: it cannot be paid back.
    FailRefund { refund: RefundKey },
}

impl Command {
    /// The name in the docs' table and in the audit trail.
    pub fn name(&self) -> &'static str {
        match self {
            Self::RequestBilling { .. } => "request_billing",
            Self::AskForUsage { .. } => "ask_for_usage",
            Self::ResendRequest { .. } => "resend_request",
            Self::RevokeRequest { .. } => "revoke_request",
            Self::ExpireRequest { .. } => "expire_request",
            Self::OpenRequest { .. } => "open_request",
            Self::StartPayment { .. } => "start_payment",
            Self::StartTopUp { .. } => "start_top_up",
            Self::StartRecharge { .. } => "start_recharge",
            Self::ChangeCard { .. } => "change_card",
            Self::RefundPayment { .. } => "refund_payment",
            Self::OpenDispute { .. } => "open_dispute",
            Self::CloseDispute { .. } => "close_dispute",
            Self::CloseAccount { .. } => "close_account",
            Self::ReopenAccount => "reopen_account",
            Self::RequireAction { .. } => "require_action",
            Self::FailPayment { .. } => "fail_payment",
            Self::SettlePayment { .. } => "settle_payment",
            Self::AddToAgency { .. } => "add_to_agency",
            Self::SettleRefund { .. } => "settle_refund",
            Self::FailRefund { .. } => "fail_refund",
        }
    }

    /// The payment that has to be loaded with the state to judge this command.
    pub fn payment(&self) -> Option<PaymentId> {
        match self {
            Self::StartPayment { payment, .. }
            | Self::StartTopUp { payment, .. }
            | Self::StartRecharge { payment, .. }
            | Self::RefundPayment { payment, .. }
            | Self::OpenDispute { payment, .. }
            | Self::CloseDispute { payment, .. }
            | Self::RequireAction { payment }
            | Self::FailPayment { payment, .. }
            | Self::SettlePayment { payment, .. } => Some(*payment),
            Self::SettleRefund { refund } | Self::FailRefund { refund } => Some(refund.payment),
            _ => None,
        }
    }
}

/// What a decision depends on besides the state: passed in, never looked up.
#[derive(Clone, Debug)]
pub struct Context<'a> {
    /// The time of the decision.
    pub now: Timestamp,
    /// Who asks.
    pub actor: &'a Actor,
    /// The deployment's limits.
    pub policy: &'a Policy,
    /// What is on the sub-account's own balance.
    pub customer_balance: Money,
}
