//! Event → wallet. Total, like the funding's.

use super::{
    CardRole, CardSetup, Event, Recharge, RechargeState, Recorded, Wallet,
    recharge::{OffReason, RechargeMade},
};

/// What is true after `recorded`.
#[must_use]
pub fn apply(mut wallet: Wallet, recorded: &Recorded) -> Wallet {
    wallet.version = wallet.version.saturating_add(1);
    let at = recorded.at;
    match &recorded.event {
        Event::SetupStarted { setup, role, card, .. } => {
            let card = card.clone();
            wallet.setup = Some(CardSetup {
                id: *setup,
                role: *role,
                card,
                started_at: at,
                needs_action: false,
            });
            wallet.setup_failure = None;
        }
        Event::SetupNeedsAction { setup } => {
            if let Some(open) = wallet.setup.as_mut().filter(|open| open.id == *setup) {
                open.needs_action = true;
            }
        }
        Event::SetupFailed { setup, failure } => {
            if wallet.setup.take_if(|open| open.id == *setup).is_some() {
                wallet.setup_failure = Some(failure.clone());
            }
        }
        Event::CardSaved { setup, role, card, .. } => {
            wallet.setup.take_if(|open| open.id == *setup);
            wallet.setup_failure = None;
            if *role == CardRole::Backup {
                wallet.backup = Some(card.clone());
            }
        }
        Event::StrayCard { .. } => {}
        Event::CardRemoved { role, promoted, .. } => {
            if *role == CardRole::Backup || promoted.is_some() {
                wallet.backup = None;
            }
        }
        Event::RechargeSet { settings, consent } => {
            let charges = wallet.recharge.take().map(|old| old.charges).unwrap_or_default();
            let (settings, consent) = (*settings, consent.clone());
            wallet.recharge =
                Some(Recharge { settings, consent, state: RechargeState::On, charges });
        }
        Event::RechargeStopped { why, failure } => change(&mut wallet, |recharge| {
            if *why == OffReason::Declined {
                forget_charge(recharge);
            }
            recharge.state = RechargeState::Off { why: *why, at, failure: failure.clone() };
        }),
        Event::ChargeAsked { payment, amount, card } => change(&mut wallet, |recharge| {
            let (tries, declined) = match &recharge.state {
                RechargeState::Waiting { tries, failure, card: CardRole::Backup, .. } => {
                    (*tries, Some(failure.clone()))
                }
                RechargeState::Waiting { tries, .. } => (*tries, None),
                _ => (0, None),
            };
            recharge.charges = recharge.recent(at).copied().collect();
            recharge.charges.push(RechargeMade { payment: *payment, at, amount: *amount });
            recharge.state =
                RechargeState::Charging { payment: *payment, card: *card, tries, declined };
        }),
        Event::ChargePutOff { until, card, failure } => change(&mut wallet, |recharge| {
            let before = forget_charge(recharge);
            // The second card's turn belongs to the same try.
            let tries = if *card == CardRole::Backup { before } else { before.saturating_add(1) };
            let (until, card, failure) = (*until, *card, failure.clone());
            recharge.state = RechargeState::Waiting { until, card, tries, failure };
        }),
        Event::ChargeCapped { until } => {
            change(&mut wallet, |recharge| {
                recharge.state = RechargeState::Capped { until: *until };
            });
        }
        Event::ConfirmationAsked { amount } => change(&mut wallet, |recharge| {
            // What its cardholder confirms they pay by hand.
            forget_charge(recharge);
            recharge.state = RechargeState::NeedsYou { amount: *amount, since: at };
        }),
        Event::RechargeReady => change(&mut wallet, |recharge| recharge.state = RechargeState::On),
        Event::Dropped { .. } => {
            let version = wallet.version;
            wallet = Wallet { version, ..Wallet::default() };
        }
    }
    wallet
}

fn change(wallet: &mut Wallet, change: impl FnOnce(&mut Recharge)) {
    if let Some(recharge) = wallet.recharge.as_mut() {
        change(recharge);
    }
}

/// The charge under way came to nothing and counts against no limit; answers how often a try had failed before it.
fn forget_charge(recharge: &mut Recharge) -> u32 {
    match &recharge.state {
        RechargeState::Charging { payment, tries, .. } => {
            recharge.charges.retain(|charge| charge.payment != *payment);
            *tries
        }
        RechargeState::Waiting { tries, .. } => *tries,
        _ => 0,
    }
}
