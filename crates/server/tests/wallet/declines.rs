use billing::{
    funding::PaymentStatus,
    wallet::{CardRole, RechargeState, recharge::OffReason},
};

use crate::{office::usd, scene::Customer};

const HOUR: i64 = 3_600;

/// Auto-recharge is on, and the balance is about to fall.
async fn about_to_recharge(card: &str) -> Customer {
    let customer = Customer::paying_with(card).await;
    customer.recharge(100).await;
    customer
}

#[tokio::test]
async fn a_card_that_will_never_do_switches_it_off_at_once() {
    for code in ["stolen_card", "expired_card"] {
        let customer = about_to_recharge("visa").await;
        customer.decline(&customer.view().await.card.unwrap(), code, 9).await;
        customer.spend(95).await;
        customer.office.work_on().await;
        let state = customer.state().await;
        let is_off = matches!(&state, RechargeState::Off { why: OffReason::Declined, failure: Some(failure), .. } if failure.code == code);
        assert!(is_off, "{state:?}");
        assert_eq!(customer.payments(PaymentStatus::Failed).await, 1);
        assert_eq!(customer.letters("Auto-recharge is off").await, 1);
        customer.office.clock.forward(100 * HOUR);
        customer.office.work_on().await;
        assert_eq!(customer.payments(PaymentStatus::Failed).await, 1, "not tried again");
        customer.office.assert_sound().await;
    }
}

#[tokio::test]
async fn a_no_that_may_pass_is_tried_after_1_24_and_72_hours_then_no_more() {
    let customer = about_to_recharge("visa").await;
    customer.decline(&customer.view().await.card.unwrap(), "insufficient_funds", 9).await;
    customer.spend(95).await;
    customer.office.work().await;
    for (tries, hours) in [(1, 1), (2, 24), (3, 72)] {
        assert_eq!(customer.payments(PaymentStatus::Failed).await, tries);
        assert!(matches!(customer.state().await, RechargeState::Waiting { .. }));
        assert_eq!(customer.letters("Your card was declined").await, tries);
        customer.office.clock.forward(hours * HOUR - 60);
        customer.office.work().await;
        assert_eq!(customer.payments(PaymentStatus::Failed).await, tries, "not before its time");
        customer.office.clock.forward(120);
        customer.office.work().await;
    }
    assert_eq!(customer.payments(PaymentStatus::Failed).await, 4);
    assert!(matches!(customer.state().await, RechargeState::Off { why: OffReason::Declined, .. }));
    customer.office.work_on().await;
    customer.office.assert_sound().await;
}

#[tokio::test]
async fn a_no_that_has_passed_is_forgotten() {
    let customer = about_to_recharge("visa").await;
    customer.decline(&customer.view().await.card.unwrap(), "insufficient_funds", 1).await;
    customer.spend(95).await;
    customer.office.work().await;
    customer.office.clock.forward(HOUR + 60);
    customer.office.work_on().await;
    assert_eq!(customer.view().await.balance, usd(30));
    assert_eq!(customer.state().await, RechargeState::On);
    customer.office.assert_sound().await;
}

#[tokio::test]
async fn a_payment_by_hand_ends_the_waiting() {
    let customer = about_to_recharge("visa").await;
    customer.decline(&customer.view().await.card.unwrap(), "insufficient_funds", 1).await;
    customer.spend(95).await;
    customer.office.work().await;
    customer.top_up(50, None).await.unwrap();
    customer.office.clock.forward(2 * HOUR);
    customer.office.work_on().await;
    assert_eq!(
        (customer.view().await.balance, customer.state().await),
        (usd(55), RechargeState::On)
    );
    customer.office.assert_sound().await;
}

/// The bank wants its customer to be there.
#[tokio::test]
async fn a_charge_to_be_confirmed_is_paid_by_hand_and_goes_on_then() {
    let customer = about_to_recharge("authenticationRequired").await;
    customer.spend(95).await;
    customer.office.work_on().await;
    let state = customer.state().await;
    assert!(
        matches!(state, RechargeState::NeedsYou { amount, .. } if amount == usd(25)),
        "{state:?}"
    );
    assert_eq!(customer.letters("Please confirm a payment of").await, 1);
    customer.top_up(25, None).await.unwrap();
    let intent = customer.office.payments().await.last().unwrap().intent.clone().unwrap();
    customer.office.sandbox.authenticate(&intent, true).await;
    let view = customer.view().await;
    assert_eq!((view.balance, view.recharge.unwrap().state), (usd(30), RechargeState::On));
    customer.office.work_on().await;
    customer.office.assert_sound().await;
}

#[tokio::test]
async fn the_second_card_is_charged_when_the_first_is_declined() {
    let customer = Customer::paying_with("visa").await;
    customer.save("mastercard", CardRole::Backup).await.unwrap();
    customer.recharge(100).await;
    customer.decline(&customer.view().await.card.unwrap(), "insufficient_funds", 1).await;
    customer.spend(95).await;
    customer.office.work_on().await;
    let view = customer.view().await;
    assert_eq!((view.balance, view.recharge.unwrap().state), (usd(30), RechargeState::On));
    assert_eq!(view.card.unwrap().brand, "visa", "it is still charged first");
    let charged = customer.office.payments().await.pop().unwrap().payment.card.unwrap();
    assert_eq!(charged.brand, "mastercard");
    assert_eq!(customer.letters("Your card was declined").await, 0);
    customer.office.assert_sound().await;
}

#[tokio::test]
async fn with_both_declined_the_first_ones_bank_decides() {
    let customer = Customer::paying_with("visa").await;
    customer.save("mastercard", CardRole::Backup).await.unwrap();
    customer.recharge(100).await;
    let view = customer.view().await;
    customer.decline(&view.card.unwrap(), "insufficient_funds", 1).await;
    customer.decline(&view.backup.unwrap(), "stolen_card", 1).await;
    customer.spend(95).await;
    customer.office.work().await;
    assert!(matches!(customer.state().await, RechargeState::Waiting { tries: 1, .. }));
    assert_eq!(customer.letters("Your card was declined").await, 1);
    customer.office.clock.forward(HOUR + 60);
    customer.office.work_on().await;
    assert_eq!(customer.view().await.balance, usd(30));
    customer.office.assert_sound().await;
}
