//! The state × command table: `table.txt` says what is to happen, a line a pair. It is written by hand; nothing blesses it.

use std::collections::BTreeMap;

use super::{
    commands,
    situations::{self, Situation},
};
use crate::funding::{Command, Decision};

const SECOND: std::time::Duration = std::time::Duration::from_secs(1);
const TABLE: &str = include_str!("table.txt");

/// What happens, in the words of the table: `event, event → phase`, `already so`, or `refused: code`.
pub fn result(situation: &Situation, command: &Command) -> String {
    match situation.decide(command) {
        Ok(Decision::Events(events)) => {
            let names: Vec<_> = events.iter().map(crate::funding::Event::name).collect();
            let after = situation.clone().then(command).phase();
            format!("{} → {}", names.join(", "), after.name())
        }
        Ok(Decision::AlreadyApplied) => "already so".to_owned(),
        Err(refusal) => format!("refused: {}", refusal.code()),
    }
}

/// Situation and command → expected result.
fn rows() -> BTreeMap<(&'static str, &'static str), &'static str> {
    let mut rows = BTreeMap::new();
    let mut situation = "";
    for line in TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line.strip_prefix("    ") {
            None => situation = line,
            Some(row) => {
                let (command, expected) = row.split_once(" | ").expect(line);
                let twice = rows.insert((situation, command.trim()), expected.trim());
                assert_eq!(twice, None, "two rows for {situation} / {command}");
            }
        }
    }
    rows
}

#[test]
fn every_command_in_every_situation_does_what_the_table_says() {
    let mut rows = rows();
    let mut wrong = Vec::new();
    for situation in situations::all() {
        for (name, command) in commands::all() {
            let expected = rows.remove(&(situation.title, name)).unwrap_or("no row");
            let happens = result(&situation, &command);
            if happens != expected {
                wrong.push(format!(
                    "{}\n    {name}\n        expected {expected}\n        but      {happens}",
                    situation.title
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(rows.is_empty(), "rows for what is not tried: {rows:?}");
}

#[test]
fn every_pair_of_phase_and_command_has_a_row() {
    let rows = rows();
    for phase in commands::phases() {
        for kind in commands::kinds() {
            let has_row =
                situations::all().iter().filter(|s| s.phase() == phase).any(|situation| {
                    commands::all().iter().any(|(name, command)| {
                        command.name() == kind && rows.contains_key(&(situation.title, *name))
                    })
                });
            assert!(has_row, "{} × {kind} has no row", phase.name());
        }
    }
}

#[test]
fn a_request_is_mailed_and_tried_only_so_often() {
    use situations::*;
    let mut asked = Situation::new("").then(&ask(OPEN_REQUEST, usd(25_00)));
    let resend = Command::ResendRequest { request: request(OPEN_REQUEST) };
    for send in 2..=10 {
        assert_eq!(result(&asked, &resend), "request_resent → requested", "letter {send}");
        asked = asked.then(&resend);
    }
    assert_eq!(result(&asked, &resend), "refused: too_many_sends");
    for attempt in 1..=10 {
        let pay = start(OPEN_REQUEST, 100 + attempt, usd(25_00));
        assert_eq!(result(&asked, &pay), "payment_started → paying", "attempt {attempt}");
        asked = asked.then(&pay).then(&fail(100 + attempt));
    }
    let once_more = start(OPEN_REQUEST, 200, usd(25_00));
    assert_eq!(result(&asked, &once_more), "refused: too_many_attempts");
}

#[test]
fn usage_that_is_asked_for_is_paid_on_top_and_goes_to_the_agency() {
    use situations::*;
    let asked = Situation::new("")
        .then(&ask(OPEN_REQUEST, usd(25_00)))
        .then(&ask_for_usage(OPEN_REQUEST, Some(usd(3_50))));
    let open = asked.funding.open_request().unwrap();
    let usage = open.usage.unwrap();
    assert_eq!((usage.amount, usage.until), (usd(3_50), asked.now.minus(SECOND)));
    assert_eq!(result(&asked, &start(OPEN_REQUEST, CURRENT, usd(28_50))), "refused: terms_changed");
    let pay = start_with(OPEN_REQUEST, CURRENT, usd(25_00), Some(usd(3_50)));
    let paying = asked.clone().then(&pay);
    assert_eq!(paying.table.payments[&payment(CURRENT)].amount, usd(28_50));
    // Whoever is paying has been shown what they pay.
    let other = ask_for_usage(OPEN_REQUEST, Some(usd(4_00)));
    assert_eq!(result(&paying, &other), "refused: payment_under_way");
    let charged = usd(28_50);
    let settle = Command::SettlePayment { payment: payment(CURRENT), amount: charged, card: None };
    let mut customer = paying.clone().then(&settle);
    customer.balance = usd(25_00);
    // Back to the card goes what came onto the customer's balance; what the agency was paid stays paid.
    assert_eq!(customer.funding.lots()[0].refundable(), usd(25_00));
    customer.balance = usd(100_00);
    let back = customer.then(&to_agency(crate::funding::ReturnChoice::Refund, false));
    assert_eq!(back.table.payments[&payment(CURRENT)].refunds[0].amount, usd(25_00));
    // A payment that nobody waits for any more goes back whole.
    let other = paying
        .then(&needs_action(CURRENT))
        .then(&ask(3, usd(25_00)))
        .then(&start(3, TOP_UP, usd(25_00)))
        .then(&situations::settle(TOP_UP));
    let late = other.then(&settle);
    assert_eq!(late.table.payments[&payment(CURRENT)].refunds[0].amount, usd(28_50));
}

#[test]
fn a_payment_that_fails_after_its_time_takes_the_request_with_it() {
    use situations::*;
    let mut paying = Situation::new("").then(&ask(OPEN_REQUEST, usd(25_00))).then(&start(
        OPEN_REQUEST,
        CURRENT,
        usd(25_00),
    ));
    paying.now = paying.now.plus(std::time::Duration::from_secs(7 * 86_400));
    let timer = Command::ExpireRequest { request: request(OPEN_REQUEST) };
    assert_eq!(result(&paying, &timer), "refused: payment_under_way");
    assert_eq!(result(&paying, &fail(CURRENT)), "payment_failed, request_closed → agency");
}

#[test]
fn a_request_ends_in_the_very_millisecond_it_says() {
    use situations::*;
    let mut asked = Situation::new("").then(&ask(OPEN_REQUEST, usd(25_00)));
    let ends = asked.funding.open_request().unwrap().expires_at;
    let pay = start(OPEN_REQUEST, CURRENT, usd(25_00));
    let timer = Command::ExpireRequest { request: request(OPEN_REQUEST) };
    asked.now = ends.minus(std::time::Duration::from_millis(1));
    assert_eq!(result(&asked, &pay), "payment_started → paying");
    assert_eq!(result(&asked, &timer), "refused: not_yet_expired");
    asked.now = ends;
    assert_eq!(result(&asked, &pay), "refused: link_expired");
    assert_eq!(result(&asked, &timer), "request_closed → agency");
}
