//! Payments and refunds as the funding machine sees them: no card numbers, no gateway calls.

use serde::{Deserialize, Serialize};

use crate::{Money, PaymentId, RequestId, Timestamp, text::EmailAddress};

/// What a payment is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "for", rename_all = "snake_case")]
pub enum Purpose {
    /// The first payment of a customer: its success flips the funding.
    Switch {
        /// The request it answers.
        request: RequestId,
        /// Paid on top, to the agency: what usage had cost it while the request was out ([`super::AskedUsage`]).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        usage: Option<Money>,
    },
    /// More money on a customer's balance.
    TopUp,
    /// The same, charged by the auto-recharge while nobody is there.
    Recharge,
}

/// One payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Payment {
    /// Its id.
    pub id: PaymentId,
    /// What it is for.
    #[serde(flatten)]
    pub purpose: Purpose,
    /// What the card is charged; whole coins.
    pub amount: Money,
    /// When the intent was committed.
    pub started_at: Timestamp,
    /// How far it is.
    pub status: PaymentStatus,
    /// Why it failed, if it did.
    pub failure: Option<PaymentFailure>,
    /// When it settled, if it did.
    pub settled_at: Option<Timestamp>,
    /// Its money was put on the customer's balance, whatever became of it then; a payment that came too late never gets there.
    #[serde(default)]
    pub credited: bool,
    /// Its money was put on the customer's balance and has not been moved back: it can be refunded to its card.
    pub is_lot: bool,
    /// Who pays by it, and gets the receipt.
    pub email: EmailAddress,
    /// The card.
    pub card: Option<Card>,
    /// What was paid back, oldest first.
    pub refunds: Vec<Refund>,
    /// What its cardholder has disputed, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub disputes: Vec<Dispute>,
}

impl Payment {
    /// Still matters to the funding: its outcome is open, its money can be paid back, or a refund or a dispute of it is on its way.
    pub fn is_live(&self) -> bool {
        let pending = |refund: &Refund| refund.status == RefundStatus::Pending;
        let open = |dispute: &Dispute| dispute.status == DisputeStatus::Open;
        self.status.is_open()
            || self.is_lot
            || self.refunds.iter().any(pending)
            || self.disputes.iter().any(open)
    }

    /// What of the amount is for usage that the agency had paid, and goes to its balance.
    pub fn usage(&self) -> Option<Money> {
        match self.purpose {
            Purpose::Switch { usage, .. } => usage,
            Purpose::TopUp | Purpose::Recharge => None,
        }
    }

    /// What of it came onto the customer's balance.
    pub fn own_part(&self) -> Money {
        let own = self.usage().map_or(Ok(self.amount), |usage| self.amount.minus(usage));
        own.unwrap_or_else(|_| Money::zero(self.amount.currency()))
    }

    /// What is left to pay back of what came onto the customer's balance: less every refund that has not failed, and every dispute
    /// that was not won.
    pub fn refundable(&self) -> Money {
        let refunds = self.refunds.iter().filter(|refund| refund.status != RefundStatus::Failed);
        let disputes = self.disputes.iter().filter(|dispute| dispute.status != DisputeStatus::Won);
        let zero = Money::zero(self.amount.currency());
        refunds
            .map(|refund| refund.amount)
            .chain(disputes.map(|dispute| dispute.amount))
            .try_fold(self.own_part(), Money::minus)
            .map_or(zero, |left| left.max(zero))
    }

    /// The dispute with this id of the gateway's, if it is one of this payment.
    pub fn dispute(&self, id: &str) -> Option<&Dispute> {
        self.disputes.iter().find(|dispute| dispute.id == id)
    }

    /// The refund with this key, if it is one of this payment.
    pub fn refund(&self, key: RefundKey) -> Option<&Refund> {
        self.refunds.iter().find(|refund| refund.key == key)
    }
}

/// How far a payment is, as far as we know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PaymentStatus {
    /// Intended and handed to the gateway; the outcome is unknown.
    Started,
    /// The customer has to authenticate (3-D Secure).
    ActionRequired,
    /// No money moved.
    Failed,
    /// The money is ours to account for.
    Settled,
}

impl PaymentStatus {
    /// May still become either.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Started | Self::ActionRequired)
    }

    /// The name in databases and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::ActionRequired => "action_required",
            Self::Failed => "failed",
            Self::Settled => "settled",
        }
    }
}

/// Why a payment failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PaymentFailure {
    /// The gateway's word: `card_declined`, `insufficient_funds`, `authentication_failed`, `canceled`.
    pub code: String,
    /// The gateway's sentence, as the customer may read it.
    pub message: String,
    /// What the card's network advises, if it does: `do_not_try_again`, `try_again_later`, `confirm_card_data`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
    /// When we learned of it.
    pub at: Timestamp,
}

impl PaymentFailure {
    /// `Payment declined: insufficient funds`
    pub fn words(&self) -> String {
        match self.code.as_str() {
            "card_declined" | "generic_decline" => "Payment declined".to_owned(),
            "authentication_failed" | "payment_intent_authentication_failure" => {
                "Payment declined: authentication failed".to_owned()
            }
            "canceled" => "Payment cancelled".to_owned(),
            code => format!("Payment declined: {}", code.replace('_', " ")),
        }
    }
}

/// A card as the gateway describes it; never its number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Card {
    /// The gateway's id of the payment method, once the customer has saved it.
    pub payment_method: Option<String>,
    /// `visa`, `mastercard`, …
    pub brand: String,
    /// The last four digits.
    pub last4: String,
    /// Month of expiry, 1 to 12.
    pub exp_month: u32,
    /// Year of expiry, four digits.
    pub exp_year: u32,
}

impl Card {
    /// `Visa ···· 4242`
    pub fn label(&self) -> String {
        // Brands are ASCII words; the tables of every other alphabet would weigh on the pay page.
        let mut brand = self.brand.clone();
        match brand.as_str() {
            "amex" => brand = "American Express".to_owned(),
            _ => brand.get_mut(..1).into_iter().for_each(str::make_ascii_uppercase),
        }
        format!("{brand} ···· {}", self.last4)
    }
}

/// Names one refund: the payment it pays back, and the how-many-eth of that payment it is, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RefundKey {
    /// The payment that is paid back.
    pub payment: PaymentId,
    /// 1 for its first refund.
    pub number: u32,
}

impl std::fmt::Display for RefundKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.payment, self.number)
    }
}

/// Money on its way back to a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Refund {
    /// Its name.
    pub key: RefundKey,
    /// How much.
    pub amount: Money,
    /// How far it is.
    pub status: RefundStatus,
}

/// A charge that its cardholder does not accept: the bank has taken the money back until somebody has decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Dispute {
    /// The gateway's id, `dp_…`.
    pub id: String,
    /// How much.
    pub amount: Money,
    /// The gateway's word: `fraudulent`, `product_not_received`, …
    pub reason: String,
    /// Until when the gateway takes an answer; none when it does not say.
    pub answer_by: Option<Timestamp>,
    /// How far it is.
    pub status: DisputeStatus,
    /// What of it was taken from the customer's balance; the rest from the agency's.
    pub from_customer: Money,
}

/// How far a dispute is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DisputeStatus {
    /// The money is gone until it is decided.
    Open,
    /// It came back.
    Won,
    /// It is gone for good.
    Lost,
}

/// How far a refund is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RefundStatus {
    /// Booked here, not yet confirmed by the gateway.
    Pending,
    /// The gateway has paid it back.
    Succeeded,
    /// The gateway could not; the amount went to a balance instead.
    Failed,
}
