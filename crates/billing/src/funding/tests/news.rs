//! The answer, the webhook and the reconciler tell of one payment, each one to three times, in every order: there is one end.

use std::collections::BTreeSet;

use super::situations::*;
use crate::funding::{Command, Phase};

/// Every distinct order of the given numbers of equal things.
fn orders(counts: [u8; 3]) -> Vec<Vec<usize>> {
    if counts == [0; 3] {
        return vec![vec![]];
    }
    let mut all = Vec::new();
    for kind in (0..3).filter(|kind| counts[*kind] > 0) {
        let mut left = counts;
        left[kind] -= 1;
        for mut order in orders(left) {
            order.push(kind);
            all.push(order);
        }
    }
    all
}

/// The ends to which all orders of three kinds of news lead, each told `times` times or, where not allowed to be missing, at
/// least once. Version and instants differ with the order; who pays, by which payments, and what comes of them must not.
fn ends(from: &Situation, news: &[Command; 3]) -> (usize, BTreeSet<String>) {
    let mut tried = 0;
    let mut ends = BTreeSet::new();
    for counts in (1..=3).flat_map(|a| (1..=3).flat_map(move |b| (1..=3).map(move |c| [a, b, c]))) {
        for order in orders(counts) {
            tried += 1;
            let end =
                order.iter().fold(from.clone(), |situation, kind| situation.then(&news[*kind]));
            let payments: Vec<_> = end
                .table
                .payments
                .values()
                .map(|paid| (paid.id, paid.status, paid.is_lot, paid.refunds.clone()))
                .collect();
            ends.insert(format!("{:?} {payments:?}", end.phase()));
        }
    }
    (tried, ends)
}

fn paying() -> Situation {
    Situation::new("").then(&ask(OPEN_REQUEST, usd(25_00))).then(&start(
        OPEN_REQUEST,
        CURRENT,
        usd(25_00),
    ))
}

fn revoked() -> Situation {
    paying().then(&Command::RevokeRequest { request: request(OPEN_REQUEST) })
}

fn replaced() -> Situation {
    paying().then(&ask(3, usd(30_00)))
}

#[test]
fn a_payment_that_succeeds_switches_once_in_whatever_order_it_is_told() {
    for from in [paying(), revoked(), replaced()] {
        // The gateway asked for authentication, had declined at first, and charged in the end.
        let news = [settle(CURRENT), needs_action(CURRENT), fail(CURRENT)];
        let (tried, ends) = ends(&from, &news);
        assert!(tried > 5_000, "only {tried} orders");
        assert_eq!(ends.len(), 1, "{ends:#?}");
        assert!(ends.first().is_some_and(|end| end.starts_with("Customer")), "{ends:#?}");
    }
}

#[test]
fn three_tellers_of_the_same_success_are_one() {
    let news = [settle(CURRENT), settle(CURRENT), settle(CURRENT)];
    let (_, ends) = ends(&paying(), &news);
    assert_eq!(ends.len(), 1, "{ends:#?}");
}

#[test]
fn a_payment_that_fails_switches_nothing_in_whatever_order_it_is_told() {
    for (from, phase) in
        [(paying(), Phase::Requested), (revoked(), Phase::Agency), (replaced(), Phase::Requested)]
    {
        let news = [fail(CURRENT), needs_action(CURRENT), fail(CURRENT)];
        let (_, ends) = ends(&from, &news);
        assert_eq!(ends.len(), 1, "{ends:#?}");
        assert!(
            ends.first().is_some_and(|end| end.starts_with(&format!("{phase:?}"))),
            "{ends:#?}"
        );
    }
}

#[test]
fn a_refund_that_bounces_has_failed_in_whatever_order_it_is_told() {
    use crate::funding::ReturnChoice;
    let mut customer = paying().then(&settle(CURRENT));
    customer.balance = usd(25_00);
    let from = customer.then(&to_agency(ReturnChoice::Refund, false));
    let key = refund(CURRENT, 1);
    let news = [
        Command::SettleRefund { refund: key },
        Command::FailRefund { refund: key },
        settle(CURRENT),
    ];
    let (_, ends) = ends(&from, &news);
    assert_eq!(ends.len(), 1, "{ends:#?}");
    assert!(ends.first().is_some_and(|end| end.contains("Failed")), "{ends:#?}");
}
