//! Command → events. One function a command, each a plain match over what is true.

mod closing;
mod disputes;
mod payments;
mod requests;
mod returns;

use super::{Command, Context, Event, Funding, Purpose, Refusal};
use crate::{Money, PaymentId};

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
        Command::AskForUsage { request, amount } => machine.ask_for_usage(*request, *amount),
        Command::ResendRequest { request } => machine.resend(*request),
        Command::RevokeRequest { request } => machine.revoke(*request),
        Command::ExpireRequest { request } => machine.expire(*request),
        Command::OpenRequest { request } => machine.open(*request),
        Command::StartPayment { request, payment, amount, usage, card } => {
            machine.start_payment(*request, *payment, (*amount, *usage), card)
        }
        Command::StartTopUp { payment, amount, card } => {
            machine.start_top_up(*payment, *amount, card, Purpose::TopUp)
        }
        Command::StartRecharge { payment, amount, card } => {
            machine.start_top_up(*payment, *amount, card, Purpose::Recharge)
        }
        Command::ChangeCard { card } => machine.change_card(card.as_ref()),
        Command::RefundPayment { payment, amount } => machine.refund_payment(*payment, *amount),
        Command::OpenDispute { payment, dispute, amount, reason, answer_by } => {
            machine.open_dispute(*payment, dispute, *amount, reason, *answer_by)
        }
        Command::CloseDispute { payment, dispute, won } => {
            machine.close_dispute(*payment, dispute, *won)
        }
        Command::CloseAccount { choice, take_over_negative } => {
            machine.close_account(*choice, *take_over_negative)
        }
        Command::ReopenAccount => machine.reopen_account(),
        Command::RequireAction { payment } => machine.require_action(*payment),
        Command::FailPayment { payment, failure } => machine.fail(*payment, failure),
        Command::SettlePayment { payment, amount, card } => {
            machine.settle(*payment, *amount, card.as_ref())
        }
        Command::AddToAgency { choice, take_over_negative } => {
            machine.add_to_agency(*choice, *take_over_negative, false)
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

/// The most of a payment that [`Command::RefundPayment`] pays back now; never nothing.
///
/// # Errors
/// The [`Refusal`] that says why none of it can be.
pub fn refundable(
    funding: &Funding,
    payment: PaymentId,
    context: &Context<'_>,
) -> Result<Money, Refusal> {
    Machine { funding, context }.refundable(payment)
}

fn happens(event: Event) -> Decided {
    Ok(Decision::Events(vec![event]))
}

struct Machine<'a> {
    funding: &'a Funding,
    context: &'a Context<'a>,
}

impl Machine<'_> {
    /// What can be put on a balance at once.
    fn check_amount(&self, amount: Money) -> Result<(), Refusal> {
        let policy = self.context.policy;
        self.check_sum(amount)?;
        if amount < policy.minimum {
            return Err(Refusal::BelowMinimum { minimum: policy.minimum });
        }
        Ok(())
    }

    /// What a card can be charged, whatever for.
    fn check_sum(&self, amount: Money) -> Result<(), Refusal> {
        let policy = self.context.policy;
        if amount.currency() != policy.currency() {
            return Err(Refusal::WrongCurrency);
        }
        if amount > policy.maximum {
            return Err(Refusal::AboveMaximum { maximum: policy.maximum });
        }
        amount.minor().map(|_| ()).ok_or(Refusal::FractionOfACoin)
    }
}
