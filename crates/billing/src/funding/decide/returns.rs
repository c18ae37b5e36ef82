//! *Add to Agency Billing*, and refunds.

use super::{Decided, Decision, Machine, happens, payments::cancel};
use crate::{
    Money,
    funding::{
        CustomerBilling, Event, FundingState, Payment, PaymentStatus, RefundKey, RefundStatus,
        Refusal, ReturnChoice,
    },
};

impl Machine<'_> {
    pub(super) fn add_to_agency(&self, choice: ReturnChoice, take_over_negative: bool) -> Decided {
        let customer = match &self.funding.state {
            FundingState::Customer { customer, .. } => customer,
            FundingState::Returning { order, .. } if order.choice == choice => {
                return Ok(Decision::AlreadyApplied);
            }
            FundingState::Returning { .. } => return Err(Refusal::ReturnUnderWay),
            _ => return Err(Refusal::AlreadyOnAgencyBilling),
        };
        let balance = self.context.customer_balance;
        if balance.is_negative() && !take_over_negative {
            return Err(Refusal::NegativeBalance { balance });
        }
        if self.funding.open_payments().next().is_some() {
            let mut events = vec![Event::ReturnAsked { choice, take_over_negative }];
            // One at the gateway comes to its end by itself; one that waits for authentication might wait for ever.
            let waiting = |payment: &&Payment| payment.status == PaymentStatus::ActionRequired;
            events.extend(self.funding.open_payments().filter(waiting).map(cancel));
            return Ok(Decision::Events(events));
        }
        let event = returned(choice, customer, balance, &self.funding.lots())?;
        if let (ReturnChoice::Refund, Event::ReturnedToAgency { refunds, .. }) = (choice, &event)
            && refunds.is_empty()
        {
            return Err(Refusal::NothingToRefund);
        }
        happens(event)
    }

    pub(super) fn settle_refund(&self, key: RefundKey) -> Decided {
        let refund = self.payment(key.payment)?.refund(key).ok_or(Refusal::UnknownPayment)?;
        match refund.status {
            RefundStatus::Pending => {
                happens(Event::RefundSettled { refund: key, amount: refund.amount })
            }
            _ => Ok(Decision::AlreadyApplied),
        }
    }

    pub(super) fn fail_refund(&self, key: RefundKey) -> Decided {
        let refund = self.payment(key.payment)?.refund(key).ok_or(Refusal::UnknownPayment)?;
        match refund.status {
            // A card's bank may send back what the gateway had called paid.
            RefundStatus::Pending | RefundStatus::Succeeded => happens(Event::RefundFailed {
                refund: key,
                amount: refund.amount,
                to: self.funding.payer(),
                had_settled: refund.status == RefundStatus::Succeeded,
            }),
            RefundStatus::Failed => Ok(Decision::AlreadyApplied),
        }
    }
}

pub(super) fn next_refund(payment: &Payment) -> RefundKey {
    let number = u32::try_from(payment.refunds.len()).unwrap_or(u32::MAX).saturating_add(1);
    RefundKey { payment: payment.id, number }
}

/// The customer's balance, divided: back to cards as far as asked for and possible, the rest to the agency.
///
/// Usage eats the oldest money first, so what is left was paid last: refunds go to the newest payments, never more to a card
/// than its payment, and only whole coins.
pub(super) fn returned(
    choice: ReturnChoice,
    customer: &CustomerBilling,
    balance: Money,
    lots: &[&Payment],
) -> Result<Event, Refusal> {
    let mut moved = balance;
    let mut refunds = Vec::new();
    if choice == ReturnChoice::Refund {
        for lot in lots {
            let amount = moved.floor_to_minor().min(lot.refundable());
            if amount.is_positive() {
                moved = moved.minus(amount).map_err(|_| Refusal::Overflow)?;
                refunds.push((next_refund(lot), amount));
            }
        }
    }
    Ok(Event::ReturnedToAgency {
        choice,
        moved,
        refunds,
        dropped: customer.card.clone(),
        email: customer.email.clone(),
    })
}
