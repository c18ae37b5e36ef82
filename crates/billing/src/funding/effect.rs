//! What the outside world has to do about an event. Effects are values: they become rows of the job queue in the same
//! transaction as the state, and idempotent jobs carry them out.

use serde::{Deserialize, Serialize};

use super::{Card, Closure, Event, Payer, PaymentFailure, Recorded, RefundKey, ReturnChoice};
use crate::{
    Money, PaymentId, RequestId, SetupId, Standing, Timestamp, UserId,
    text::EmailAddress,
    wallet::{CardRole, RechargeSettings, recharge::OffReason},
};

/// Work for the outside world.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are named like the events they come from")]
pub enum Effect {
    /// Send a letter.
    Mail { letter: Letter },
    /// Ask the gateway to take this payment, and keep asking until its outcome is known.
    ConfirmPayment { payment: PaymentId },
    /// Ask the gateway to cancel this payment if it still can.
    CancelPayment { payment: PaymentId },
    /// Ask the gateway to pay back.
    RefundPayment { refund: RefundKey, amount: Money },
    /// Ask the gateway to forget the card.
    DetachCard { card: Card },
    /// Ask the gateway to save the card, and keep asking until that is known to have worked or not.
    SaveCard { setup: SetupId },
    /// Ask the gateway not to save the card if it still can.
    CancelSetup { setup: SetupId },
    /// Look whether the balance is to be recharged.
    Recharge,
    /// Look at this dispute once a day until it is decided.
    WatchDispute { payment: PaymentId, dispute: String },
    /// Come back at this time with [`super::Command::ExpireRequest`].
    ExpireRequest { request: RequestId, at: Timestamp },
}

/// A letter, by what it says. Whom it goes to and its words are made when it is sent, from the state at its event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "letter", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are named like the events they come from")]
pub enum Letter {
    /// To the customer: the secure link. `send` counts from 1 and makes each sending a letter of its own.
    BillingRequest { request: RequestId, send: u32 },
    /// To the customer: what they paid.
    Receipt { payment: PaymentId, to: EmailAddress },
    /// To the agency: the customer pays from now on.
    NowOnCustomerBilling { payment: PaymentId, late: bool },
    /// To the agency: nobody paid in time.
    RequestExpired { request: RequestId, email: EmailAddress },
    /// To the customer: the money went back, another payment had come first.
    PaymentReturned { payment: PaymentId, to: EmailAddress },
    /// To the agency: the same.
    LatePaymentReturned { payment: PaymentId },
    /// To the customer: the agency pays from now on, and what became of the balance.
    BillingEnded {
        to: EmailAddress,
        choice: ReturnChoice,
        moved: Money,
        refunded: Money,
        card: Option<Card>,
    },
    /// To the agency: the same.
    NowOnAgencyBilling {
        customer: EmailAddress,
        choice: ReturnChoice,
        moved: Money,
        refunded: Money,
    },
    /// To the agency: a card could not be paid back; the amount is on a balance and needs somebody.
    RefundFailed { refund: RefundKey, amount: Money, to: Payer },
    /// To the customer: some of what they paid goes back to their card.
    RefundOnItsWay { to: EmailAddress, payment: PaymentId, amount: Money },
    /// To the agency: a payment is disputed, and whose balance lost the money.
    DisputeOpened {
        payment: PaymentId,
        amount: Money,
        reason: String,
        answer_by: Option<Timestamp>,
        from_customer: Money,
    },
    /// To the agency: how it ended.
    DisputeClosed { payment: PaymentId, amount: Money, won: bool, to_customer: Money },
    /// To the customer: their balance is low, or used up.
    BalanceDown { to: EmailAddress, standing: Standing, balance: Money, low_below: Money },
    /// To the agency: the same.
    CustomerBalanceDown {
        customer: EmailAddress,
        standing: Standing,
        balance: Money,
        low_below: Money,
    },
    /// To the agency: its own balance is.
    AgencyBalanceDown { standing: Standing, balance: Money, low_below: Money },
    /// To whoever pays: a card is on file from now on.
    CardSaved { to: EmailAddress, card: Card, role: CardRole },
    /// To whoever pays: a card is no longer on file.
    CardRemoved { to: EmailAddress, card: Card },
    /// To whoever pays: so many days, and a card on file expires.
    CardExpiring { to: EmailAddress, card: Card, days: u32 },
    /// To whoever pays: the auto-recharge is on, and the text that they agreed to.
    RechargeOn { to: EmailAddress, settings: RechargeSettings, text: String },
    /// To whoever pays: it is off.
    RechargeOff { to: EmailAddress, why: OffReason, failure: Option<PaymentFailure> },
    /// To whoever pays: their card was declined, and when it is tried again.
    RechargeDeclined { to: EmailAddress, failure: PaymentFailure, retry_at: Timestamp },
    /// To whoever pays: no more is charged until then.
    RechargeCapped { to: EmailAddress, until: Timestamp },
    /// To whoever pays: their bank wants them to confirm the charge.
    ConfirmRecharge { to: EmailAddress, amount: Money },
    /// To whoever pays for an account: the link to its balance that was asked for.
    BalanceLink { to: EmailAddress },
    /// To somebody who is to become one of the agency's people, or a client user of it.
    Invitation { person: UserId, by: String },
    /// To somebody who has forgotten their password.
    PasswordReset { person: UserId },
}

/// The work that follows from an event, in the order it should be done. `sends` is how often the open request has been
/// mailed, this event included.
pub fn effects(recorded: &Recorded, sends: u32) -> Vec<Effect> {
    let mail = |letter| Effect::Mail { letter };
    match &recorded.event {
        Event::BillingRequested { request, expires_at, .. }
        | Event::RequestResent { request, expires_at } => vec![
            mail(Letter::BillingRequest { request: *request, send: sends }),
            Effect::ExpireRequest { request: *request, at: *expires_at },
        ],
        Event::PaymentStarted { payment, .. } => vec![Effect::ConfirmPayment { payment: *payment }],
        Event::PaymentCancelAsked { payment } => vec![Effect::CancelPayment { payment: *payment }],
        Event::PaymentCredited { payment, dropped, email, .. } => {
            let receipt = mail(Letter::Receipt { payment: *payment, to: email.clone() });
            detach(dropped).into_iter().chain([receipt]).collect()
        }
        Event::SwitchedToCustomer { payment, late, .. } => {
            vec![mail(Letter::NowOnCustomerBilling { payment: *payment, late: *late })]
        }
        Event::RequestClosed { request, closure: Closure::Expired, email } => {
            vec![mail(Letter::RequestExpired { request: *request, email: email.clone() })]
        }
        Event::ReturnedToAgency { choice, moved, refunds, dropped, email } => {
            let (choice, moved) = (*choice, *moved);
            let refunded = refunds
                .iter()
                .try_fold(Money::zero(moved.currency()), |sum, (_, amount)| sum.plus(*amount))
                .unwrap_or(Money::zero(moved.currency()));
            let refunds = refunds
                .iter()
                .map(|(refund, amount)| Effect::RefundPayment { refund: *refund, amount: *amount });
            let card = dropped.clone();
            let to = email.clone();
            let letters = [
                mail(Letter::BillingEnded { to, choice, moved, refunded, card }),
                mail(Letter::NowOnAgencyBilling {
                    customer: email.clone(),
                    choice,
                    moved,
                    refunded,
                }),
            ];
            refunds.chain(detach(dropped)).chain(letters).collect()
        }
        Event::RefundAsked { refund, amount, email } => vec![
            Effect::RefundPayment { refund: *refund, amount: *amount },
            mail(Letter::RefundOnItsWay {
                to: email.clone(),
                payment: refund.payment,
                amount: *amount,
            }),
        ],
        Event::DisputeOpened { payment, dispute, amount, reason, answer_by, from_customer } => {
            vec![
                Effect::WatchDispute { payment: *payment, dispute: dispute.clone() },
                mail(Letter::DisputeOpened {
                    payment: *payment,
                    amount: *amount,
                    reason: reason.clone(),
                    answer_by: *answer_by,
                    from_customer: *from_customer,
                }),
            ]
        }
        Event::DisputeClosed { payment, amount, won, to_customer, .. } => {
            let (payment, amount, won, to_customer) = (*payment, *amount, *won, *to_customer);
            vec![mail(Letter::DisputeClosed { payment, amount, won, to_customer })]
        }
        Event::RefundFailed { refund, amount, to, .. } => {
            vec![mail(Letter::RefundFailed { refund: *refund, amount: *amount, to: *to })]
        }
        Event::PaymentRejected { payment, amount, refund, email, dropped } => {
            let letters = [
                mail(Letter::PaymentReturned { payment: *payment, to: email.clone() }),
                mail(Letter::LatePaymentReturned { payment: *payment }),
            ];
            let refund = Effect::RefundPayment { refund: *refund, amount: *amount };
            [refund].into_iter().chain(detach(dropped)).chain(letters).collect()
        }
        Event::UsageAsked { .. }
        | Event::RequestOpened { .. }
        | Event::RequestClosed { .. }
        | Event::PaymentNeedsAction { .. }
        | Event::PaymentFailed { .. }
        | Event::CardChanged { .. }
        | Event::AccountClosed
        | Event::AccountReopened
        | Event::ReturnAsked { .. }
        | Event::RefundSettled { .. } => Vec::new(),
    }
}

fn detach(dropped: &Option<Card>) -> Option<Effect> {
    dropped.clone().map(|card| Effect::DetachCard { card })
}
