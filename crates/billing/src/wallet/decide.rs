//! Command → events. One function a command, as in the funding machine.

use super::{
    Advice, CardRole, Command, Context, Event, Recharge, RechargeSettings, RechargeState, Refusal,
    Wallet,
    recharge::{Consent, DAY, OffReason, RETRY_AFTER, RechargeCharge},
};
use crate::{
    Money, PaymentId, SetupId,
    funding::{Card, PaymentFailure},
};

/// What follows from a command that is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// These things happen, in this order; never none.
    Events(Vec<Event>),
    /// What was asked for is so already, or there is nothing to do.
    AlreadyApplied,
}

type Decided = Result<Decision, Refusal>;

/// Judges a command against a wallet.
///
/// # Errors
/// The [`Refusal`] that says why not.
pub fn decide(wallet: &Wallet, command: &Command, context: &Context<'_>) -> Decided {
    let machine = Machine { wallet, context };
    match command {
        Command::StartSetup { setup, role, card } => machine.start_setup(*setup, *role, card),
        Command::RequireSetupAction { setup } => machine.require_setup_action(*setup),
        Command::SettleSetup { setup, card } => machine.settle_setup(*setup, card),
        Command::FailSetup { setup, failure } => machine.fail_setup(*setup, failure),
        Command::RemoveCard { role } => machine.remove_card(*role),
        Command::SetRecharge { settings, consent } => machine.set_recharge(*settings, consent),
        Command::StopRecharge => machine.stop_recharge(),
        Command::Check { payment } => machine.check(*payment),
        Command::ChargeNeedsAction { payment } => machine.charge_needs_action(*payment),
        Command::ChargeFailed { payment, failure } => machine.charge_failed(*payment, failure),
        Command::Credited { payment } => Ok(machine.credited(*payment)),
        Command::Disputed => Ok(machine.disputed()),
        Command::Drop => Ok(machine.drop_all()),
    }
}

fn happens(event: Event) -> Decided {
    Ok(Decision::Events(vec![event]))
}

struct Machine<'a> {
    wallet: &'a Wallet,
    context: &'a Context<'a>,
}

impl Machine<'_> {
    fn start_setup(&self, setup: SetupId, role: CardRole, card: &Card) -> Decided {
        self.must_be_open()?;
        let open = self.wallet.setup.as_ref();
        if open.is_some_and(|open| open.id == setup) {
            return Ok(Decision::AlreadyApplied);
        }
        // One that waits for its cardholder may be given up for another; one at the gateway may not.
        if open.is_some_and(|open| !open.needs_action) {
            return Err(Refusal::CardUnderWay);
        }
        // A second card without a first is the first.
        let role = if self.context.card.is_none() { CardRole::Main } else { role };
        let replaces = open.map(|open| open.id);
        happens(Event::SetupStarted { setup, role, card: card.clone(), replaces })
    }

    fn require_setup_action(&self, setup: SetupId) -> Decided {
        match &self.wallet.setup {
            Some(open) if open.id == setup && !open.needs_action => {
                happens(Event::SetupNeedsAction { setup })
            }
            _ => Ok(Decision::AlreadyApplied),
        }
    }

    fn settle_setup(&self, setup: SetupId, card: &Card) -> Decided {
        let known = |other: Option<&Card>| {
            other.is_some_and(|other| other.payment_method == card.payment_method)
        };
        let open = self.wallet.setup.as_ref().filter(|open| open.id == setup);
        match open {
            Some(open) if self.context.open => {
                let dropped = match open.role {
                    CardRole::Main => self.context.card,
                    CardRole::Backup => self.wallet.backup.as_ref(),
                };
                let dropped = dropped.filter(|old| !known(Some(old))).cloned();
                let role = open.role;
                happens(Event::CardSaved { setup, role, card: card.clone(), dropped })
            }
            // Told once more, after it was taken.
            _ if known(self.context.card) || known(self.wallet.backup.as_ref()) => {
                Ok(Decision::AlreadyApplied)
            }
            _ => happens(Event::StrayCard { setup, card: card.clone() }),
        }
    }

    fn fail_setup(&self, setup: SetupId, failure: &PaymentFailure) -> Decided {
        match &self.wallet.setup {
            Some(open) if open.id == setup => {
                happens(Event::SetupFailed { setup, failure: failure.clone() })
            }
            _ => Ok(Decision::AlreadyApplied),
        }
    }

    fn remove_card(&self, role: CardRole) -> Decided {
        self.must_be_open()?;
        if self.context.payment_open {
            return Err(Refusal::PaymentUnderWay);
        }
        let backup = self.wallet.backup.clone();
        let (card, promoted) = match role {
            CardRole::Main => (self.context.card.cloned(), backup),
            CardRole::Backup => (backup, None),
        };
        let card = card.ok_or(Refusal::NoCard)?;
        let stops = role == CardRole::Main && promoted.is_none() && self.recharge_is_on();
        let mut events = vec![Event::CardRemoved { role, card, promoted }];
        if stops {
            events.push(Event::RechargeStopped { why: OffReason::NoCard, failure: None });
        }
        Ok(Decision::Events(events))
    }

    fn set_recharge(&self, settings: RechargeSettings, consent: &Consent) -> Decided {
        self.must_be_open()?;
        if self.context.card.is_none() {
            return Err(Refusal::NoCard);
        }
        if let Some(Recharge { state: RechargeState::Charging { .. }, .. }) = &self.wallet.recharge
        {
            return Err(Refusal::PaymentUnderWay);
        }
        settings.check(self.context.limits)?;
        happens(Event::RechargeSet { settings, consent: consent.clone() })
    }

    fn stop_recharge(&self) -> Decided {
        if !self.recharge_is_on() {
            return Ok(Decision::AlreadyApplied);
        }
        happens(Event::RechargeStopped { why: OffReason::ByPerson, failure: None })
    }

    /// The heart of it: may be called at any time, any number of times, and charges once.
    fn check(&self, payment: PaymentId) -> Decided {
        let Some(recharge) = self.wallet.recharge.as_ref().filter(|_| self.context.open) else {
            return Ok(Decision::AlreadyApplied);
        };
        let now = self.context.now;
        let mut role = CardRole::Main;
        match &recharge.state {
            RechargeState::On => {}
            RechargeState::Waiting { until, card, .. } if now >= *until => role = *card,
            RechargeState::Capped { until } if now >= *until => {}
            _ => return Ok(Decision::AlreadyApplied),
        }
        let limits = self.context.limits;
        let Some(amount) = recharge.settings.wanted(self.context.balance, limits) else {
            // Somebody has paid meanwhile.
            return match recharge.state {
                RechargeState::On => Ok(Decision::AlreadyApplied),
                _ => happens(Event::RechargeReady),
            };
        };
        if self.context.payment_open {
            return Err(Refusal::PaymentUnderWay);
        }
        if role == CardRole::Backup && self.wallet.backup.is_none() {
            role = CardRole::Main;
        }
        if self.context.card.is_none() {
            return happens(Event::RechargeStopped { why: OffReason::NoCard, failure: None });
        }
        match self.room(recharge, amount)? {
            Some(amount) => happens(Event::ChargeAsked { payment, amount, card: role }),
            None => {
                let oldest = recharge.recent(now).next().map_or(now, |charge| charge.at);
                happens(Event::ChargeCapped { until: oldest.plus(DAY) })
            }
        }
    }

    /// How much of an amount the limits of a day leave; nothing when that is too little to charge.
    fn room(&self, recharge: &Recharge, amount: Money) -> Result<Option<Money>, Refusal> {
        let (now, limits) = (self.context.now, self.context.limits);
        let zero = Money::zero(amount.currency());
        let spent = recharge.recent(now).try_fold(zero, |sum, charge| sum.plus(charge.amount));
        let left = spent.and_then(|spent| recharge.settings.daily_cap.minus(spent));
        let left = left.map_err(|_| Refusal::Overflow)?;
        let count = u32::try_from(recharge.recent(now).count()).unwrap_or(u32::MAX);
        let amount = match recharge.settings.charge {
            RechargeCharge::Fixed { .. } => amount,
            RechargeCharge::UpTo { .. } => amount.min(left),
        };
        let fits = count < limits.charges_per_day && amount <= left && amount >= limits.minimum;
        Ok(fits.then_some(amount))
    }

    fn charging(&self, payment: PaymentId) -> Option<&RechargeState> {
        let state = self.wallet.recharge.as_ref().map(|recharge| &recharge.state)?;
        matches!(state, RechargeState::Charging { payment: ours, .. } if *ours == payment)
            .then_some(state)
    }

    fn charge_amount(&self, payment: PaymentId) -> Option<Money> {
        let charges = self.wallet.recharge.iter().flat_map(|recharge| &recharge.charges);
        charges.into_iter().find(|charge| charge.payment == payment).map(|charge| charge.amount)
    }

    fn charge_needs_action(&self, payment: PaymentId) -> Decided {
        match (self.charging(payment), self.charge_amount(payment)) {
            (Some(_), Some(amount)) => happens(Event::ConfirmationAsked { amount }),
            _ => Ok(Decision::AlreadyApplied),
        }
    }

    fn charge_failed(&self, payment: PaymentId, failure: &PaymentFailure) -> Decided {
        let Some(RechargeState::Charging { card, tries, declined, .. }) = self.charging(payment)
        else {
            return Ok(Decision::AlreadyApplied);
        };
        let now = self.context.now;
        if *card == CardRole::Main && self.wallet.backup.is_some() {
            let (card, failure) = (CardRole::Backup, failure.clone());
            return happens(Event::ChargePutOff { until: now, card, failure });
        }
        // With both cards declined, what the first one's bank said decides: it is the card on file.
        let failure = declined.as_ref().unwrap_or(failure).clone();
        let amount = self.charge_amount(payment);
        match (Advice::of(&failure), amount) {
            (Advice::Authenticate, Some(amount)) => happens(Event::ConfirmationAsked { amount }),
            (Advice::Stop, _) => happens(stopped(failure)),
            _ => match RETRY_AFTER.get(usize::try_from(*tries).unwrap_or(usize::MAX)) {
                Some(pause) => {
                    let (until, card) = (now.plus(*pause), CardRole::Main);
                    happens(Event::ChargePutOff { until, card, failure })
                }
                None => happens(stopped(failure)),
            },
        }
    }

    fn credited(&self, payment: PaymentId) -> Decision {
        let state = self.wallet.recharge.as_ref().map(|recharge| &recharge.state);
        match state {
            Some(RechargeState::Charging { payment: ours, .. }) if *ours != payment => {
                Decision::AlreadyApplied
            }
            // It may have been too little: the threshold is looked at again.
            Some(
                RechargeState::Charging { .. }
                | RechargeState::Waiting { .. }
                | RechargeState::NeedsYou { .. },
            ) => Decision::Events(vec![Event::RechargeReady]),
            _ => Decision::AlreadyApplied,
        }
    }

    fn disputed(&self) -> Decision {
        if !self.recharge_is_on() {
            return Decision::AlreadyApplied;
        }
        let (why, failure) = (OffReason::Disputed, None);
        Decision::Events(vec![Event::RechargeStopped { why, failure }])
    }

    fn drop_all(&self) -> Decision {
        let Wallet { backup, setup, recharge, .. } = self.wallet;
        if backup.is_none() && setup.is_none() && recharge.is_none() {
            return Decision::AlreadyApplied;
        }
        let (backup, setup) = (backup.clone(), setup.as_ref().map(|setup| setup.id));
        Decision::Events(vec![Event::Dropped { backup, setup }])
    }

    fn recharge_is_on(&self) -> bool {
        self.wallet.recharge.as_ref().is_some_and(Recharge::is_on)
    }

    fn must_be_open(&self) -> Result<(), Refusal> {
        self.context.open.then_some(()).ok_or(Refusal::NotOpen)
    }
}

fn stopped(failure: PaymentFailure) -> Event {
    Event::RechargeStopped { why: OffReason::Declined, failure: Some(failure) }
}
