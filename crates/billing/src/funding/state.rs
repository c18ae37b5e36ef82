//! What can be true of a sub-account's funding. Each variant carries exactly the data that is true in it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Actor, Card, Payment, PaymentFailure, ReturnChoice};
use crate::{
    Money, PaymentId, RequestId, Timestamp,
    text::{EmailAddress, MessageText},
};

/// The party that a draw debits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Payer {
    /// The agency, from the balance that all its clients share.
    Agency,
    /// The customer, from the sub-account's own prepaid balance.
    Customer,
}

/// The funding of one sub-account, with the payments that matter to it now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Funding {
    /// Counts what happened; what `If-Match` compares. The opening of a link alone does not count: it would turn away the
    /// agency's next click for nothing.
    pub version: u64,
    /// Since when the account is closed, if it is. The agency pays then, for what may still arrive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Timestamp>,
    /// Who pays and what is under way.
    #[serde(flatten)]
    pub state: FundingState,
    /// The payments that matter now ([`Payment::is_live`]), and any other that was loaded because a command names it.
    pub payments: BTreeMap<PaymentId, Payment>,
}

/// Who pays, since when, and what is under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum FundingState {
    /// The agency pays; nobody was asked, or the last request ended without payment.
    Agency {
        /// From when the agency pays.
        since: Timestamp,
        /// How the last billing request ended, if there was one since the agency began to pay.
        last_request: Option<ClosedRequest>,
    },
    /// The agency pays; a customer has been asked to take over.
    Requested {
        /// From when the agency pays.
        since: Timestamp,
        /// The open request.
        request: BillingRequest,
    },
    /// The agency pays; the customer's payment is under way.
    Paying {
        /// From when the agency pays.
        since: Timestamp,
        /// The request being paid.
        request: BillingRequest,
        /// The payment whose outcome decides.
        payment: PaymentId,
    },
    /// The customer pays from a balance of their own.
    Customer {
        /// From when the customer pays.
        since: Timestamp,
        /// Their billing information.
        customer: CustomerBilling,
    },
    /// The customer still pays; the agency takes billing back as soon as a payment in flight is known to have ended.
    Returning {
        /// From when the customer pays.
        since: Timestamp,
        /// Their billing information, about to be dropped.
        customer: CustomerBilling,
        /// What was asked for.
        order: ReturnOrder,
    },
}

/// A state by name: for tables, columns and filters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// [`FundingState::Agency`]
    Agency,
    /// [`FundingState::Requested`]
    Requested,
    /// [`FundingState::Paying`]
    Paying,
    /// [`FundingState::Customer`]
    Customer,
    /// [`FundingState::Returning`]
    Returning,
}

impl Phase {
    /// The name in databases, URLs and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Agency => "agency",
            Self::Requested => "requested",
            Self::Paying => "paying",
            Self::Customer => "customer",
            Self::Returning => "returning",
        }
    }
}

/// The e-mailed invitation to take over payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BillingRequest {
    /// Its id.
    pub id: RequestId,
    /// Whom it asks.
    pub email: EmailAddress,
    /// What the pay page suggests.
    pub starting_balance: Money,
    /// What it asks for on top, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<AskedUsage>,
    /// What the agency wrote.
    pub message: MessageText,
    /// When it was made.
    pub requested_at: Timestamp,
    /// Who made it.
    pub requested_by: Actor,
    /// From when its links are dead.
    pub expires_at: Timestamp,
    /// How often it was mailed.
    pub sends: u32,
    /// When its link was first opened, by a person or by their mail scanner.
    pub opened_at: Option<Timestamp>,
    /// How many payments were tried.
    pub attempts: u32,
    /// Why the last of them failed.
    pub last_failure: Option<PaymentFailure>,
}

/// What usage has cost the agency since it asked, to be paid by the customer on top of the starting balance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AskedUsage {
    /// How much; whole coins.
    pub amount: Money,
    /// Until when it was counted.
    pub until: Timestamp,
}

/// A request that ended without its payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClosedRequest {
    /// Its id.
    pub id: RequestId,
    /// Whom it asked.
    pub email: EmailAddress,
    /// When it ended.
    pub closed_at: Timestamp,
    /// How.
    pub closure: Closure,
}

/// How a request ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Closure {
    /// The agency called it off.
    Revoked,
    /// Nobody paid in time.
    Expired,
    /// A request with other terms took its place.
    Replaced,
    /// It was paid.
    Paid,
}

impl Closure {
    /// The name in databases and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Revoked => "revoked",
            Self::Expired => "expired",
            Self::Replaced => "replaced",
            Self::Paid => "paid",
        }
    }
}

/// What we hold about a customer who pays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CustomerBilling {
    /// Where receipts go.
    pub email: EmailAddress,
    /// The request they paid.
    pub request: RequestId,
    /// The card on file.
    pub card: Option<Card>,
}

/// An *Add to Agency Billing* that waits for a payment in flight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReturnOrder {
    /// Where the balance goes.
    pub choice: ReturnChoice,
    /// The agency has said that it takes over a negative balance.
    pub take_over_negative: bool,
    /// The account is to be closed then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub close: bool,
    /// Who asked.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
}

impl Funding {
    /// A new sub-account: the agency pays.
    pub fn new(since: Timestamp) -> Self {
        let state = FundingState::Agency { since, last_request: None };
        Self { version: 0, closed: None, state, payments: BTreeMap::new() }
    }

    /// Who pays now.
    pub fn payer(&self) -> Payer {
        match self.phase() {
            Phase::Agency | Phase::Requested | Phase::Paying => Payer::Agency,
            Phase::Customer | Phase::Returning => Payer::Customer,
        }
    }

    /// From when they pay.
    pub fn since(&self) -> Timestamp {
        match &self.state {
            FundingState::Agency { since, .. }
            | FundingState::Requested { since, .. }
            | FundingState::Paying { since, .. }
            | FundingState::Customer { since, .. }
            | FundingState::Returning { since, .. } => *since,
        }
    }

    /// The state by name.
    pub fn phase(&self) -> Phase {
        match &self.state {
            FundingState::Agency { .. } => Phase::Agency,
            FundingState::Requested { .. } => Phase::Requested,
            FundingState::Paying { .. } => Phase::Paying,
            FundingState::Customer { .. } => Phase::Customer,
            FundingState::Returning { .. } => Phase::Returning,
        }
    }

    /// The billing request that is open, if one is.
    pub fn open_request(&self) -> Option<&BillingRequest> {
        match &self.state {
            FundingState::Requested { request, .. } | FundingState::Paying { request, .. } => {
                Some(request)
            }
            _ => None,
        }
    }

    /// The customer's billing information, while they pay.
    pub fn customer(&self) -> Option<&CustomerBilling> {
        match &self.state {
            FundingState::Customer { customer, .. } | FundingState::Returning { customer, .. } => {
                Some(customer)
            }
            _ => None,
        }
    }

    /// Payments whose outcome is not known.
    pub fn open_payments(&self) -> impl Iterator<Item = &Payment> {
        self.payments.values().filter(|payment| payment.status.is_open())
    }

    /// The payments that can be paid back to their cards, newest first: what is left of a balance was paid last.
    pub fn lots(&self) -> Vec<&Payment> {
        let mut lots: Vec<_> = self.payments.values().filter(|payment| payment.is_lot).collect();
        lots.sort_by_key(|payment| std::cmp::Reverse((payment.settled_at, payment.id)));
        lots
    }

    /// The same without payments that no longer matter: what is stored and told. Their history is in the event log.
    #[must_use]
    pub fn trimmed(mut self) -> Self {
        self.payments.retain(|_, payment| payment.is_live());
        self
    }
}
