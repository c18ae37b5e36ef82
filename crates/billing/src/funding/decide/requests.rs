//! Commands about billing requests and their links.

use super::{Decided, Decision, Machine, happens};
use crate::{
    Money, RequestId,
    funding::{BillingRequest, Closure, DeadLink, Event, FundingState, Payer, Refusal},
    text::{EmailAddress, MessageText},
};

impl Machine<'_> {
    pub(super) fn request_billing(
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
        self.must_not_be_closed()?;
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

    pub(super) fn ask_for_usage(&self, request: RequestId, amount: Option<Money>) -> Decided {
        let open = self.open_request(request)?;
        if open.usage.map(|asked| asked.amount) == amount {
            return Ok(Decision::AlreadyApplied);
        }
        // Whoever is paying has been shown what they pay.
        if matches!(self.funding.state, FundingState::Paying { .. }) {
            return Err(Refusal::PaymentUnderWay);
        }
        if self.context.now >= open.expires_at {
            return Err(Refusal::LinkDead { why: DeadLink::Expired });
        }
        if let Some(amount) = amount {
            if !amount.is_positive() {
                return Err(Refusal::NothingUsed);
            }
            self.check_sum(amount)?;
        }
        happens(Event::UsageAsked { request, amount })
    }

    pub(super) fn resend(&self, request: RequestId) -> Decided {
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

    pub(super) fn revoke(&self, request: RequestId) -> Decided {
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

    pub(super) fn expire(&self, request: RequestId) -> Decided {
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

    pub(super) fn open(&self, request: RequestId) -> Decided {
        let open = self.live_link(request)?;
        if open.opened_at.is_some() {
            return Ok(Decision::AlreadyApplied);
        }
        happens(Event::RequestOpened { request })
    }

    /// The open request, if it is this one.
    pub(super) fn open_request(&self, request: RequestId) -> Result<&BillingRequest, Refusal> {
        match self.funding.open_request() {
            Some(open) if open.id == request => Ok(open),
            _ if self.funding.payer() == Payer::Customer => Err(Refusal::AlreadyOnCustomerBilling),
            _ => Err(Refusal::NoOpenRequest),
        }
    }

    /// The open request behind a customer's link, or how it ended.
    pub(super) fn live_link(&self, request: RequestId) -> Result<&BillingRequest, Refusal> {
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
}

pub(super) fn closed(request: &BillingRequest, closure: Closure) -> Event {
    Event::RequestClosed { request: request.id, closure, email: request.email.clone() }
}
