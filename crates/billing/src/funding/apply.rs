//! Event → state. Total: an event that does not fit the state it meets changes only what it names, so that any log can be
//! folded; that logs fit is proven by the tests, and by `sluice verify` on a real database.

use super::{
    AskedUsage, BillingRequest, ClosedRequest, Closure, CustomerBilling, Dispute, DisputeStatus,
    Event, Funding, FundingState, Payment, PaymentFailure, PaymentStatus, Purpose, Recorded,
    Refund, RefundKey, RefundStatus, ReturnOrder,
};
use crate::{Money, PaymentId};

/// What is true after `recorded`.
#[must_use]
pub fn apply(mut funding: Funding, recorded: &Recorded) -> Funding {
    if !matches!(recorded.event, Event::RequestOpened { .. }) {
        funding.version = funding.version.saturating_add(1);
    }
    match recorded.event {
        Event::AccountClosed => funding.closed = Some(recorded.at),
        Event::AccountReopened => funding.closed = None,
        _ => {}
    }
    apply_to_payments(&mut funding, recorded);
    let since = funding.since();
    funding.state = match (funding.state, &recorded.event) {
        (_, Event::BillingRequested { request, email, starting_balance, message, expires_at }) => {
            FundingState::Requested {
                since,
                request: BillingRequest {
                    id: *request,
                    email: email.clone(),
                    starting_balance: *starting_balance,
                    usage: None,
                    message: message.clone(),
                    requested_at: recorded.at,
                    requested_by: recorded.actor.clone(),
                    expires_at: *expires_at,
                    sends: 1,
                    opened_at: None,
                    attempts: 0,
                    last_failure: None,
                },
            }
        }
        (
            FundingState::Requested { mut request, .. },
            Event::UsageAsked { request: id, amount },
        ) if request.id == *id => {
            request.usage = amount.map(|amount| AskedUsage { amount, until: recorded.at });
            FundingState::Requested { since, request }
        }
        (
            FundingState::Requested { mut request, .. },
            Event::RequestResent { request: id, expires_at },
        ) if request.id == *id => {
            request.sends = request.sends.saturating_add(1);
            request.expires_at = *expires_at;
            FundingState::Requested { since, request }
        }
        (FundingState::Requested { request, .. }, Event::RequestOpened { request: id })
            if request.id == *id =>
        {
            FundingState::Requested { since, request: opened(request, recorded) }
        }
        (FundingState::Paying { request, payment, .. }, Event::RequestOpened { request: id })
            if request.id == *id =>
        {
            FundingState::Paying { since, request: opened(request, recorded), payment }
        }
        (
            FundingState::Requested { request, .. } | FundingState::Paying { request, .. },
            Event::RequestClosed { request: id, closure, .. },
        ) if request.id == *id => {
            FundingState::Agency { since, last_request: Some(closed(request, *closure, recorded)) }
        }
        (
            FundingState::Requested { mut request, .. } | FundingState::Paying { mut request, .. },
            Event::PaymentStarted { payment, purpose: Purpose::Switch { .. }, .. },
        ) => {
            request.attempts = request.attempts.saturating_add(1);
            FundingState::Paying { since, request, payment: *payment }
        }
        (
            FundingState::Paying { mut request, payment, .. },
            Event::PaymentFailed { payment: failed, failure },
        ) if payment == *failed => {
            request.last_failure = Some(failure.clone());
            FundingState::Requested { since, request }
        }
        (_, Event::SwitchedToCustomer { request, email, card, .. }) => FundingState::Customer {
            since: recorded.at,
            customer: CustomerBilling {
                email: email.clone(),
                request: *request,
                card: card.clone(),
            },
        },
        (
            FundingState::Customer { mut customer, .. },
            Event::PaymentCredited { card: Some(card), .. },
        ) => {
            customer.card = Some(card.clone());
            FundingState::Customer { since, customer }
        }
        (FundingState::Customer { mut customer, .. }, Event::CardChanged { card }) => {
            customer.card.clone_from(card);
            FundingState::Customer { since, customer }
        }
        (
            FundingState::Customer { customer, .. },
            Event::ReturnAsked { choice, take_over_negative, close },
        ) => {
            let order = ReturnOrder {
                choice: *choice,
                take_over_negative: *take_over_negative,
                close: *close,
                by: recorded.actor.clone(),
                at: recorded.at,
            };
            FundingState::Returning { since, customer, order }
        }
        (_, Event::ReturnedToAgency { .. }) => {
            FundingState::Agency { since: recorded.at, last_request: None }
        }
        (state, _) => state,
    };
    funding
}

/// What is true after a whole log.
#[must_use]
pub fn fold<'a>(start: Funding, log: impl IntoIterator<Item = &'a Recorded>) -> Funding {
    log.into_iter().fold(start, apply)
}

fn opened(mut request: BillingRequest, recorded: &Recorded) -> BillingRequest {
    request.opened_at.get_or_insert(recorded.at);
    request
}

fn closed(request: BillingRequest, closure: Closure, recorded: &Recorded) -> ClosedRequest {
    ClosedRequest { id: request.id, email: request.email, closed_at: recorded.at, closure }
}

fn apply_to_payments(funding: &mut Funding, recorded: &Recorded) {
    match &recorded.event {
        Event::PaymentStarted { payment, purpose, amount, card, email } => {
            funding.payments.insert(
                *payment,
                Payment {
                    id: *payment,
                    purpose: *purpose,
                    amount: *amount,
                    started_at: recorded.at,
                    status: PaymentStatus::Started,
                    failure: None,
                    settled_at: None,
                    credited: false,
                    is_lot: false,
                    email: email.clone(),
                    card: Some(card.clone()),
                    refunds: Vec::new(),
                    disputes: Vec::new(),
                },
            );
        }
        Event::PaymentNeedsAction { payment } => {
            change(funding, *payment, |payment| payment.status = PaymentStatus::ActionRequired);
        }
        Event::PaymentFailed { payment, failure } => change(funding, *payment, |payment| {
            payment.status = PaymentStatus::Failed;
            payment.failure = Some(failure.clone());
        }),
        Event::PaymentCredited { payment, card, .. } => change(funding, *payment, |payment| {
            settle(payment, recorded);
            payment.credited = true;
            payment.is_lot = true;
            if card.is_some() {
                payment.card.clone_from(card);
            }
        }),
        Event::PaymentRejected { payment, amount, refund, .. } => {
            change(funding, *payment, |payment| settle(payment, recorded));
            add_refund(funding, *refund, *amount);
        }
        Event::ReturnedToAgency { refunds, .. } => {
            for (key, amount) in refunds {
                add_refund(funding, *key, *amount);
            }
            for payment in funding.payments.values_mut() {
                payment.is_lot = false;
            }
        }
        Event::RefundAsked { refund, amount, .. } => add_refund(funding, *refund, *amount),
        Event::DisputeOpened { payment, dispute, amount, reason, answer_by, from_customer } => {
            let dispute = Dispute {
                id: dispute.clone(),
                amount: *amount,
                reason: reason.clone(),
                answer_by: *answer_by,
                status: DisputeStatus::Open,
                from_customer: *from_customer,
            };
            change(funding, *payment, |payment| payment.disputes.push(dispute));
        }
        Event::DisputeClosed { payment, dispute, won, .. } => {
            let status = if *won { DisputeStatus::Won } else { DisputeStatus::Lost };
            change(funding, *payment, |payment| {
                for known in payment.disputes.iter_mut().filter(|known| known.id == *dispute) {
                    known.status = status;
                }
            });
        }
        Event::RefundSettled { refund, .. } => {
            set_refund(funding, *refund, RefundStatus::Succeeded)
        }
        Event::RefundFailed { refund, .. } => set_refund(funding, *refund, RefundStatus::Failed),
        _ => {}
    }
}

fn settle(payment: &mut Payment, recorded: &Recorded) {
    payment.status = PaymentStatus::Settled;
    payment.settled_at = Some(recorded.at);
    payment.failure = None::<PaymentFailure>;
}

fn add_refund(funding: &mut Funding, key: RefundKey, amount: Money) {
    change(funding, key.payment, |payment| {
        payment.refunds.push(Refund { key, amount, status: RefundStatus::Pending });
    });
}

fn set_refund(funding: &mut Funding, key: RefundKey, status: RefundStatus) {
    change(funding, key.payment, |payment| {
        for refund in payment.refunds.iter_mut().filter(|refund| refund.key == key) {
            refund.status = status;
        }
    });
}

fn change(funding: &mut Funding, payment: PaymentId, change: impl FnOnce(&mut Payment)) {
    if let Some(payment) = funding.payments.get_mut(&payment) {
        change(payment);
    }
}
