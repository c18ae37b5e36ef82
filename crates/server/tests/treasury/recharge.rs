use billing::{
    funding::{PaymentStatus, Purpose},
    wallet::{CardRole, RechargeState, recharge::OffReason},
};
use server::balance;

use crate::{office::usd, scene::Agency};

const HOUR: i64 = 3_600;

/// Auto-recharge is on, and the balance is about to fall.
async fn about_to_recharge(card: &str) -> Agency {
    let agency = Agency::paying_with(card).await;
    agency.recharge(200).await;
    agency
}

#[tokio::test]
async fn what_clients_use_recharges_the_balance_once() {
    let agency = about_to_recharge("visa").await;
    agency.office.work().await;
    assert_eq!(agency.letters("Auto-recharge is on").await, 1);
    agency.spend(80).await;
    agency.office.work().await;
    assert_eq!(agency.rows().await.len(), 1, "20.00 is not below 20.00");
    agency.spend(1).await;
    agency.spend(1).await;
    agency.office.work_on().await;
    let view = agency.view().await;
    assert_eq!(view.balance, usd(68), "100 - 82 + 50");
    let charged = agency.rows().await.pop().unwrap().payment;
    assert_eq!((charged.purpose, charged.amount), (Purpose::Recharge, usd(50)));
    assert_eq!(charged.email.as_str(), "robin@northwind.example");
    assert!(view.payment.unwrap().is_recharge);
    assert_eq!(view.recharge.unwrap().state, RechargeState::On);
    assert_eq!(view.days.last().unwrap().amount, usd(82), "what today has cost the agency");
    assert_eq!((view.days.len(), agency.letters("Receipt").await), (30, 2));
    agency.office.assert_sound().await;
}

#[tokio::test]
async fn a_day_charges_no_more_than_was_allowed() {
    let agency = Agency::paying_with("visa").await;
    agency.recharge(100).await;
    agency.spend(81).await;
    for _ in 0..3 {
        agency.office.work_on().await;
        agency.spend(50).await;
    }
    agency.office.work_on().await;
    assert!(matches!(agency.state().await, RechargeState::Capped { .. }));
    assert_eq!(agency.letters("reached its limit").await, 1);
    assert_eq!(agency.payments(PaymentStatus::Settled).await, 3);
    // The next day goes on by itself, as far as a day may.
    agency.office.clock.forward(86_400);
    agency.office.work_on().await;
    assert_eq!(agency.view().await.balance, usd(69), "100 + 200 - 231");
    agency.office.assert_sound().await;
}

#[tokio::test]
async fn whoever_switches_it_off_is_charged_no_more() {
    let agency = about_to_recharge("visa").await;
    let view = balance::stop_recharge(&agency.office.deps, &agency.holder, "test").await.unwrap();
    assert!(!view.recharge.unwrap().is_on());
    agency.spend(95).await;
    agency.office.work_on().await;
    assert_eq!(agency.view().await.balance, usd(5));
    assert_eq!(agency.letters("Auto-recharge is off").await, 1);
    agency.office.assert_sound().await;
}

#[tokio::test]
async fn a_card_that_will_never_do_switches_it_off_at_once() {
    let agency = about_to_recharge("visa").await;
    agency.decline(&agency.view().await.card.unwrap(), "stolen_card", 9).await;
    agency.spend(95).await;
    agency.office.work_on().await;
    let state = agency.state().await;
    let is_off = matches!(&state, RechargeState::Off { why: OffReason::Declined, failure: Some(failure), .. } if failure.code == "stolen_card");
    assert!(is_off, "{state:?}");
    assert_eq!(agency.letters("Auto-recharge is off").await, 1);
    agency.office.clock.forward(100 * HOUR);
    agency.office.work_on().await;
    assert_eq!(agency.payments(PaymentStatus::Failed).await, 1, "not tried again");
    agency.office.assert_sound().await;
}

#[tokio::test]
async fn a_no_that_may_pass_is_tried_after_1_24_and_72_hours_then_no_more() {
    let agency = about_to_recharge("visa").await;
    agency.decline(&agency.view().await.card.unwrap(), "insufficient_funds", 9).await;
    agency.spend(95).await;
    agency.office.work().await;
    for (tries, hours) in [(1, 1), (2, 24), (3, 72)] {
        assert_eq!(agency.payments(PaymentStatus::Failed).await, tries);
        assert!(matches!(agency.state().await, RechargeState::Waiting { .. }));
        assert_eq!(agency.letters("Your card was declined").await, tries);
        agency.office.clock.forward(hours * HOUR - 60);
        agency.office.work().await;
        assert_eq!(agency.payments(PaymentStatus::Failed).await, tries, "not before its time");
        agency.office.clock.forward(120);
        agency.office.work().await;
    }
    assert_eq!(agency.payments(PaymentStatus::Failed).await, 4);
    assert!(matches!(agency.state().await, RechargeState::Off { why: OffReason::Declined, .. }));
    agency.office.work_on().await;
    agency.office.assert_sound().await;
}

/// The bank wants its customer to be there.
#[tokio::test]
async fn a_charge_to_be_confirmed_is_paid_by_hand_and_goes_on_then() {
    let agency = about_to_recharge("authenticationRequired").await;
    agency.spend(95).await;
    agency.office.work_on().await;
    let state = agency.state().await;
    assert!(
        matches!(state, RechargeState::NeedsYou { amount, .. } if amount == usd(50)),
        "{state:?}"
    );
    assert_eq!(agency.letters("Please confirm a payment of $50.00").await, 1);
    agency.top_up(50, None).await.unwrap();
    agency.authenticate(true).await;
    let view = agency.view().await;
    assert_eq!((view.balance, view.recharge.unwrap().state), (usd(55), RechargeState::On));
    agency.office.work_on().await;
    agency.office.assert_sound().await;
}

#[tokio::test]
async fn the_second_card_is_charged_when_the_first_is_declined() {
    let agency = Agency::paying_with("visa").await;
    agency.save("mastercard", CardRole::Backup).await.unwrap();
    agency.recharge(200).await;
    agency.decline(&agency.view().await.card.unwrap(), "insufficient_funds", 1).await;
    agency.spend(95).await;
    agency.office.work_on().await;
    let view = agency.view().await;
    assert_eq!((view.balance, view.recharge.unwrap().state), (usd(55), RechargeState::On));
    assert_eq!(view.card.unwrap().brand, "visa", "it is still charged first");
    let charged = agency.rows().await.pop().unwrap().payment.card.unwrap();
    assert_eq!(charged.brand, "mastercard");
    assert_eq!(agency.letters("Your card was declined").await, 0);
    agency.office.assert_sound().await;
}

/// A client who pays for their own usage does not touch the agency's balance.
#[tokio::test]
async fn a_clients_own_balance_sets_nothing_off() {
    let agency = about_to_recharge("visa").await;
    // The newest letter is the request's then.
    agency.office.work().await;
    let (_, token) = agency.office.ask().await;
    agency.office.pay(&token, "visa").await.unwrap();
    agency.spend(95).await;
    agency.office.work_on().await;
    assert_eq!((agency.view().await.balance, agency.rows().await.len()), (usd(100), 1));
    agency.office.assert_sound().await;
}
