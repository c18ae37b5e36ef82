//! What the outside world, and whoever owns the payments, have to do about a wallet's event.

use super::{CardRole, Event, Order, Recorded, recharge::OffReason};
use crate::{
    Timestamp,
    funding::{Card, Effect, Letter},
    text::EmailAddress,
    usage::Day,
};

/// The work that follows from an event, each with when it is due. `to` is who is written to about this balance, `backup` the second
/// card before it.
pub fn effects(recorded: &Recorded, to: &EmailAddress) -> Vec<(Timestamp, Effect)> {
    let at = recorded.at;
    let now = |effect| (at, effect);
    let mail = |letter| (at, Effect::Mail { letter });
    let to = || to.clone();
    match &recorded.event {
        Event::SetupStarted { setup, replaces, .. } => {
            let cancel = replaces.map(|setup| now(Effect::CancelSetup { setup }));
            cancel.into_iter().chain([now(Effect::SaveCard { setup: *setup })]).collect()
        }
        Event::CardSaved { card, dropped, role, .. } => {
            let letter = Letter::CardSaved { to: to(), card: card.clone(), role: *role };
            let detach = dropped.clone().map(|card| now(Effect::DetachCard { card }));
            let check = now(Effect::Recharge);
            detach.into_iter().chain([mail(letter), check]).chain(expiry(card, &to(), at)).collect()
        }
        Event::StrayCard { card, .. } => vec![now(Effect::DetachCard { card: card.clone() })],
        Event::CardRemoved { card, .. } => vec![
            now(Effect::DetachCard { card: card.clone() }),
            mail(Letter::CardRemoved { to: to(), card: card.clone() }),
        ],
        Event::RechargeSet { settings, consent } => {
            let text = consent.text.clone();
            let letter = Letter::RechargeOn { to: to(), settings: *settings, text };
            vec![mail(letter), now(Effect::Recharge)]
        }
        Event::RechargeStopped { why, failure } => {
            let letter = Letter::RechargeOff { to: to(), why: *why, failure: failure.clone() };
            // Whoever has removed the card or switched it off has seen it on their screen; the others have not.
            let told =
                matches!(why, OffReason::Declined | OffReason::Disputed | OffReason::ByPerson);
            told.then(|| mail(letter)).into_iter().collect()
        }
        Event::ChargePutOff { until, card, failure } => {
            let again = (*until, Effect::Recharge);
            let letter =
                Letter::RechargeDeclined { to: to(), failure: failure.clone(), retry_at: *until };
            // The second card is tried at once: only what comes of that is news.
            let letter = (*card == CardRole::Main).then(|| mail(letter));
            letter.into_iter().chain([again]).collect()
        }
        Event::ChargeCapped { until } => vec![
            mail(Letter::RechargeCapped { to: to(), until: *until }),
            (*until, Effect::Recharge),
        ],
        Event::ConfirmationAsked { amount } => {
            vec![mail(Letter::ConfirmRecharge { to: to(), amount: *amount })]
        }
        Event::RechargeReady => vec![now(Effect::Recharge)],
        Event::Dropped { backup, setup } => {
            let cancel = setup.map(|setup| now(Effect::CancelSetup { setup }));
            let detach = backup.clone().map(|card| now(Effect::DetachCard { card }));
            cancel.into_iter().chain(detach).collect()
        }
        Event::SetupNeedsAction { .. } | Event::SetupFailed { .. } | Event::ChargeAsked { .. } => {
            Vec::new()
        }
    }
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
