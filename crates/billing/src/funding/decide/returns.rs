//! *Add to Agency Billing*, and refunds.

use super::{Decided, Decision, Machine, happens, payments::cancel};
use crate::{
    Money, PaymentId,
    funding::{
        CustomerBilling, Event, FundingState, Payment, PaymentStatus, RefundKey, RefundStatus,
        Refusal, ReturnChoice, ReturnOrder,
    },
};

impl Machine<'_> {
    pub(super) fn add_to_agency(
        &self,
        choice: ReturnChoice,
        take_over_negative: bool,
        close: bool,
    ) -> Decided {
        let customer = match &self.funding.state {
            FundingState::Customer { customer, .. } => customer,
            FundingState::Returning { order, .. }
                if order.choice == choice && order.close == close =>
            {
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
            let mut events = vec![Event::ReturnAsked { choice, take_over_negative, close }];
            // One at the gateway comes to its end by itself; one that waits for authentication might wait for ever.
            let waiting = |payment: &&Payment| payment.status == PaymentStatus::ActionRequired;
            events.extend(self.funding.open_payments().filter(waiting).map(cancel));
            return Ok(Decision::Events(events));
        }
        let at = self.context.now;
        let by = self.context.actor.clone();
        let order = ReturnOrder { choice, take_over_negative, close, by, at };
        let events = returned(&order, customer, balance, &self.funding.lots())?;
        if let (ReturnChoice::Refund, Some(Event::ReturnedToAgency { refunds, .. })) =
            (choice, events.first())
            && refunds.is_empty()
        {
            return Err(Refusal::NothingToRefund);
        }
        Ok(Decision::Events(events))
    }

    /// Some of a payment back to its card by hand: from the customer's balance, never more than is left of the payment or on it.
    pub(super) fn refund_payment(&self, payment: PaymentId, amount: Money) -> Decided {
        let maximum = self.refundable(payment)?;
        self.check_sum(amount)?;
        if !amount.is_positive() {
            return Err(Refusal::NothingToRefund);
        }
        if amount > maximum {
            return Err(Refusal::AboveRefundable { maximum });
        }
        let email = self.funding.customer().map(|customer| customer.email.clone());
        let email = email.ok_or(Refusal::AlreadyOnAgencyBilling)?;
        let refund = next_refund(self.payment(payment)?);
        happens(Event::RefundAsked { refund, amount, email })
    }

    /// The most of a payment that can go back by hand now; never nothing.
    pub(super) fn refundable(&self, payment: PaymentId) -> Result<Money, Refusal> {
        match &self.funding.state {
            FundingState::Customer { .. } => {}
            FundingState::Returning { .. } => return Err(Refusal::ReturnUnderWay),
            _ => return Err(Refusal::AlreadyOnAgencyBilling),
        }
        let payment = self.payment(payment)?;
        let balance = self.context.customer_balance.floor_to_minor();
        let maximum = payment.refundable().min(balance);
        if payment.is_lot && maximum.is_positive() {
            Ok(maximum)
        } else {
            Err(Refusal::NothingToRefund)
        }
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
    order: &ReturnOrder,
    customer: &CustomerBilling,
    balance: Money,
    lots: &[&Payment],
) -> Result<Vec<Event>, Refusal> {
    let choice = order.choice;
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
    let mut events = vec![Event::ReturnedToAgency {
        choice,
        moved,
        refunds,
        dropped: customer.card.clone(),
        email: customer.email.clone(),
    }];
    if order.close {
        events.push(Event::AccountClosed);
    }
    Ok(events)
}
