use billing::{
    api::WalletState,
    funding::{Command, Phase, ReturnChoice},
    wallet::CardRole,
};

use crate::{office::usd, scene::Customer};

fn back() -> Command {
    Command::AddToAgency { choice: ReturnChoice::Transfer, take_over_negative: true }
}

#[tokio::test]
async fn a_return_forgets_both_cards_and_charges_no_more() {
    let customer = Customer::paying_with("visa").await;
    customer.save("mastercard", CardRole::Backup).await.unwrap();
    customer.recharge(100).await;
    customer.office.order(back()).await.unwrap();
    customer.office.work_on().await;
    let view = customer.view().await;
    assert_eq!(view.state, WalletState::AgencyPays);
    assert!(view.card.is_none() && view.backup.is_none() && view.recharge.is_none());
    assert!(view.payment.is_some(), "what was is shown");
    customer.spend(5).await;
    customer.office.work_on().await;
    assert_eq!(customer.office.payments().await.len(), 1);
    customer.office.assert_sound().await;
}

/// Whatever comes of the charge, the return waits for it and settles it the same way.
#[tokio::test]
async fn a_return_waits_for_a_recharge_in_flight() {
    for (fault, balance) in [("timeout_with_effect", usd(0)), ("timeout_without_effect", usd(0))] {
        let customer = Customer::paying_with("visa").await;
        customer.recharge(100).await;
        customer.spend(95).await;
        customer.office.sandbox.fault("POST", "/v1/payment_intents", fault).await;
        customer.office.work().await;
        customer.office.order(back()).await.unwrap();
        assert_eq!(customer.office.funding().await.phase(), Phase::Returning, "{fault}");
        assert_eq!(customer.view().await.state, WalletState::Returning);
        customer.office.work_on().await;
        assert_eq!(customer.office.funding().await.phase(), Phase::Agency, "{fault}");
        assert_eq!(customer.view().await.balance, balance);
        assert!(customer.view().await.recharge.is_none());
        assert_eq!(
            customer.letters("Auto-recharge is off").await,
            0,
            "nobody is told of what is over"
        );
        customer.office.assert_sound().await;
    }
}

/// The closing waits for the charge as a return does; a return that waits already has its order.
#[tokio::test]
async fn an_account_is_closed_once_its_recharge_in_flight_is_settled() {
    let close = || Command::CloseAccount { choice: ReturnChoice::Refund, take_over_negative: true };
    for returning_already in [false, true] {
        let customer = Customer::paying_with("visa").await;
        customer.recharge(100).await;
        customer.spend(95).await;
        let office = &customer.office;
        office.sandbox.fault("POST", "/v1/payment_intents", "timeout_with_effect").await;
        office.work().await;
        if returning_already {
            office.order(back()).await.unwrap();
            assert!(office.order(close()).await.is_err());
        } else {
            office.order(close()).await.unwrap();
        }
        assert_eq!(office.funding().await.phase(), Phase::Returning);
        office.work_on().await;
        assert_eq!(office.funding().await.closed.is_some(), !returning_already);
        office.order(close()).await.unwrap();
        let funding = office.funding().await;
        assert!(funding.closed.is_some() && funding.phase() == Phase::Agency, "{funding:?}");
        assert_eq!(customer.view().await.balance, usd(0));
        office.work_on().await;
        office.assert_sound().await;
    }
}

#[tokio::test]
async fn a_return_calls_off_a_card_that_waits_for_its_holder() {
    let customer = Customer::paying_with("visa").await;
    customer.save("authenticationRequired", CardRole::Main).await.unwrap();
    customer.office.order(back()).await.unwrap();
    customer.office.work_on().await;
    let books = customer.office.sandbox.books().await;
    assert_eq!(books["setup_intents"][0]["status"], "canceled");
    customer.office.assert_sound().await;
}

/// It was saved, but nobody had heard of it.
#[tokio::test]
async fn a_card_that_was_saved_too_late_is_forgotten_again() {
    let customer = Customer::paying_with("visa").await;
    customer.office.sandbox.fault("POST", "/v1/setup_intents", "timeout_with_effect").await;
    customer.save("mastercard", CardRole::Main).await.unwrap();
    customer.office.order(back()).await.unwrap();
    customer.office.work_on().await;
    assert_eq!(customer.office.sandbox.count("setup_intents").await, 1);
    customer.office.assert_sound().await;
}
