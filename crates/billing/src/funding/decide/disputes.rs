//! What a cardholder does not accept: the bank takes the money back, and the balance that now holds it loses it.

use super::{Decided, Decision, Machine, happens};
use crate::{
    Money, PaymentId, Timestamp,
    funding::{DisputeStatus, Event, Payer, Payment, PaymentStatus, Refusal},
};

impl Machine<'_> {
    pub(super) fn open_dispute(
        &self,
        id: PaymentId,
        dispute: &str,
        amount: Money,
        reason: &str,
        answer_by: Option<Timestamp>,
    ) -> Decided {
        let payment = self.payment(id)?;
        if payment.dispute(dispute).is_some() {
            return Ok(Decision::AlreadyApplied);
        }
        // What has not come cannot be gone: it settles first.
        if payment.status != PaymentStatus::Settled {
            return Err(Refusal::PaymentUnderWay);
        }
        let same = amount.currency() == payment.amount.currency();
        if !same || amount > payment.amount || !amount.is_positive() {
            return Err(Refusal::PaymentMismatch { expected: payment.amount });
        }
        let from_customer = if self.customer_holds(payment) {
            customers_part(payment, amount)?
        } else {
            Money::zero(amount.currency())
        };
        happens(Event::DisputeOpened {
            payment: id,
            dispute: dispute.to_owned(),
            amount,
            reason: reason.to_owned(),
            answer_by,
            from_customer,
        })
    }

    pub(super) fn close_dispute(&self, id: PaymentId, dispute: &str, won: bool) -> Decided {
        let payment = self.payment(id)?;
        let known = payment.dispute(dispute).ok_or(Refusal::UnknownPayment)?;
        if known.status != DisputeStatus::Open {
            return Ok(Decision::AlreadyApplied);
        }
        let zero = Money::zero(known.amount.currency());
        let to_customer =
            if won && self.customer_holds(payment) { known.from_customer } else { zero };
        let (dispute, amount) = (known.id.clone(), known.amount);
        happens(Event::DisputeClosed { payment: id, dispute, amount, won, to_customer })
    }

    /// Its money is, or was, on a balance of the customer's that is still theirs.
    fn customer_holds(&self, payment: &Payment) -> bool {
        payment.is_lot && self.funding.payer() == Payer::Customer
    }
}

/// What the customer's balance loses by a dispute of `amount`: as far as what is left of their part goes; the agency's never loses
/// more than what it got of the payment for usage.
fn customers_part(payment: &Payment, amount: Money) -> Result<Money, Refusal> {
    let agencys = payment.usage().unwrap_or(Money::zero(amount.currency()));
    let least = amount.minus(agencys).map_err(|_| Refusal::Overflow)?;
    Ok(amount.min(payment.refundable()).max(least))
}
