//! The wallet by what people would say of it.

#![allow(clippy::inconsistent_digit_grouping, reason = "cents are set apart: 100_00 is $100.00")]

use std::time::Duration;

use super::{
    recharge::{CONSENT_VERSION, Consent, DAY, OffReason, RechargeCharge},
    *,
};
use crate::{
    Currency, Money, PaymentId, Policy,
    funding::{Effect, Letter},
    text::EmailAddress,
};

const HOUR: Duration = Duration::from_secs(60 * 60);

fn usd(cents: i64) -> Money {
    Money::from_minor(cents, Currency::Usd).unwrap()
}

fn card(method: &str, last4: &str) -> Card {
    Card {
        payment_method: Some(method.to_owned()),
        brand: "visa".to_owned(),
        last4: last4.to_owned(),
        exp_month: 12,
        exp_year: 2027,
    }
}

fn failure(code: &str, advice: Option<&str>) -> PaymentFailure {
    PaymentFailure {
        code: code.to_owned(),
        message: "No.".to_owned(),
        advice: advice.map(str::to_owned),
        at: Timestamp::from_millis(0),
    }
}

fn dana() -> EmailAddress {
    EmailAddress::parse("dana@brightwater.co").unwrap()
}

fn settings(below: i64, charge: RechargeCharge, daily_cap: i64) -> RechargeSettings {
    RechargeSettings { below: usd(below), charge, daily_cap: usd(daily_cap) }
}

fn fixed(cents: i64) -> RechargeCharge {
    RechargeCharge::Fixed { amount: usd(cents) }
}

fn up_to(cents: i64) -> RechargeCharge {
    RechargeCharge::UpTo { target: usd(cents) }
}

/// A wallet with what is around it.
struct World {
    wallet: Wallet,
    card: Option<Card>,
    balance: Money,
    now: Timestamp,
    open: bool,
    payment_open: bool,
    next: u8,
    letters: Vec<Letter>,
    work: Vec<(Timestamp, Effect)>,
}

impl World {
    fn new() -> Self {
        Self {
            wallet: Wallet::default(),
            card: Some(card("pm_main", "4242")),
            balance: usd(50_00),
            now: Timestamp::parse("2026-11-23T12:00:00Z").unwrap(),
            open: true,
            payment_open: false,
            next: 1,
            letters: Vec::new(),
            work: Vec::new(),
        }
    }

    /// With auto-recharge on.
    fn recharging(settings: RechargeSettings) -> Self {
        let mut world = Self::new();
        world.set(settings).unwrap();
        world
    }

    fn set(&mut self, settings: RechargeSettings) -> Result<Vec<Event>, Refusal> {
        let consent = Consent {
            version: CONSENT_VERSION.to_owned(),
            text: settings.consent_text("Northwind", "Visa ···· 4242"),
            at: self.now,
            by: dana(),
            address: "203.0.113.7".to_owned(),
            last4: "4242".to_owned(),
        };
        self.does(Command::SetRecharge { settings, consent })
    }

    fn does(&mut self, command: Command) -> Result<Vec<Event>, Refusal> {
        let limits = RechargeLimits::customer(&Policy::standard(Currency::Usd));
        let context = Context {
            now: self.now,
            limits: &limits,
            balance: self.balance,
            card: self.card.as_ref(),
            open: self.open,
            payment_open: self.payment_open,
        };
        let events = match decide(&self.wallet, &command, &context)? {
            Decision::AlreadyApplied => return Ok(Vec::new()),
            Decision::Events(events) => events,
        };
        assert!(!events.is_empty(), "{command:?} decides on nothing");
        for event in &events {
            let recorded = Recorded { at: self.now, event: event.clone() };
            for (at, effect) in effects(&recorded, Some(&dana())) {
                match effect {
                    Effect::Mail { letter } if at == self.now => self.letters.push(letter),
                    effect => self.work.push((at, effect)),
                }
            }
            match orders(event, self.card.as_ref(), self.wallet.backup.as_ref()) {
                Some(Order::ChangeCard { card }) => self.card = card,
                Some(Order::Charge { .. }) => self.payment_open = true,
                None => {}
            }
            self.wallet = apply(self.wallet.clone(), &recorded);
        }
        Ok(events)
    }

    fn payment(&mut self) -> PaymentId {
        self.next += 1;
        PaymentId::new(self.now, [self.next; 10])
    }

    /// Looks; answers the payment that is to be made, with its amount and card.
    fn look(&mut self) -> Option<(PaymentId, Money, CardRole)> {
        let payment = self.payment();
        let events = self.does(Command::Check { payment }).unwrap();
        match events.as_slice() {
            [Event::ChargeAsked { payment, amount, card }] => Some((*payment, *amount, *card)),
            _ => None,
        }
    }

    fn succeeds(&mut self, (payment, amount, _): (PaymentId, Money, CardRole)) {
        self.payment_open = false;
        self.balance = self.balance.plus(amount).unwrap();
        self.does(Command::Credited { payment }).unwrap();
    }

    fn declined(&mut self, charge: (PaymentId, Money, CardRole), failure: PaymentFailure) {
        self.payment_open = false;
        self.does(Command::ChargeFailed { payment: charge.0, failure }).unwrap();
    }

    fn state(&self) -> &RechargeState {
        &self.wallet.recharge.as_ref().unwrap().state
    }

    fn passes(&mut self, span: Duration) {
        self.now = self.now.plus(span);
    }
}

#[test]
fn it_charges_once_per_dip_and_only_below_the_threshold() {
    let mut world = World::recharging(settings(10_00, fixed(25_00), 100_00));
    world.balance = usd(10_00);
    assert_eq!(world.look(), None, "at the threshold it is not below it");
    world.balance = usd(9_99);
    let charge = world.look().unwrap();
    assert_eq!((charge.1, charge.2), (usd(25_00), CardRole::Main));
    assert_eq!(world.look(), None, "one open recharge at a time");
    world.succeeds(charge);
    assert_eq!(world.state(), &RechargeState::On);
    assert_eq!(world.look(), None);
    // The same news once more changes nothing.
    assert_eq!(world.does(Command::Credited { payment: charge.0 }), Ok(vec![]));
    let late = failure("card_declined", None);
    assert_eq!(
        world.does(Command::ChargeFailed { payment: charge.0, failure: late }),
        Ok(vec![]),
        "what has succeeded does not fail any more"
    );
}

#[test]
fn up_to_a_target_charges_what_is_missing_and_at_least_the_smallest_payment() {
    let mut world = World::recharging(settings(10_00, up_to(60_00), 100_00));
    world.balance = Money::from_micros(5_123_456, Currency::Usd);
    assert_eq!(world.look().unwrap().1, usd(54_88), "whole coins, upwards");
    let mut world = World::recharging(settings(40_00, up_to(65_00), 100_00));
    world.balance = usd(39_99);
    assert_eq!(world.look().unwrap().1, usd(25_01));
    // A debt is made good with it.
    let mut world = World::recharging(settings(10_00, up_to(60_00), 100_00));
    world.balance = usd(-20_00);
    assert_eq!(world.look().unwrap().1, usd(80_00));
}

#[test]
fn a_day_has_its_limits_and_a_second_letter_comes_only_with_a_second_stop() {
    let mut world = World::recharging(settings(10_00, fixed(25_00), 60_00));
    for _ in 0..2 {
        world.balance = usd(1_00);
        let charge = world.look().unwrap();
        world.succeeds(charge);
        world.passes(HOUR);
    }
    world.balance = usd(1_00);
    assert_eq!(world.look(), None, "the third would be $75.00 of $60.00");
    let until = Timestamp::parse("2026-11-24T12:00:00Z").unwrap();
    assert_eq!(world.state(), &RechargeState::Capped { until });
    assert_eq!(world.look(), None);
    let told = |world: &World| {
        let capped = |letter: &&Letter| matches!(letter, Letter::RechargeCapped { .. });
        world.letters.iter().filter(capped).count()
    };
    assert_eq!(told(&world), 1);
    assert!(world.work.contains(&(until, Effect::Recharge)), "it comes back by itself");
    world.now = until;
    assert!(world.look().is_some(), "24 hours after the first there is room");
    assert_eq!(told(&world), 1);
}

#[test]
fn there_are_four_charges_a_day_at_most_whatever_the_cap() {
    let mut world = World::recharging(settings(10_00, fixed(25_00), 200_00));
    for _ in 0..4 {
        world.balance = usd(1_00);
        let charge = world.look().unwrap();
        world.succeeds(charge);
    }
    world.balance = usd(1_00);
    assert_eq!(world.look(), None);
    assert!(matches!(world.state(), RechargeState::Capped { .. }));
    world.passes(DAY);
    assert!(world.look().is_some());
}

#[test]
fn up_to_a_target_charges_less_when_the_day_allows_no_more() {
    let mut world = World::recharging(settings(10_00, up_to(100_00), 130_00));
    world.balance = usd(0);
    let charge = world.look().unwrap();
    assert_eq!(charge.1, usd(100_00));
    world.succeeds(charge);
    world.balance = usd(5_00);
    assert_eq!(world.look().unwrap().1, usd(30_00), "$130.00 less $100.00");
}

#[test]
fn a_soft_decline_is_tried_after_an_hour_a_day_three_days_and_then_no_more() {
    let mut world = World::recharging(settings(10_00, fixed(25_00), 100_00));
    world.balance = usd(1_00);
    let no = || failure("insufficient_funds", Some("try_again_later"));
    for pause in [1, 24, 72] {
        let charge = world.look().unwrap();
        world.declined(charge, no());
        let until = world.now.plus(HOUR * pause);
        assert!(
            matches!(world.state(), RechargeState::Waiting { until: at, .. } if *at == until),
            "{:?}",
            world.state()
        );
        world.passes(HOUR * pause - Duration::from_secs(1));
        assert_eq!(world.look(), None, "not before its time");
        world.passes(Duration::from_secs(1));
    }
    let charge = world.look().unwrap();
    world.declined(charge, no());
    let RechargeState::Off { why: OffReason::Declined, failure: Some(failure), .. } = world.state()
    else {
        panic!("{:?}", world.state());
    };
    assert_eq!(failure.code, "insufficient_funds");
    assert_eq!(world.look(), None);
    let letters: Vec<_> = world.letters.iter().skip(1).collect();
    assert!(
        matches!(
            letters.as_slice(),
            [
                Letter::RechargeDeclined { .. },
                Letter::RechargeDeclined { .. },
                Letter::RechargeDeclined { .. },
                Letter::RechargeOff { why: OffReason::Declined, .. },
            ]
        ),
        "{letters:?}"
    );
    assert!(world.wallet.recharge.as_ref().unwrap().charges.is_empty(), "nothing was charged");
}

#[test]
fn tries_are_counted_anew_after_one_that_worked() {
    let mut world = World::recharging(settings(10_00, fixed(25_00), 100_00));
    for _ in 0..2 {
        world.balance = usd(1_00);
        for pause in [1, 24, 72] {
            let charge = world.look().unwrap();
            world.declined(charge, failure("insufficient_funds", None));
            world.passes(HOUR * pause);
        }
        let charge = world.look().unwrap();
        world.succeeds(charge);
        assert_eq!(world.state(), &RechargeState::On);
    }
}

#[test]
fn a_hard_decline_switches_it_off_at_once() {
    for (code, advice) in [
        ("lost_card", None),
        ("stolen_card", None),
        ("expired_card", None),
        ("revocation_of_authorization", None),
        ("generic_decline", Some("do_not_try_again")),
    ] {
        let mut world = World::recharging(settings(10_00, fixed(25_00), 100_00));
        world.balance = usd(1_00);
        let charge = world.look().unwrap();
        world.declined(charge, failure(code, advice));
        assert!(
            matches!(world.state(), RechargeState::Off { why: OffReason::Declined, .. }),
            "{code}: {:?}",
            world.state()
        );
    }
}

#[test]
fn a_bank_that_wants_its_cardholder_gets_them_and_a_payment_by_hand_switches_it_on_again() {
    let mut world = World::recharging(settings(10_00, fixed(25_00), 100_00));
    world.balance = usd(1_00);
    let charge = world.look().unwrap();
    // Even if the network advises against another try: another one with the cardholder there is what it wants.
    world.declined(charge, failure("authentication_required", Some("do_not_try_again")));
    assert!(matches!(world.state(), RechargeState::NeedsYou { .. }));
    assert!(
        matches!(world.letters.last(), Some(Letter::ConfirmRecharge { amount, .. }) if *amount == usd(25_00))
    );
    world.passes(DAY * 30);
    assert_eq!(world.look(), None, "nothing is charged behind their back");
    let by_hand = world.payment();
    world.succeeds((by_hand, usd(25_00), CardRole::Main));
    assert_eq!(world.state(), &RechargeState::On);
}

#[test]
fn the_second_card_is_tried_at_once_and_one_that_works_is_all_there_is_to_say() {
    let mut world = World::recharging(settings(10_00, fixed(25_00), 100_00));
    world.wallet.backup = Some(card("pm_backup", "4444"));
    world.balance = usd(1_00);
    let first = world.look().unwrap();
    world.declined(first, failure("lost_card", None));
    let second = world.look().unwrap();
    assert_eq!(second.2, CardRole::Backup);
    assert_ne!(second.0, first.0, "a payment of its own");
    world.succeeds(second);
    assert_eq!(world.state(), &RechargeState::On);
    assert_eq!(world.letters.len(), 1, "only that it was set up: {:?}", world.letters);
    assert_eq!(world.wallet.recharge.as_ref().unwrap().charges.len(), 1);
}

#[test]
fn with_both_cards_declined_the_first_ones_bank_decides() {
    let mut world = World::recharging(settings(10_00, fixed(25_00), 100_00));
    world.wallet.backup = Some(card("pm_backup", "4444"));
    world.balance = usd(1_00);
    for pause in [1, 24, 72] {
        let first = world.look().unwrap();
        assert_eq!(first.2, CardRole::Main, "each try begins with the first");
        world.declined(first, failure("insufficient_funds", None));
        let second = world.look().unwrap();
        world.declined(second, failure("lost_card", None));
        let until = world.now.plus(HOUR * pause);
        assert!(
            matches!(world.state(), RechargeState::Waiting { until: at, .. } if *at == until),
            "{:?}",
            world.state()
        );
        world.passes(HOUR * pause);
    }
    let first = world.look().unwrap();
    world.declined(first, failure("insufficient_funds", None));
    let second = world.look().unwrap();
    world.declined(second, failure("insufficient_funds", None));
    assert!(matches!(world.state(), RechargeState::Off { .. }), "{:?}", world.state());
}

#[test]
fn a_payment_by_hand_meanwhile_makes_the_next_try_needless() {
    let mut world = World::recharging(settings(10_00, fixed(25_00), 100_00));
    world.balance = usd(1_00);
    let charge = world.look().unwrap();
    world.declined(charge, failure("insufficient_funds", None));
    let by_hand = world.payment();
    world.succeeds((by_hand, usd(50_00), CardRole::Main));
    assert_eq!(world.state(), &RechargeState::On);
    world.passes(HOUR);
    assert_eq!(world.look(), None);
    // Another payment does not end one that is at the gateway.
    world.balance = usd(1_00);
    let charge = world.look().unwrap();
    let by_hand = world.payment();
    assert_eq!(world.does(Command::Credited { payment: by_hand }), Ok(vec![]));
    assert!(
        matches!(world.state(), RechargeState::Charging { payment, .. } if *payment == charge.0)
    );
}

#[test]
fn it_waits_for_a_payment_that_is_under_way() {
    let mut world = World::recharging(settings(10_00, fixed(25_00), 100_00));
    world.balance = usd(1_00);
    world.payment_open = true;
    let payment = world.payment();
    assert_eq!(world.does(Command::Check { payment }), Err(Refusal::PaymentUnderWay));
    world.payment_open = false;
    assert!(world.look().is_some());
}

#[test]
fn what_the_agency_pays_for_is_never_recharged() {
    let mut world = World::recharging(settings(10_00, fixed(25_00), 100_00));
    world.balance = usd(-1_00);
    world.open = false;
    assert_eq!(world.look(), None);
    let (setup, role) = (SetupId::new(world.now, [1; 10]), CardRole::Main);
    let start = Command::StartSetup { setup, role, card: card("pm_x", "1") };
    assert_eq!(world.does(start), Err(Refusal::NotOpen));
    assert_eq!(world.does(Command::RemoveCard { role }), Err(Refusal::NotOpen));
}

#[test]
fn a_dispute_and_a_person_switch_it_off_once() {
    let mut world = World::recharging(settings(10_00, fixed(25_00), 100_00));
    assert_eq!(world.does(Command::Disputed).unwrap().len(), 1);
    assert_eq!(world.does(Command::Disputed), Ok(vec![]));
    assert_eq!(world.does(Command::StopRecharge), Ok(vec![]));
    let mut world = World::recharging(settings(10_00, fixed(25_00), 100_00));
    assert_eq!(world.does(Command::StopRecharge).unwrap().len(), 1);
    world.balance = usd(1_00);
    assert_eq!(world.look(), None);
    // Switched off while a charge is at the gateway: what comes of it changes nothing.
    let mut world = World::recharging(settings(10_00, fixed(25_00), 100_00));
    world.balance = usd(1_00);
    let charge = world.look().unwrap();
    world.does(Command::StopRecharge).unwrap();
    world.succeeds(charge);
    assert!(matches!(world.state(), RechargeState::Off { why: OffReason::ByPerson, .. }));
}

#[test]
fn settings_are_held_to_the_limits_and_the_refusal_names_the_field() {
    let mut world = World::new();
    for (chosen, code, pointer) in [
        (settings(10_00, fixed(24_99), 100_00), "below_minimum", "/amount"),
        (settings(10_00, fixed(200_01), 200_00), "above_maximum", "/amount"),
        (settings(-1, fixed(25_00), 100_00), "below_minimum", "/below"),
        (settings(1_975_01, fixed(25_00), 100_00), "above_maximum", "/below"),
        (settings(10_00, fixed(25_00), 24_99), "below_minimum", "/daily_cap"),
        (settings(10_00, fixed(25_00), 200_01), "above_maximum", "/daily_cap"),
        (settings(10_00, up_to(34_99), 100_00), "below_minimum", "/up_to"),
        (settings(10_00, up_to(2_000_01), 200_00), "above_maximum", "/up_to"),
    ] {
        let refusal = world.set(chosen).unwrap_err();
        assert_eq!((refusal.code(), refusal.pointer()), (code, Some(pointer)), "{chosen:?}");
        assert!(world.wallet.recharge.is_none());
    }
    let mut euros = settings(10_00, fixed(25_00), 100_00);
    euros.below = Money::from_micros(10_000_000, Currency::Eur);
    assert_eq!(world.set(euros).unwrap_err().code(), "wrong_currency");
    let mut fraction = settings(10_00, fixed(25_00), 100_00);
    fraction.below = Money::from_micros(10_001_000, Currency::Usd);
    assert_eq!(world.set(fraction).unwrap_err().code(), "too_precise");
    world.card = None;
    assert_eq!(world.set(settings(10_00, fixed(25_00), 100_00)), Err(Refusal::NoCard));
    world.card = Some(card("pm_main", "4242"));
    let agreed = settings(10_00, fixed(25_00), 100_00);
    world.set(agreed).unwrap();
    let recharge = world.wallet.recharge.as_ref().unwrap();
    assert_eq!((recharge.settings, recharge.consent.last4.as_str()), (agreed, "4242"));
    for part in ["$25.00", "$10.00", "$100.00", "24 hours", "switch it off", "Visa ···· 4242"] {
        assert!(recharge.consent.text.contains(part), "{part}: {}", recharge.consent.text);
    }
}

#[test]
fn what_is_suggested_can_be_set_in_every_currency() {
    for currency in Currency::ALL {
        for of in [RechargeLimits::customer, RechargeLimits::agency] {
            let limits = of(&Policy::standard(currency));
            let wallet = Wallet::default();
            let card = card("pm", "4242");
            let context = Context {
                now: Timestamp::from_millis(0),
                limits: &limits,
                balance: Money::zero(currency),
                card: Some(&card),
                open: true,
                payment_open: false,
            };
            let consent = Consent {
                version: CONSENT_VERSION.to_owned(),
                text: String::new(),
                at: context.now,
                by: dana(),
                address: String::new(),
                last4: String::new(),
            };
            let command = Command::SetRecharge { settings: limits.suggested, consent };
            assert!(decide(&wallet, &command, &context).is_ok(), "{currency:?}");
        }
    }
}

#[test]
fn what_is_offered_can_be_paid_in_every_currency() {
    for currency in Currency::ALL {
        let policy = Policy::standard(currency);
        for offered in [policy.presets(), policy.agency_presets()] {
            assert_eq!(offered.len(), 4, "{currency:?}: {offered:?}");
            for amount in offered {
                assert!((policy.minimum..=policy.maximum).contains(&amount), "{amount}");
            }
        }
    }
}

#[test]
fn a_card_is_saved_in_the_place_of_another_however_often_that_is_told() {
    let mut world = World::new();
    let (setup, role) = (SetupId::new(world.now, [1; 10]), CardRole::Main);
    let (old, new) = (card("pm_main", "4242"), card("pm_new", "4444"));
    world.does(Command::StartSetup { setup, role, card: new.clone() }).unwrap();
    let twice = Command::StartSetup { setup, role, card: new.clone() };
    assert_eq!(world.does(twice), Ok(vec![]));
    let other = SetupId::new(world.now, [2; 10]);
    let second = Command::StartSetup { setup: other, role, card: new.clone() };
    assert_eq!(world.does(second), Err(Refusal::CardUnderWay), "the gateway has not answered");
    world.does(Command::RequireSetupAction { setup }).unwrap();
    assert_eq!(world.does(Command::RequireSetupAction { setup }), Ok(vec![]));
    let events = world.does(Command::SettleSetup { setup, card: new.clone() }).unwrap();
    assert!(
        matches!(events.as_slice(), [Event::CardSaved { dropped: Some(dropped), .. }] if *dropped == old),
        "{events:?}"
    );
    assert_eq!(world.card.as_ref(), Some(&new));
    assert!(
        world.work.iter().any(|(_, effect)| *effect == Effect::DetachCard { card: old.clone() })
    );
    assert_eq!(world.does(Command::SettleSetup { setup, card: new }), Ok(vec![]));
    let failed = Command::FailSetup { setup, failure: failure("card_declined", None) };
    assert_eq!(world.does(failed), Ok(vec![]), "old news");
}

#[test]
fn a_card_that_nobody_waits_for_any_more_is_forgotten_again() {
    let mut world = World::new();
    let (first, second) = (SetupId::new(world.now, [1; 10]), SetupId::new(world.now, [2; 10]));
    let role = CardRole::Backup;
    world.does(Command::StartSetup { setup: first, role, card: card("pm_1", "1111") }).unwrap();
    world.does(Command::RequireSetupAction { setup: first }).unwrap();
    let events = world
        .does(Command::StartSetup { setup: second, role, card: card("pm_2", "2222") })
        .unwrap();
    assert!(
        matches!(events.as_slice(), [Event::SetupStarted { replaces: Some(old), .. }] if *old == first)
    );
    assert!(world.work.iter().any(|(_, effect)| *effect == Effect::CancelSetup { setup: first }));
    // The cardholder authenticates the first one after all.
    let stray = world.does(Command::SettleSetup { setup: first, card: card("pm_1", "1111") });
    assert!(matches!(stray.unwrap().as_slice(), [Event::StrayCard { .. }]));
    world.does(Command::SettleSetup { setup: second, card: card("pm_2", "2222") }).unwrap();
    assert_eq!(world.wallet.backup, Some(card("pm_2", "2222")));
    assert_eq!(world.card, Some(card("pm_main", "4242")), "the first card is not touched");
}

#[test]
fn a_second_card_without_a_first_is_the_first() {
    let mut world = World::new();
    world.card = None;
    let (setup, role) = (SetupId::new(world.now, [1; 10]), CardRole::Backup);
    let new = card("pm_new", "4444");
    world.does(Command::StartSetup { setup, role, card: new.clone() }).unwrap();
    world.does(Command::SettleSetup { setup, card: new.clone() }).unwrap();
    assert_eq!((world.card, world.wallet.backup), (Some(new), None));
}

#[test]
fn with_the_first_card_removed_the_second_takes_its_place_or_the_recharge_stops() {
    let mut world = World::recharging(settings(10_00, fixed(25_00), 100_00));
    world.wallet.backup = Some(card("pm_backup", "4444"));
    let role = CardRole::Main;
    world.does(Command::RemoveCard { role }).unwrap();
    assert_eq!(world.card, Some(card("pm_backup", "4444")));
    assert_eq!(world.wallet.backup, None);
    assert_eq!(world.state(), &RechargeState::On);
    assert_eq!(world.does(Command::RemoveCard { role: CardRole::Backup }), Err(Refusal::NoCard));
    world.payment_open = true;
    assert_eq!(world.does(Command::RemoveCard { role }), Err(Refusal::PaymentUnderWay));
    world.payment_open = false;
    world.does(Command::RemoveCard { role }).unwrap();
    assert_eq!(world.card, None);
    assert!(matches!(world.state(), RechargeState::Off { why: OffReason::NoCard, .. }));
}

#[test]
fn when_the_agency_takes_billing_back_everything_is_dropped() {
    let mut world = World::recharging(settings(10_00, fixed(25_00), 100_00));
    world.wallet.backup = Some(card("pm_backup", "4444"));
    let (setup, role) = (SetupId::new(world.now, [1; 10]), CardRole::Main);
    world.does(Command::StartSetup { setup, role, card: card("pm_x", "1111") }).unwrap();
    world.open = false;
    world.card = None;
    world.does(Command::Drop).unwrap();
    let version = world.wallet.version;
    assert_eq!(world.wallet, Wallet { version, ..Wallet::default() });
    let work: Vec<_> = world.work.iter().map(|(_, effect)| effect.clone()).collect();
    assert!(work.contains(&Effect::DetachCard { card: card("pm_backup", "4444") }));
    assert!(work.contains(&Effect::CancelSetup { setup }));
    assert_eq!(world.does(Command::Drop), Ok(vec![]));
    // It is saved after all: nobody keeps it.
    let stray = world.does(Command::SettleSetup { setup, card: card("pm_x", "1111") }).unwrap();
    assert!(matches!(stray.as_slice(), [Event::StrayCard { .. }]));
}

#[test]
fn reminders_come_thirty_and_seven_days_before_a_card_s_last_month_is_over() {
    let now = Timestamp::parse("2026-11-23T12:00:00Z").unwrap();
    let days = |card: &Card, now| -> Vec<String> {
        let reminders = effect::expiry(card, &dana(), now);
        reminders.into_iter().map(|(at, _)| at.to_string()).collect()
    };
    let mut card = card("pm", "4242");
    assert_eq!(days(&card, now), ["2027-12-02T00:00:00Z", "2027-12-25T00:00:00Z"]);
    (card.exp_month, card.exp_year) = (11, 2026);
    assert_eq!(days(&card, now), ["2026-11-24T00:00:00Z"], "the first has passed");
    (card.exp_month, card.exp_year) = (10, 2026);
    assert_eq!(days(&card, now), [""; 0]);
    (card.exp_month, card.exp_year) = (0, 99_999);
    assert_eq!(days(&card, now), [""; 0], "a year that no calendar has");
}

#[test]
fn the_preview_plays_the_days_through_by_the_same_rules() {
    let limits = RechargeLimits::customer(&Policy::standard(Currency::Usd));
    let day =
        |number: u8, cents| DaySpent { day: format!("2026-11-{number:02}"), amount: usd(cents) };
    let days = [day(1, 5_00), day(2, 0), day(3, 24_00), day(4, 300_00)];
    let foreseen = foresee(&settings(10_00, fixed(25_00), 50_00), &limits, &days);
    let expected = [("01", 25_00), ("03", 25_00), ("04", 25_00), ("04", 25_00)];
    let expected: Vec<_> =
        expected.map(|(day, cents)| (format!("2026-11-{day}"), usd(cents))).to_vec();
    assert_eq!(foreseen, Foreseen { charges: expected, total: usd(100_00), capped: 1 });
    let none = foresee(&settings(10_00, fixed(25_00), 50_00), &limits, &[]);
    assert_eq!((none.charges.len(), none.total, none.capped), (0, usd(0), 0));
}
