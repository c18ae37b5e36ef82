//! What the agency's own payments do, in whatever order they are told.

#![allow(clippy::inconsistent_digit_grouping, reason = "cents are set apart: 100_00 is $100.00")]

use super::*;
use crate::Currency;

fn usd(cents: i64) -> Money {
    Money::from_minor(cents, Currency::Usd).unwrap()
}

fn id(number: u8) -> PaymentId {
    PaymentId::new(Timestamp::from_millis(0), [number; 10])
}

fn card(method: &str) -> Card {
    Card {
        payment_method: Some(method.to_owned()),
        brand: "visa".to_owned(),
        last4: "4242".to_owned(),
        exp_month: 12,
        exp_year: 2031,
    }
}

fn start(number: u8, cents: i64, recharge: bool) -> Command {
    Command::StartTopUp {
        payment: id(number),
        amount: usd(cents),
        card: card("pm_new"),
        recharge,
        email: EmailAddress::parse("robin@northwind.example").unwrap(),
    }
}

fn settle(number: u8, cents: i64) -> Command {
    Command::SettlePayment { payment: id(number), amount: usd(cents), card: Some(card("pm_new")) }
}

fn fail(number: u8) -> Command {
    let failure = PaymentFailure {
        code: "card_declined".to_owned(),
        message: "No.".to_owned(),
        advice: None,
        at: Timestamp::from_millis(0),
    };
    Command::FailPayment { payment: id(number), failure }
}

fn dispute(number: u8, cents: i64) -> Command {
    let (dispute, reason) = ("dp_1".to_owned(), "fraudulent".to_owned());
    Command::OpenDispute {
        payment: id(number),
        dispute,
        amount: usd(cents),
        reason,
        answer_by: None,
    }
}

fn decided(number: u8, won: bool) -> Command {
    Command::CloseDispute { payment: id(number), dispute: "dp_1".to_owned(), won }
}

/// The treasury, what its entries add up to on the agency's balance, and the effects' count.
#[derive(Default)]
struct World {
    treasury: Treasury,
    balance: i64,
    work: Vec<Effect>,
}

impl World {
    fn does(&mut self, command: Command) -> Result<bool, Refusal> {
        let policy = Policy::standard(Currency::Usd);
        let Some(event) = decide(&self.treasury, &command, &policy)? else { return Ok(false) };
        let recorded = Recorded { at: Timestamp::from_millis(1), event };
        if let Some(entry) = entry_for(&recorded).unwrap() {
            self.balance += entry.change_to(crate::ledger::Book::Agency).micros();
        }
        self.work.extend(effects(&recorded));
        self.treasury = apply(self.treasury.clone(), &recorded);
        Ok(true)
    }
}

#[test]
fn a_top_up_is_credited_once_and_its_card_takes_the_place_of_the_other() {
    let mut world = World::default();
    world.treasury.card = Some(card("pm_old"));
    assert_eq!(world.does(start(1, 500_00, false)), Ok(true));
    assert_eq!(world.does(start(1, 500_00, false)), Ok(false), "a double click");
    assert_eq!(world.does(start(2, 500_00, false)), Err(Refusal::PaymentUnderWay));
    assert_eq!(world.does(Command::RequireAction { payment: id(1) }), Ok(true));
    assert_eq!(world.does(Command::RequireAction { payment: id(1) }), Ok(false));
    let wrong = Err(Refusal::PaymentMismatch { expected: usd(500_00) });
    assert_eq!(world.does(settle(1, 499_99)), wrong);
    assert_eq!(world.does(settle(1, 500_00)), Ok(true));
    assert_eq!(world.does(settle(1, 500_00)), Ok(false));
    assert_eq!(world.does(fail(1)), Ok(false), "old news");
    assert_eq!(world.balance, usd(500_00).micros());
    assert_eq!(world.treasury.card, Some(card("pm_new")));
    assert!(world.work.contains(&Effect::DetachCard { card: card("pm_old") }));
    assert!(world.treasury.clone().trimmed().payments.is_empty(), "nothing to remember");
    assert_eq!(world.does(settle(9, 1)), Err(Refusal::UnknownPayment));
}

#[test]
fn a_recharge_leaves_the_card_on_file_what_it_is() {
    let mut world = World::default();
    world.treasury.card = Some(card("pm_old"));
    world.does(start(1, 100_00, true)).unwrap();
    world.does(settle(1, 100_00)).unwrap();
    assert_eq!(world.treasury.card, Some(card("pm_old")));
    assert!(!world.work.iter().any(|effect| matches!(effect, Effect::DetachCard { .. })));
}

#[test]
fn a_decline_that_turns_out_to_be_a_charge_is_one() {
    let mut world = World::default();
    world.does(start(1, 100_00, false)).unwrap();
    assert_eq!(world.does(fail(1)), Ok(true));
    assert_eq!(world.does(fail(1)), Ok(false));
    assert_eq!(world.balance, 0);
    assert_eq!(world.does(settle(1, 100_00)), Ok(true));
    assert_eq!(world.balance, usd(100_00).micros());
}

#[test]
fn amounts_are_held_to_the_limits() {
    for (cents, code) in [(24_99, "below_minimum"), (1_000_001, "above_maximum")] {
        let refusal = World::default().does(start(1, cents, false)).unwrap_err();
        assert_eq!(refusal.code(), code);
    }
}

#[test]
fn a_dispute_takes_the_money_back_until_it_is_won() {
    for (won, left) in [(true, 100_00), (false, 40_00)] {
        let mut world = World::default();
        world.does(start(1, 100_00, false)).unwrap();
        assert_eq!(world.does(dispute(1, 60_00)), Err(Refusal::PaymentUnderWay));
        world.does(settle(1, 100_00)).unwrap();
        let wrong = Err(Refusal::PaymentMismatch { expected: usd(100_00) });
        assert_eq!(world.does(dispute(1, 100_01)), wrong);
        assert_eq!(world.does(decided(1, won)), Err(Refusal::UnknownPayment), "not opened yet");
        assert_eq!(world.does(dispute(1, 60_00)), Ok(true));
        assert_eq!(world.does(dispute(1, 60_00)), Ok(false));
        assert_eq!(world.balance, usd(40_00).micros());
        assert_eq!(world.treasury.clone().trimmed().payments.len(), 1, "open: remembered");
        assert_eq!(world.does(decided(1, won)), Ok(true));
        assert_eq!(world.does(decided(1, !won)), Ok(false), "decided is decided");
        assert_eq!(world.balance, usd(left).micros());
    }
}

#[test]
fn the_first_card_is_changed_once() {
    let mut world = World::default();
    let change = |card: Option<Card>| Command::ChangeCard { card };
    assert_eq!(world.does(change(None)), Ok(false));
    assert_eq!(world.does(change(Some(card("pm_1")))), Ok(true));
    assert_eq!(world.does(change(Some(card("pm_1")))), Ok(false));
    assert_eq!(world.does(change(None)), Ok(true));
    assert_eq!(world.treasury.card, None);
}
