//! The agency's own balance: the payments that come onto it, and the card that is charged first.
//!
//! The smaller sister of [`crate::funding`]: nobody takes over from anybody here, so there is a card, there are payments, and nothing
//! else. What there is beside the first card is in [`crate::wallet`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    Money, PaymentId, Policy, Timestamp,
    funding::{
        Card, Dispute, DisputeStatus, Effect, Letter, Payment, PaymentFailure, PaymentStatus,
        Purpose, Refusal,
    },
    ledger::{JournalEntry, LedgerError, rules},
    text::EmailAddress,
};

/// What is true of the agency's own balance besides its sum.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Treasury {
    /// Counts what happened.
    pub version: u64,
    /// The card that is charged first.
    pub card: Option<Card>,
    /// The payments that matter now: open ones, and any other that was loaded because a command names it.
    pub payments: BTreeMap<PaymentId, Payment>,
}

/// What can be asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are named like the state they become")]
pub enum Command {
    /// More money: the intent is to be committed before the gateway is asked. `recharge` when nobody is there.
    StartTopUp {
        payment: PaymentId,
        amount: Money,
        card: Card,
        recharge: bool,
        /// Who gets the receipt.
        email: EmailAddress,
    },
    /// The gateway: whoever pays has to authenticate.
    RequireAction { payment: PaymentId },
    /// The gateway: no money moved.
    FailPayment { payment: PaymentId, failure: PaymentFailure },
    /// The gateway: the money moved. Told in any order, any number of times.
    SettlePayment { payment: PaymentId, amount: Money, card: Option<Card> },
    /// Another card is charged first from now on, or none.
    ChangeCard { card: Option<Card> },
    /// The gateway: a payment is disputed, and the money is gone.
    OpenDispute {
        payment: PaymentId,
        dispute: String,
        amount: Money,
        reason: String,
        answer_by: Option<Timestamp>,
    },
    /// The gateway: it is decided.
    CloseDispute { payment: PaymentId, dispute: String, won: bool },
}

impl Command {
    /// The name in the audit trail.
    pub fn name(&self) -> &'static str {
        match self {
            Self::StartTopUp { recharge: false, .. } => "start_top_up",
            Self::StartTopUp { recharge: true, .. } => "start_recharge",
            Self::RequireAction { .. } => "require_action",
            Self::FailPayment { .. } => "fail_payment",
            Self::SettlePayment { .. } => "settle_payment",
            Self::ChangeCard { .. } => "change_card",
            Self::OpenDispute { .. } => "open_dispute",
            Self::CloseDispute { .. } => "close_dispute",
        }
    }

    /// The payment that has to be loaded with the state to judge this command.
    pub fn payment(&self) -> Option<PaymentId> {
        match self {
            Self::StartTopUp { payment, .. }
            | Self::RequireAction { payment }
            | Self::FailPayment { payment, .. }
            | Self::SettlePayment { payment, .. }
            | Self::OpenDispute { payment, .. }
            | Self::CloseDispute { payment, .. } => Some(*payment),
            Self::ChangeCard { .. } => None,
        }
    }
}

/// An event with its time. By whom it was done says the audit trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// When it happened.
    pub at: Timestamp,
    /// What.
    #[serde(flatten)]
    pub event: Event,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are named like the state they become")]
pub enum Event {
    /// A payment is to be made: the intent, before the gateway is asked.
    PaymentStarted {
        payment: PaymentId,
        amount: Money,
        card: Card,
        recharge: bool,
        email: EmailAddress,
    },
    /// Whoever pays has to authenticate.
    PaymentNeedsAction { payment: PaymentId },
    /// No money moved.
    PaymentFailed { payment: PaymentId, failure: PaymentFailure },
    /// The money is on the agency's balance; `dropped` is the card whose place its card takes.
    PaymentCredited {
        payment: PaymentId,
        amount: Money,
        card: Option<Card>,
        dropped: Option<Card>,
        email: EmailAddress,
    },
    /// Another card is charged first from now on, or none.
    CardChanged { card: Option<Card> },
    /// A payment is disputed; the money is gone.
    DisputeOpened {
        payment: PaymentId,
        dispute: String,
        amount: Money,
        reason: String,
        answer_by: Option<Timestamp>,
    },
    /// A dispute is decided; what was won is back.
    DisputeClosed { payment: PaymentId, dispute: String, amount: Money, won: bool },
}

/// What follows from a command: an event, or nothing because it is so already.
///
/// # Errors
/// The [`Refusal`] that says why not.
pub fn decide(
    treasury: &Treasury,
    command: &Command,
    policy: &Policy,
) -> Result<Option<Event>, Refusal> {
    let known = |id: PaymentId| treasury.payments.get(&id).ok_or(Refusal::UnknownPayment);
    Ok(Some(match command {
        Command::StartTopUp { payment, amount, card, recharge, email } => {
            if treasury.payments.contains_key(payment) {
                return Ok(None);
            }
            if treasury.open_payments().next().is_some() {
                return Err(Refusal::PaymentUnderWay);
            }
            check_amount(*amount, policy)?;
            Event::PaymentStarted {
                payment: *payment,
                amount: *amount,
                card: card.clone(),
                recharge: *recharge,
                email: email.clone(),
            }
        }
        Command::RequireAction { payment } => match known(*payment)?.status {
            PaymentStatus::Started => Event::PaymentNeedsAction { payment: *payment },
            _ => return Ok(None),
        },
        Command::FailPayment { payment, failure } => {
            if !known(*payment)?.status.is_open() {
                return Ok(None);
            }
            Event::PaymentFailed { payment: *payment, failure: failure.clone() }
        }
        Command::SettlePayment { payment, amount, card } => {
            let payment = known(*payment)?;
            if payment.status == PaymentStatus::Settled {
                return Ok(None);
            }
            if *amount != payment.amount {
                return Err(Refusal::PaymentMismatch { expected: payment.amount });
            }
            credited(treasury, payment, card.as_ref())
        }
        Command::ChangeCard { card } if treasury.card == *card => return Ok(None),
        Command::ChangeCard { card } => Event::CardChanged { card: card.clone() },
        Command::OpenDispute { payment, dispute, amount, reason, answer_by } => {
            let paid = known(*payment)?;
            if paid.dispute(dispute).is_some() {
                return Ok(None);
            }
            if paid.status != PaymentStatus::Settled {
                return Err(Refusal::PaymentUnderWay);
            }
            let same = amount.currency() == paid.amount.currency();
            if !same || *amount > paid.amount || !amount.is_positive() {
                return Err(Refusal::PaymentMismatch { expected: paid.amount });
            }
            let (payment, amount, answer_by) = (*payment, *amount, *answer_by);
            let (dispute, reason) = (dispute.clone(), reason.clone());
            Event::DisputeOpened { payment, dispute, amount, reason, answer_by }
        }
        Command::CloseDispute { payment, dispute, won } => {
            let open = known(*payment)?.dispute(dispute).ok_or(Refusal::UnknownPayment)?;
            if open.status != DisputeStatus::Open {
                return Ok(None);
            }
            let (dispute, amount) = (open.id.clone(), open.amount);
            Event::DisputeClosed { payment: *payment, dispute, amount, won: *won }
        }
    }))
}

/// A recharge leaves the card on file what it is, whichever of two was charged; by hand the newest takes its place.
fn credited(treasury: &Treasury, payment: &Payment, card: Option<&Card>) -> Event {
    let card = card.or(payment.card.as_ref()).filter(|_| payment.purpose == Purpose::TopUp);
    let differs = |old: &&Card| card.is_some_and(|new| new.payment_method != old.payment_method);
    Event::PaymentCredited {
        payment: payment.id,
        amount: payment.amount,
        card: card.cloned(),
        dropped: treasury.card.as_ref().filter(differs).cloned(),
        email: payment.email.clone(),
    }
}

fn check_amount(amount: Money, policy: &Policy) -> Result<(), Refusal> {
    if amount.currency() != policy.currency() {
        return Err(Refusal::WrongCurrency);
    }
    if amount > policy.maximum {
        return Err(Refusal::AboveMaximum { maximum: policy.maximum });
    }
    if amount.minor().is_none() {
        return Err(Refusal::FractionOfACoin);
    }
    if amount < policy.minimum {
        return Err(Refusal::BelowMinimum { minimum: policy.minimum });
    }
    Ok(())
}

/// What is true after `recorded`.
#[must_use]
pub fn apply(mut treasury: Treasury, recorded: &Recorded) -> Treasury {
    treasury.version = treasury.version.saturating_add(1);
    let at = recorded.at;
    match &recorded.event {
        Event::PaymentStarted { payment, amount, card, recharge, email } => {
            let purpose = if *recharge { Purpose::Recharge } else { Purpose::TopUp };
            let started = Payment {
                id: *payment,
                purpose,
                amount: *amount,
                started_at: at,
                status: PaymentStatus::Started,
                failure: None,
                settled_at: None,
                credited: false,
                is_lot: false,
                email: email.clone(),
                card: Some(card.clone()),
                refunds: Vec::new(),
                disputes: Vec::new(),
            };
            treasury.payments.insert(*payment, started);
        }
        Event::PaymentNeedsAction { payment } => change(&mut treasury, *payment, |payment| {
            payment.status = PaymentStatus::ActionRequired;
        }),
        Event::PaymentFailed { payment, failure } => change(&mut treasury, *payment, |payment| {
            payment.status = PaymentStatus::Failed;
            payment.failure = Some(failure.clone());
        }),
        Event::PaymentCredited { payment, card, .. } => {
            if card.is_some() {
                treasury.card.clone_from(card);
            }
            change(&mut treasury, *payment, |payment| {
                payment.status = PaymentStatus::Settled;
                payment.settled_at = Some(at);
                payment.failure = None;
                payment.credited = true;
                if card.is_some() {
                    payment.card.clone_from(card);
                }
            });
        }
        Event::CardChanged { card } => treasury.card.clone_from(card),
        Event::DisputeOpened { payment, dispute, amount, reason, answer_by } => {
            let dispute = Dispute {
                id: dispute.clone(),
                amount: *amount,
                reason: reason.clone(),
                answer_by: *answer_by,
                status: DisputeStatus::Open,
                from_customer: Money::zero(amount.currency()),
            };
            change(&mut treasury, *payment, |payment| payment.disputes.push(dispute));
        }
        Event::DisputeClosed { payment, dispute, won, .. } => {
            let status = if *won { DisputeStatus::Won } else { DisputeStatus::Lost };
            change(&mut treasury, *payment, |payment| {
                for known in payment.disputes.iter_mut().filter(|known| known.id == *dispute) {
                    known.status = status;
                }
            });
        }
    }
    treasury
}

fn change(treasury: &mut Treasury, payment: PaymentId, change: impl FnOnce(&mut Payment)) {
    if let Some(payment) = treasury.payments.get_mut(&payment) {
        change(payment);
    }
}

/// The entry that follows from an event, if it moves money.
///
/// # Errors
/// [`LedgerError`] when an amount does not fit; nothing must be stored then.
pub fn entry_for(recorded: &Recorded) -> Result<Option<JournalEntry>, LedgerError> {
    let at = recorded.at;
    match &recorded.event {
        Event::PaymentCredited { payment, amount, .. } => {
            rules::agency_top_up(at, *payment, *amount).map(Some)
        }
        Event::DisputeOpened { dispute, amount, .. } => {
            let none = Money::zero(amount.currency());
            rules::dispute_opened(at, None, dispute, *amount, none).map(Some)
        }
        Event::DisputeClosed { dispute, amount, won: true, .. } => {
            let none = Money::zero(amount.currency());
            rules::dispute_won(at, None, dispute, *amount, none).map(Some)
        }
        _ => Ok(None),
    }
}

/// The work that follows from an event.
pub fn effects(recorded: &Recorded) -> Vec<Effect> {
    let mail = |letter| Effect::Mail { letter };
    match &recorded.event {
        Event::PaymentStarted { payment, .. } => vec![Effect::ConfirmPayment { payment: *payment }],
        Event::PaymentCredited { payment, dropped, email, .. } => {
            let receipt = mail(Letter::Receipt { payment: *payment, to: email.clone() });
            let detach = dropped.clone().map(|card| Effect::DetachCard { card });
            detach.into_iter().chain([receipt]).collect()
        }
        Event::DisputeOpened { payment, dispute, amount, reason, answer_by } => {
            let watch = Effect::WatchDispute { payment: *payment, dispute: dispute.clone() };
            let (payment, amount, reason) = (*payment, *amount, reason.clone());
            let from_customer = Money::zero(amount.currency());
            let answer_by = *answer_by;
            let letter =
                Letter::DisputeOpened { payment, amount, reason, answer_by, from_customer };
            vec![mail(letter), watch]
        }
        Event::DisputeClosed { payment, amount, won, .. } => {
            let (payment, amount, won) = (*payment, *amount, *won);
            let to_customer = Money::zero(amount.currency());
            vec![mail(Letter::DisputeClosed { payment, amount, won, to_customer })]
        }
        Event::PaymentNeedsAction { .. }
        | Event::PaymentFailed { .. }
        | Event::CardChanged { .. } => Vec::new(),
    }
}

impl Treasury {
    /// Payments whose outcome is not known.
    pub fn open_payments(&self) -> impl Iterator<Item = &Payment> {
        self.payments.values().filter(|payment| payment.status.is_open())
    }

    /// The same without payments that no longer matter: what is stored.
    #[must_use]
    pub fn trimmed(mut self) -> Self {
        self.payments.retain(|_, payment| payment.is_live());
        self
    }
}

#[cfg(test)]
mod tests;
