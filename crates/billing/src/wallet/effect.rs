//! What the outside world, and whoever owns the payments, have to do about a wallet's event.

use super::{CardRole, Event, Order, Recorded, recharge::OffReason};
use crate::{
    SetupId, Timestamp,
    funding::{Card, Effect, Letter},
    text::EmailAddress,
    usage::Day,
};

/// The work that follows from an event, each with when it is due. `to` is who is written to about this balance; nobody, when its
/// payer has gone.
pub fn effects(recorded: &Recorded, to: Option<&EmailAddress>) -> Vec<(Timestamp, Effect)> {
    let at = recorded.at;
    let now = |effect| Some((at, effect));
    let mail = |letter: &dyn Fn(EmailAddress) -> Letter| {
        to.map(|to| (at, Effect::Mail { letter: letter(to.clone()) }))
    };
    let cancel =
        |setup: &Option<SetupId>| setup.map(|setup| Effect::CancelSetup { setup }).and_then(now);
    let detach =
        |card: &Option<Card>| card.clone().map(|card| Effect::DetachCard { card }).and_then(now);
    let work = match &recorded.event {
        Event::SetupStarted { setup, replaces, .. } => {
            vec![cancel(replaces), now(Effect::SaveCard { setup: *setup })]
        }
        Event::CardSaved { card, dropped, role, .. } => {
            let letter = mail(&|to| Letter::CardSaved { to, card: card.clone(), role: *role });
            let reminders = to.map(|to| expiry(card, to, at)).unwrap_or_default();
            let mut work = vec![detach(dropped), letter, now(Effect::Recharge)];
            work.extend(reminders.into_iter().map(Some));
            work
        }
        Event::StrayCard { card, .. } => vec![now(Effect::DetachCard { card: card.clone() })],
        Event::CardRemoved { card, .. } => vec![
            now(Effect::DetachCard { card: card.clone() }),
            mail(&|to| Letter::CardRemoved { to, card: card.clone() }),
        ],
        Event::RechargeSet { settings, consent } => {
            let text = &consent.text;
            let letter = |to| Letter::RechargeOn { to, settings: *settings, text: text.clone() };
            vec![mail(&letter), now(Effect::Recharge)]
        }
        Event::RechargeStopped { why, failure } => {
            let letter =
                mail(&|to| Letter::RechargeOff { to, why: *why, failure: failure.clone() });
            // Whoever has removed the card was told of that.
            vec![letter.filter(|_| *why != OffReason::NoCard)]
        }
        Event::ChargePutOff { until, card, failure } => {
            let (failure, retry_at) = (failure.clone(), *until);
            let letter =
                mail(&|to| Letter::RechargeDeclined { to, failure: failure.clone(), retry_at });
            // The second card is tried at once: only what comes of that is news.
            vec![letter.filter(|_| *card == CardRole::Main), Some((*until, Effect::Recharge))]
        }
        Event::ChargeCapped { until } => vec![
            mail(&|to| Letter::RechargeCapped { to, until: *until }),
            Some((*until, Effect::Recharge)),
        ],
        Event::ConfirmationAsked { amount } => {
            vec![mail(&|to| Letter::ConfirmRecharge { to, amount: *amount })]
        }
        Event::RechargeReady => vec![now(Effect::Recharge)],
        Event::Dropped { backup, setup } => vec![cancel(setup), detach(backup)],
        Event::SetupNeedsAction { .. } | Event::SetupFailed { .. } | Event::ChargeAsked { .. } => {
            Vec::new()
        }
    };
    work.into_iter().flatten().collect()
}

/// What follows for the payments. `card` is what is charged first, `backup` what second, before the event.
pub fn orders(event: &Event, card: Option<&Card>, backup: Option<&Card>) -> Option<Order> {
    match event {
        Event::CardSaved { role: CardRole::Main, card, .. } => {
            Some(Order::ChangeCard { card: Some(card.clone()) })
        }
        Event::CardRemoved { role: CardRole::Main, promoted, .. } => {
            Some(Order::ChangeCard { card: promoted.clone() })
        }
        Event::ChargeAsked { payment, amount, card: role } => {
            let card = match role {
                CardRole::Main => card,
                CardRole::Backup => backup,
            };
            Some(Order::Charge { payment: *payment, amount: *amount, card: card?.clone() })
        }
        _ => None,
    }
}

/// The reminders that a card expires, 30 and 7 days before the end of its last month (PAYMENTS §4); those that lie ahead.
pub fn expiry(card: &Card, to: &EmailAddress, now: Timestamp) -> Vec<(Timestamp, Effect)> {
    let next = if card.exp_month >= 12 {
        format!("{:04}-01-01", card.exp_year.saturating_add(1))
    } else {
        format!("{:04}-{:02}-01", card.exp_year, card.exp_month + 1)
    };
    let Some(end) = Day::parse(&next) else { return Vec::new() };
    let reminder = |days: i64| {
        let at = Day(end.0 - days).start();
        let days = u32::try_from(days).unwrap_or_default();
        let letter = Letter::CardExpiring { to: to.clone(), card: card.clone(), days };
        (at > now).then_some((at, Effect::Mail { letter }))
    };
    [30, 7].into_iter().filter_map(reminder).collect()
}
