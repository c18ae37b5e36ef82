//! What is under way with an account's billing, in a line.

use billing::{
    Timestamp,
    api::AccountSnapshot,
    funding::{
        BillingRequest, ClosedRequest, Closure, CustomerBilling, Funding, FundingState,
        PaymentStatus,
    },
};

use super::when::{ago, date, left};
use crate::ui::Tone;

/// The line and its weight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Of what weight.
    pub tone: Tone,
    /// The words.
    pub text: String,
}

fn status_of(tone: Tone, text: impl Into<String>) -> Status {
    Status { tone, text: text.into() }
}

/// What is under way, or since when nothing is.
pub fn status(account: &AccountSnapshot, now: Timestamp) -> Status {
    let funding = &account.funding;
    if let Some(since) = funding.closed {
        return status_of(Tone::Wait, format!("Closed {}", ago(since, now)));
    }
    match &funding.state {
        FundingState::Agency { last_request: Some(last), since } => closed(last, *since, now),
        FundingState::Agency { since, .. } => {
            status_of(Tone::Quiet, format!("since {}", date(*since)))
        }
        FundingState::Requested { request, .. } => requested(request, now),
        FundingState::Paying { .. } => paying(funding),
        FundingState::Customer { customer, .. } => customer_pays(funding, customer),
        FundingState::Returning { .. } => {
            status_of(Tone::Wait, "Returning to agency: waits for a payment")
        }
    }
}

fn closed(last: &ClosedRequest, since: Timestamp, now: Timestamp) -> Status {
    let (email, when) = (&last.email, ago(last.closed_at, now));
    match last.closure {
        Closure::Expired => status_of(Tone::Wait, format!("Request to {email} expired {when}")),
        Closure::Revoked => status_of(Tone::Quiet, format!("Request to {email} withdrawn {when}")),
        Closure::Replaced | Closure::Paid => {
            status_of(Tone::Quiet, format!("since {}", date(since)))
        }
    }
}

fn requested(request: &BillingRequest, now: Timestamp) -> Status {
    if let Some(failure) = &request.last_failure {
        return status_of(Tone::Bad, format!("{} · can try again", failure.words()));
    }
    let opened = request
        .opened_at
        .map_or_else(|| "not opened yet".to_owned(), |at| format!("opened {}", ago(at, now)));
    let left = left(request.expires_at, now);
    status_of(Tone::Wait, format!("Requested from {} · {opened} · {left}", request.email))
}

fn paying(funding: &Funding) -> Status {
    let authenticating =
        funding.open_payments().any(|payment| payment.status == PaymentStatus::ActionRequired);
    let words = if authenticating { "Customer is authenticating" } else { "Payment under way" };
    status_of(Tone::Wait, words)
}

fn customer_pays(funding: &Funding, customer: &CustomerBilling) -> Status {
    if funding.open_payments().next().is_some() {
        return status_of(Tone::Wait, "Payment under way");
    }
    let card = customer.card.as_ref().map(billing::funding::Card::label);
    status_of(Tone::Quiet, card.unwrap_or_else(|| "No card on file".to_owned()))
}
