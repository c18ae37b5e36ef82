//! The end of an account, and its new beginning.

use super::{Decided, Decision, Machine, happens, payments::cancel, requests::closed};
use crate::funding::{Closure, Event, FundingState, Refusal, ReturnChoice};

impl Machine<'_> {
    /// Whatever is under way ends: an open request is withdrawn, a customer's balance goes the way of a return. A payment that comes
    /// after all is paid back.
    pub(super) fn close_account(&self, choice: ReturnChoice, take_over_negative: bool) -> Decided {
        if self.funding.closed.is_some() {
            return Ok(Decision::AlreadyApplied);
        }
        match &self.funding.state {
            FundingState::Agency { .. } => happens(Event::AccountClosed),
            FundingState::Requested { request, .. } | FundingState::Paying { request, .. } => {
                let mut events = vec![closed(request, Closure::Revoked)];
                events.extend(self.funding.open_payments().map(cancel));
                events.push(Event::AccountClosed);
                Ok(Decision::Events(events))
            }
            FundingState::Customer { .. } | FundingState::Returning { .. } => {
                self.add_to_agency(choice, take_over_negative, true)
            }
        }
    }

    pub(super) fn reopen_account(&self) -> Decided {
        match self.funding.closed {
            Some(_) => happens(Event::AccountReopened),
            None => Ok(Decision::AlreadyApplied),
        }
    }

    /// Nothing begins on an account that is closed.
    pub(super) fn must_not_be_closed(&self) -> Result<(), Refusal> {
        self.funding.closed.map_or(Ok(()), |_| Err(Refusal::Closed))
    }
}
