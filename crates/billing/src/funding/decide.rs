//! Command → events. One function a command, each a plain match over what is true.

use super::{
    BillingRequest, Closure, Command, Context, CustomerBilling, DeadLink, Event, Funding,
    FundingState, Payer, Payment, PaymentFailure, PaymentStatus, Phase, Purpose, RefundKey,
    RefundStatus, Refusal, ReturnChoice,
};
use crate::{
    Money, PaymentId, RequestId,
    text::{EmailAddress, MessageText},
};

/// What follows from a command that is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// These things happen, in this order; never none.
    Events(Vec<Event>),
    /// What was asked for is so already: the repeat of something done.
    AlreadyApplied,
}

type Decided = Result<Decision, Refusal>;

/// Judges a command against a state.
///
/// # Errors
/// The [`Refusal`] that says why not.
pub fn decide(funding: &Funding, command: &Command, context: &Context<'_>) -> Decided {
    let machine = Machine { funding, context };
    match command {
        Command::RequestBilling { request, email, starting_balance, message } => {
            machine.request_billing(*request, email, *starting_balance, message)
        }
        Command::ResendRequest { request } => machine.resend(*request),
        Command::RevokeRequest { request } => machine.revoke(*request),
        Command::ExpireRequest { request } => machine.expire(*request),
        Command::OpenRequest { request } => machine.open(*request),
        Command::StartPayment { request, payment, amount, card } => {
            machine.start_payment(*request, *payment, *amount, card)
        }
        Command::StartTopUp { payment, amount, card } => {
            machine.start_top_up(*payment, *amount, card)
        }
        Command::RequireAction { payment } => machine.require_action(*payment),
        Command::FailPayment { payment, failure } => machine.fail(*payment, failure),
        Command::SettlePayment { payment, amount, card } => {
            machine.settle(*payment, *amount, card.as_ref())
        }
        Command::AddToAgency { choice, take_over_negative } => {
            machine.add_to_agency(*choice, *take_over_negative)
        }
        Command::SettleRefund { refund } => machine.settle_refund(*refund),
        Command::FailRefund { refund } => machine.fail_refund(*refund),
    }
}

/// The dry run behind a button: whether the command would be taken, and the sentence if not.
///
/// # Errors
/// The [`Refusal`] that says why not.
pub fn can(funding: &Funding, command: &Command, context: &Context<'_>) -> Result<(), Refusal> {
    decide(funding, command, context).map(|_| ())
}

fn happens(event: Event) -> Decided {
    Ok(Decision::Events(vec![event]))
}

struct Machine<'a> {
    funding: &'a Funding,
    context: &'a Context<'a>,
}

impl Machine<'_> {
    fn request_billing(
        &self,
        request: RequestId,
        email: &EmailAddress,
        starting_balance: Money,
        message: &MessageText,
    ) -> Decided {
        let open = match &self.funding.state {
            FundingState::Customer { .. } => return Err(Refusal::AlreadyOnCustomerBilling),
            FundingState::Returning { .. } => return Err(Refusal::ReturnUnderWay),
            FundingState::Agency { .. } => None,
            FundingState::Requested { request, .. } | FundingState::Paying { request, .. } => {
                Some(request)
            }
        };
        if open.is_some_and(|open| open.id == request) {
            return Ok(Decision::AlreadyApplied);
        }
        self.check_amount(starting_balance)?;
        let mut events = Vec::new();
        if let Some(open) = open {
            events.push(closed(open, Closure::Replaced));
            events.extend(self.cancel_open_payments(None));
        }
        events.push(Event::BillingRequested {
            request,
            email: email.clone(),
            starting_balance,
            message: message.clone(),
            expires_at: self.context.now.plus(self.context.policy.request_ttl()),
        });
        Ok(Decision::Events(events))
    }

    fn resend(&self, request: RequestId) -> Decided {
        let open = self.open_request(request)?;
        if matches!(self.funding.state, FundingState::Paying { .. }) {
            return Err(Refusal::PaymentUnderWay);
        }
        let limit = self.context.policy.sends_per_request;
        if open.sends >= limit {
            return Err(Refusal::TooManySends { limit });
        }
        let expires_at = self.context.now.plus(self.context.policy.request_ttl());
        happens(Event::RequestResent { request, expires_at })
    }

    fn revoke(&self, request: RequestId) -> Decided {
        if let FundingState::Agency { last_request: Some(last), .. } = &self.funding.state
            && last.id == request
            && last.closure == Closure::Revoked
        {
            return Ok(Decision::AlreadyApplied);
        }
        let open = self.open_request(request)?;
        let mut events = vec![closed(open, Closure::Revoked)];
        events.extend(self.cancel_open_payments(None));
        Ok(Decision::Events(events))
    }

    fn expire(&self, request: RequestId) -> Decided {
        match &self.funding.state {
            FundingState::Requested { request: open, .. } if open.id == request => {
                if self.context.now < open.expires_at {
                    return Err(Refusal::NotYetExpired { expires_at: open.expires_at });
                }
                let mut events = vec![closed(open, Closure::Expired)];
                events.extend(self.cancel_open_payments(None));
                Ok(Decision::Events(events))
            }
            // The payment began in time; if it fails, the request expires with it.
            FundingState::Paying { request: open, .. } if open.id == request => {
                Err(Refusal::PaymentUnderWay)
            }
            _ => Ok(Decision::AlreadyApplied),
        }
    }

    fn open(&self, request: RequestId) -> Decided {
        let open = self.live_link(request)?;
        if open.opened_at.is_some() {
            return Ok(Decision::AlreadyApplied);
        }
        happens(Event::RequestOpened { request })
    }

    fn start_payment(
        &self,
        request: RequestId,
        payment: PaymentId,
        amount: Money,
        card: &super::Card,
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
        let limit = self.context.policy.attempts_per_request;
        if open.attempts >= limit {
            return Err(Refusal::TooManyAttempts { limit });
        }
        let mut events = self.cancel_open_payments(None);
        events.push(Event::PaymentStarted {
            payment,
            purpose: Purpose::Switch { request },
            amount,
            card: card.clone(),
            email: open.email.clone(),
        });
        Ok(Decision::Events(events))
    }

    fn start_top_up(&self, payment: PaymentId, amount: Money, card: &super::Card) -> Decided {
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
            purpose: Purpose::TopUp,
            amount,
            card: card.clone(),
            email: customer.email.clone(),
        })
    }

    fn require_action(&self, payment: PaymentId) -> Decided {
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

    fn fail(&self, id: PaymentId, failure: &PaymentFailure) -> Decided {
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
                events.push(returned(order.choice, customer, balance, &lots)?);
            }
            _ => {}
        }
        Ok(Decision::Events(events))
    }

    fn settle(&self, id: PaymentId, amount: Money, card: Option<&super::Card>) -> Decided {
        let payment = self.payment(id)?;
        if payment.status == PaymentStatus::Settled {
            return Ok(Decision::AlreadyApplied);
        }
        if amount != payment.amount {
            return Err(Refusal::PaymentMismatch { expected: payment.amount });
        }
        let card = card.or(payment.card.as_ref()).cloned();
        match (&self.funding.state, &payment.purpose) {
            // Begun before the agency last took billing back: its request was paid by another payment then, and a request
            // switches once.
            (
                FundingState::Agency { since, .. }
                | FundingState::Requested { since, .. }
                | FundingState::Paying { since, .. },
                Purpose::Switch { .. },
            ) if payment.started_at < *since => self.reject(payment),
            (FundingState::Agency { .. }, Purpose::Switch { request }) => {
                Ok(Decision::Events(self.switch(payment, *request, None, card)))
            }
            (
                FundingState::Requested { request: open, .. }
                | FundingState::Paying { request: open, .. },
                Purpose::Switch { request },
            ) => Ok(Decision::Events(self.switch(payment, *request, Some(open), card))),
            (FundingState::Customer { .. }, Purpose::TopUp) => happens(credited(payment, card)),
            (FundingState::Returning { customer, order, .. }, Purpose::TopUp) => {
                let mut events = vec![credited(payment, card)];
                if !self.others_open(id) {
                    let balance = self.context.customer_balance.plus(amount);
                    let balance = balance.map_err(|_| Refusal::Overflow)?;
                    // Paid a moment ago: the newest lot, though the state does not show it as one yet.
                    let mut lots = vec![payment];
                    lots.extend(self.funding.lots());
                    events.push(returned(order.choice, customer, balance, &lots)?);
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
                Purpose::TopUp,
            ) => self.reject(payment),
        }
    }

    /// The payment lands while the agency still pays: it flips the funding, whatever became of its request.
    fn switch(
        &self,
        payment: &Payment,
        request: RequestId,
        open: Option<&BillingRequest>,
        card: Option<super::Card>,
    ) -> Vec<Event> {
        let mut events = Vec::new();
        let in_time = open.is_some_and(|open| open.id == request);
        if let Some(open) = open {
            let closure = if in_time { Closure::Paid } else { Closure::Replaced };
            events.push(closed(open, closure));
        }
        events.extend(self.cancel_open_payments(Some(payment.id)));
        events.push(credited(payment, card.clone()));
        events.push(Event::SwitchedToCustomer {
            request,
            payment: payment.id,
            email: payment.email.clone(),
            card,
            late: !in_time,
        });
        events
    }

    fn reject(&self, payment: &Payment) -> Decided {
        let refund = next_refund(payment);
        let mut events = vec![Event::PaymentRejected {
            payment: payment.id,
            amount: payment.amount,
            refund,
            email: payment.email.clone(),
        }];
        if let FundingState::Returning { customer, order, .. } = &self.funding.state
            && !self.others_open(payment.id)
        {
            let balance = self.context.customer_balance;
            events.push(returned(order.choice, customer, balance, &self.funding.lots())?);
        }
        Ok(Decision::Events(events))
    }

    fn add_to_agency(&self, choice: ReturnChoice, take_over_negative: bool) -> Decided {
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

    fn settle_refund(&self, key: RefundKey) -> Decided {
        let refund = self.payment(key.payment)?.refund(key).ok_or(Refusal::UnknownPayment)?;
        match refund.status {
            RefundStatus::Pending => {
                happens(Event::RefundSettled { refund: key, amount: refund.amount })
            }
            _ => Ok(Decision::AlreadyApplied),
        }
    }

    fn fail_refund(&self, key: RefundKey) -> Decided {
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

    /// The open request, if it is this one.
    fn open_request(&self, request: RequestId) -> Result<&BillingRequest, Refusal> {
        match self.funding.open_request() {
            Some(open) if open.id == request => Ok(open),
            _ if self.funding.payer() == Payer::Customer => Err(Refusal::AlreadyOnCustomerBilling),
            _ => Err(Refusal::NoOpenRequest),
        }
    }

    /// The open request behind a customer's link, or how it ended.
    fn live_link(&self, request: RequestId) -> Result<&BillingRequest, Refusal> {
        let why = match &self.funding.state {
            FundingState::Requested { request: open, .. }
            | FundingState::Paying { request: open, .. } => {
                if open.id == request {
                    return Ok(open);
                }
                DeadLink::Replaced
            }
            FundingState::Customer { .. } | FundingState::Returning { .. } => DeadLink::AlreadyPaid,
            FundingState::Agency { last_request: Some(last), .. } if last.id == request => {
                last.closure.into()
            }
            FundingState::Agency { .. } => DeadLink::Replaced,
        };
        Err(Refusal::LinkDead { why })
    }

    fn payment(&self, payment: PaymentId) -> Result<&Payment, Refusal> {
        self.funding.payments.get(&payment).ok_or(Refusal::UnknownPayment)
    }

    fn others_open(&self, but: PaymentId) -> bool {
        self.funding.open_payments().any(|payment| payment.id != but)
    }

    fn cancel_open_payments(&self, but: Option<PaymentId>) -> Vec<Event> {
        self.funding.open_payments().filter(|payment| Some(payment.id) != but).map(cancel).collect()
    }

    fn check_amount(&self, amount: Money) -> Result<(), Refusal> {
        let policy = self.context.policy;
        if amount.currency() != policy.currency() {
            return Err(Refusal::WrongCurrency);
        }
        if amount < policy.minimum {
            return Err(Refusal::BelowMinimum { minimum: policy.minimum });
        }
        if amount > policy.maximum {
            return Err(Refusal::AboveMaximum { maximum: policy.maximum });
        }
        amount.minor().map(|_| ()).ok_or(Refusal::FractionOfACoin)
    }
}

fn closed(request: &BillingRequest, closure: Closure) -> Event {
    Event::RequestClosed { request: request.id, closure, email: request.email.clone() }
}

fn credited(payment: &Payment, card: Option<super::Card>) -> Event {
    let email = payment.email.clone();
    Event::PaymentCredited { payment: payment.id, amount: payment.amount, card, email }
}

fn cancel(payment: &Payment) -> Event {
    Event::PaymentCancelAsked { payment: payment.id }
}

fn next_refund(payment: &Payment) -> RefundKey {
    let number = u32::try_from(payment.refunds.len()).unwrap_or(u32::MAX).saturating_add(1);
    RefundKey { payment: payment.id, number }
}

/// The customer's balance, divided: back to cards as far as asked for and possible, the rest to the agency.
///
/// Usage eats the oldest money first, so what is left was paid last: refunds go to the newest payments, never more to a card
/// than its payment, and only whole coins.
fn returned(
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
