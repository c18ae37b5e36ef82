//! Why the machine says no: a name for code, a sentence for people.

use serde::{Deserialize, Serialize};

use super::Closure;
use crate::{Money, Timestamp};

/// Why a link no longer leads to a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeadLink {
    /// The agency called the request off.
    Revoked,
    /// Nobody paid in time.
    Expired,
    /// A request with other terms took its place.
    Replaced,
    /// Somebody has paid.
    AlreadyPaid,
}

impl From<Closure> for DeadLink {
    fn from(closure: Closure) -> Self {
        match closure {
            Closure::Revoked => Self::Revoked,
            Closure::Expired => Self::Expired,
            Closure::Replaced => Self::Replaced,
            Closure::Paid => Self::AlreadyPaid,
        }
    }
}

/// A no, with everything its sentence needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Refusal {
    /// The customer pays already.
    AlreadyOnCustomerBilling,
    /// The agency pays already.
    AlreadyOnAgencyBilling,
    /// Its usage has not cost the agency a coin since the request was made.
    NothingUsed,
    /// The customer was shown another sum for usage than is asked for now.
    TermsChanged,
    /// There is no open billing request, or not this one.
    NoOpenRequest,
    /// The link leads to a request that has ended.
    LinkDead {
        /// How it ended.
        why: DeadLink,
    },
    /// A payment is under way; its outcome has to be known first.
    PaymentUnderWay,
    /// The agency is taking billing back already.
    ReturnUnderWay,
    /// The timer rang too early.
    NotYetExpired {
        /// When it may.
        expires_at: Timestamp,
    },
    /// Below the least that may be asked for or paid.
    BelowMinimum {
        /// The least.
        minimum: Money,
    },
    /// Above the most that may be asked for or paid.
    AboveMaximum {
        /// The most.
        maximum: Money,
    },
    /// Another currency than the agency's.
    WrongCurrency,
    /// A fraction of the smallest coin cannot be charged.
    FractionOfACoin,
    /// Too many payments were tried on this request.
    TooManyAttempts {
        /// The limit.
        limit: u32,
    },
    /// The request was mailed too often.
    TooManySends {
        /// The limit.
        limit: u32,
    },
    /// The customer's balance is below zero, and the agency has not said that it takes that over.
    NegativeBalance {
        /// The balance.
        balance: Money,
    },
    /// Nothing on the balance can be paid back to a card.
    NothingToRefund,
    /// More than can be paid back of this payment: than is left of it, or than is on the balance.
    AboveRefundable {
        /// The most.
        maximum: Money,
    },
    /// The account is closed.
    Closed,
    /// No payment, or refund, of that name belongs to this sub-account.
    UnknownPayment,
    /// The gateway tells of another amount than we asked for: a person has to look.
    PaymentMismatch {
        /// What we asked for.
        expected: Money,
    },
    /// An amount that does not fit the books.
    Overflow,
}

impl Refusal {
    /// The word for it on the wire.
    pub fn code(&self) -> &'static str {
        match self {
            Self::AlreadyOnCustomerBilling => "already_on_customer_billing",
            Self::AlreadyOnAgencyBilling => "already_on_agency_billing",
            Self::NothingUsed => "nothing_used",
            Self::TermsChanged => "terms_changed",
            Self::NoOpenRequest => "no_open_request",
            Self::LinkDead { why: DeadLink::Revoked } => "link_revoked",
            Self::LinkDead { why: DeadLink::Expired } => "link_expired",
            Self::LinkDead { why: DeadLink::Replaced } => "link_replaced",
            Self::LinkDead { why: DeadLink::AlreadyPaid } => "link_already_paid",
            Self::PaymentUnderWay => "payment_under_way",
            Self::ReturnUnderWay => "return_under_way",
            Self::NotYetExpired { .. } => "not_yet_expired",
            Self::BelowMinimum { .. } => "below_minimum",
            Self::AboveMaximum { .. } => "above_maximum",
            Self::WrongCurrency => "wrong_currency",
            Self::FractionOfACoin => "too_precise",
            Self::TooManyAttempts { .. } => "too_many_attempts",
            Self::TooManySends { .. } => "too_many_sends",
            Self::NegativeBalance { .. } => "negative_balance",
            Self::NothingToRefund => "nothing_to_refund",
            Self::AboveRefundable { .. } => "above_refundable",
            Self::Closed => "account_closed",
            Self::UnknownPayment => "unknown_payment",
            Self::PaymentMismatch { .. } => "payment_mismatch",
            Self::Overflow => "overflow",
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::AlreadyOnCustomerBilling => {
                f.write_str("This account is on customer billing already.")
            }
            Self::AlreadyOnAgencyBilling => {
                f.write_str("This account is on agency billing already.")
            }
            Self::NothingUsed => {
                f.write_str("Its usage has cost nothing yet since the request was sent.")
            }
            Self::TermsChanged => f.write_str(
                "What is asked for has changed meanwhile. Look at the amounts again before you pay.",
            ),
            Self::NoOpenRequest => f.write_str("This billing request is no longer open."),
            Self::LinkDead { why: DeadLink::Revoked } => {
                f.write_str("This billing request was withdrawn.")
            }
            Self::LinkDead { why: DeadLink::Expired } => f.write_str("This link has expired."),
            Self::LinkDead { why: DeadLink::Replaced } => {
                f.write_str("This billing request was replaced by a newer one.")
            }
            Self::LinkDead { why: DeadLink::AlreadyPaid } => {
                f.write_str("This billing request was paid already.")
            }
            Self::PaymentUnderWay => {
                f.write_str("A payment is under way; wait until its outcome is known.")
            }
            Self::ReturnUnderWay => {
                f.write_str("This account is already being returned to agency billing.")
            }
            Self::NotYetExpired { expires_at } => {
                write!(f, "This request is open until {expires_at}.")
            }
            Self::BelowMinimum { minimum } => write!(f, "The amount must be at least {minimum}."),
            Self::AboveMaximum { maximum } => write!(f, "The amount must be at most {maximum}."),
            Self::WrongCurrency => {
                f.write_str("The amount is in another currency than the agency's.")
            }
            Self::FractionOfACoin => f.write_str("The amount has too many digits after the point."),
            Self::TooManyAttempts { limit } => write!(
                f,
                "{limit} payments were tried on this link. Ask for a new one to try again."
            ),
            Self::TooManySends { limit } => {
                write!(f, "This request was mailed {limit} times. Replace it to mail again.")
            }
            Self::NegativeBalance { balance } => {
                write!(f, "The balance is {balance}: confirm that the agency takes it over.")
            }
            Self::NothingToRefund => {
                f.write_str("There is nothing on the balance that can be refunded to a card.")
            }
            Self::AboveRefundable { maximum } => {
                write!(f, "At most {maximum} of this payment can be refunded.")
            }
            Self::Closed => f.write_str("This account is closed. Open it again first."),
            Self::UnknownPayment => f.write_str("There is no such payment on this account."),
            Self::PaymentMismatch { expected } => {
                write!(
                    f,
                    "The gateway tells of another amount than the {expected} that was asked for."
                )
            }
            Self::Overflow => f.write_str("The amount does not fit the books."),
        }
    }
}

impl std::error::Error for Refusal {}
