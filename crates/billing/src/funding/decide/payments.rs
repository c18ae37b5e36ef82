//! Commands about payments: a customer's, and what the gateway tells of them.

use super::{
    Decided, Decision, Machine, happens,
    requests::closed,
    returns::{next_refund, returned},
};
use crate::{
    Money, PaymentId, RequestId,
    funding::{
        BillingRequest, Card, Closure, DeadLink, Event, FundingState, Payment, PaymentFailure,
        PaymentStatus, Phase, Purpose, Refusal,
    },
};

impl Machine<'_> {
    pub(super) fn start_payment(
        &self,
        request: RequestId,
        payment: PaymentId,
        (amount, usage): (Money, Option<Money>),
        card: &Card,
    ) -> Decided {
        if self.funding.payments.contains_key(&payment) {
            return Ok(Decision::AlreadyApplied);
        }
        let open = self.live_link(request)?;
        if self.context.now >= open.expires_at {
            return Err(Refusal::LinkDead { why: DeadLink::Expired });
        }
        // One that waits for authentication may be given up for another card; one at the gateway may not.
        if self.funding.open_payments().any(|payment| payment.status == PaymentStatus::Started) {
            return Err(Refusal::PaymentUnderWay);
        }
        self.check_amount(amount)?;
        if open.usage.map(|asked| asked.amount) != usage {
            return Err(Refusal::TermsChanged);
        }
        let total = usage.map_or(Ok(amount), |usage| amount.plus(usage));
        let amount = total.map_err(|_| Refusal::Overflow)?;
        let limit = self.context.policy.attempts_per_request;
        if open.attempts >= limit {
            return Err(Refusal::TooManyAttempts { limit });
        }
        let mut events = self.cancel_open_payments(None);
        events.push(Event::PaymentStarted {
            payment,
            purpose: Purpose::Switch { request, usage },
            amount,
            card: card.clone(),
            email: open.email.clone(),
        });
        Ok(Decision::Events(events))
    }

    pub(super) fn start_top_up(
        &self,
        payment: PaymentId,
        amount: Money,
        card: &Card,
        purpose: Purpose,
    ) -> Decided {
        if self.funding.payments.contains_key(&payment) {
            return Ok(Decision::AlreadyApplied);
        }
        let customer = match &self.funding.state {
            FundingState::Customer { customer, .. } => customer,
            FundingState::Returning { .. } => return Err(Refusal::ReturnUnderWay),
            _ => return Err(Refusal::AlreadyOnAgencyBilling),
        };
        if self.funding.open_payments().next().is_some() {
            return Err(Refusal::PaymentUnderWay);
        }
        self.check_amount(amount)?;
        happens(Event::PaymentStarted {
            payment,
            purpose,
            amount,
            card: card.clone(),
            email: customer.email.clone(),
        })
    }

    pub(super) fn change_card(&self, card: Option<&Card>) -> Decided {
        match &self.funding.state {
            FundingState::Customer { customer, .. } if customer.card.as_ref() == card => {
                Ok(Decision::AlreadyApplied)
            }
            FundingState::Customer { .. } => happens(Event::CardChanged { card: card.cloned() }),
            FundingState::Returning { .. } => Err(Refusal::ReturnUnderWay),
            _ => Err(Refusal::AlreadyOnAgencyBilling),
        }
    }

    pub(super) fn require_action(&self, payment: PaymentId) -> Decided {
        let needs_action = Event::PaymentNeedsAction { payment };
        match self.payment(payment)?.status {
            // A return must not wait for a person who may never come.
            PaymentStatus::Started if self.funding.phase() == Phase::Returning => {
                let cancel = Event::PaymentCancelAsked { payment };
                Ok(Decision::Events(vec![needs_action, cancel]))
            }
            PaymentStatus::Started => happens(needs_action),
            // Old news: it is so, or it is over.
            _ => Ok(Decision::AlreadyApplied),
        }
    }

    pub(super) fn fail(&self, id: PaymentId, failure: &PaymentFailure) -> Decided {
        let payment = self.payment(id)?;
        if !payment.status.is_open() {
            // Old news: it is known to have failed, or it went through in the end.
            return Ok(Decision::AlreadyApplied);
        }
        let mut events = vec![Event::PaymentFailed { payment: id, failure: failure.clone() }];
        match &self.funding.state {
            FundingState::Paying { request, payment, .. }
                if *payment == id && self.context.now >= request.expires_at =>
            {
                events.push(closed(request, Closure::Expired));
            }
            FundingState::Returning { customer, order, .. } if !self.others_open(id) => {
                let balance = self.context.customer_balance;
                let lots = self.funding.lots();
                events.extend(returned(order, customer, balance, &lots)?);
            }
            _ => {}
        }
        Ok(Decision::Events(events))
    }

    pub(super) fn settle(&self, id: PaymentId, amount: Money, card: Option<&Card>) -> Decided {
        let payment = self.payment(id)?;
        if payment.status == PaymentStatus::Settled {
            return Ok(Decision::AlreadyApplied);
        }
        if amount != payment.amount {
            return Err(Refusal::PaymentMismatch { expected: payment.amount });
        }
        let card = card.or(payment.card.as_ref()).cloned();
        match (&self.funding.state, &payment.purpose) {
            // Nobody is to pay for it any more.
            (FundingState::Agency { .. }, Purpose::Switch { .. })
                if self.funding.closed.is_some() =>
            {
                self.reject(payment, card)
            }
            // Begun before the agency last took billing back: its request was paid by another payment then, and a request
            // switches once.
            (
                FundingState::Agency { since, .. }
                | FundingState::Requested { since, .. }
                | FundingState::Paying { since, .. },
                Purpose::Switch { .. },
            ) if payment.started_at < *since => self.reject(payment, card),
            (FundingState::Agency { .. }, Purpose::Switch { request, .. }) => {
                Ok(Decision::Events(self.switch(payment, *request, None, card)))
            }
            (
                FundingState::Requested { request: open, .. }
                | FundingState::Paying { request: open, .. },
                Purpose::Switch { request, .. },
            ) => Ok(Decision::Events(self.switch(payment, *request, Some(open), card))),
            // The card on file stays what it is, whichever of two was charged.
            (FundingState::Customer { .. }, Purpose::Recharge) => {
                happens(credited(payment, None, None))
            }
            (FundingState::Customer { customer, .. }, Purpose::TopUp) => {
                let dropped = customer
                    .card
                    .clone()
                    .filter(|old| card.is_some() && differ(old, card.as_ref()));
                happens(credited(payment, card, dropped))
            }
            (
                FundingState::Returning { customer, order, .. },
                Purpose::TopUp | Purpose::Recharge,
            ) => {
                let known = customer.card.as_ref();
                // The second card of a wallet is dropped with the wallet.
                let card = card.filter(|_| payment.purpose == Purpose::TopUp);
                let dropped = card.clone().filter(|new| differ(new, known));
                let mut events = vec![credited(payment, card, dropped)];
                if !self.others_open(id) {
                    let balance = self.context.customer_balance.plus(amount);
                    let balance = balance.map_err(|_| Refusal::Overflow)?;
                    // Paid a moment ago: the newest lot, though the state does not show it as one yet.
                    let mut lots = vec![payment];
                    lots.extend(self.funding.lots());
                    events.extend(returned(order, customer, balance, &lots)?);
                }
                Ok(Decision::Events(events))
            }
            // Somebody else has paid, or there is no customer any more: it goes back where it came from.
            (FundingState::Customer { .. }, Purpose::Switch { .. })
            | (FundingState::Returning { .. }, Purpose::Switch { .. })
            | (
                FundingState::Agency { .. }
                | FundingState::Requested { .. }
                | FundingState::Paying { .. },
                Purpose::TopUp | Purpose::Recharge,
            ) => self.reject(payment, card),
        }
    }

    /// The payment lands while the agency still pays: it flips the funding, whatever became of its request.
    pub(super) fn switch(
        &self,
        payment: &Payment,
        request: RequestId,
        open: Option<&BillingRequest>,
        card: Option<Card>,
    ) -> Vec<Event> {
        let mut events = Vec::new();
        let in_time = open.is_some_and(|open| open.id == request);
        if let Some(open) = open {
            let closure = if in_time { Closure::Paid } else { Closure::Replaced };
            events.push(closed(open, closure));
        }
        events.extend(self.cancel_open_payments(Some(payment.id)));
        events.push(credited(payment, card.clone(), None));
        events.push(Event::SwitchedToCustomer {
            request,
            payment: payment.id,
            email: payment.email.clone(),
            card,
            late: !in_time,
        });
        events
    }

    fn reject(&self, payment: &Payment, card: Option<Card>) -> Decided {
        let refund = next_refund(payment);
        let on_file = self.funding.customer().and_then(|customer| customer.card.as_ref());
        let mut events = vec![Event::PaymentRejected {
            payment: payment.id,
            amount: payment.amount,
            refund,
            email: payment.email.clone(),
            dropped: card.filter(|card| differ(card, on_file)),
        }];
        if let FundingState::Returning { customer, order, .. } = &self.funding.state
            && !self.others_open(payment.id)
        {
            let balance = self.context.customer_balance;
            events.extend(returned(order, customer, balance, &self.funding.lots())?);
        }
        Ok(Decision::Events(events))
    }

    pub(super) fn payment(&self, payment: PaymentId) -> Result<&Payment, Refusal> {
        self.funding.payments.get(&payment).ok_or(Refusal::UnknownPayment)
    }

    pub(super) fn others_open(&self, but: PaymentId) -> bool {
        self.funding.open_payments().any(|payment| payment.id != but)
    }

    pub(super) fn cancel_open_payments(&self, but: Option<PaymentId>) -> Vec<Event> {
        self.funding.open_payments().filter(|payment| Some(payment.id) != but).map(cancel).collect()
    }
}

fn credited(payment: &Payment, card: Option<Card>, dropped: Option<Card>) -> Event {
    let email = payment.email.clone();
    let (amount, usage) = (payment.amount, payment.usage());
    Event::PaymentCredited { payment: payment.id, amount, usage, card, dropped, email }
}

/// Whether the gateway keeps them as two.
fn differ(one: &Card, other: Option<&Card>) -> bool {
    other.is_none_or(|other| one.payment_method != other.payment_method)
}

pub(super) fn cancel(payment: &Payment) -> Event {
    Event::PaymentCancelAsked { payment: payment.id }
}
