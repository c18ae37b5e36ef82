use billing::{
    api::{WalletPaymentStatus, WalletState},
    funding::Purpose,
};
use server::{balance, pay::PayError};

use crate::{held::fresh, office::usd, scene::Customer};

#[tokio::test]
async fn the_card_on_file_pays_without_being_entered_again() {
    let customer = Customer::paying_with("visa").await;
    let view = customer.view().await;
    assert_eq!((view.state, view.balance), (WalletState::Open, usd(100)));
    let on_file = view.card.unwrap();
    let view = customer.top_up(50, None).await.unwrap();
    let payment = view.payment.unwrap();
    assert_eq!((payment.status, payment.amount), (WalletPaymentStatus::Paid, usd(50)));
    assert_eq!((view.balance, view.card), (usd(150), Some(on_file)));
    assert_eq!(customer.office.payments().await[1].payment.purpose, Purpose::TopUp);
    customer.office.work().await;
    assert_eq!(customer.letters("Receipt").await, 2);
    customer.office.assert_sound().await;
}

#[tokio::test]
async fn the_cardholders_bank_is_asked_where_it_wants_to_be() {
    let customer = Customer::paying_with("authenticationRequired").await;
    for (passes, status) in
        [(true, WalletPaymentStatus::Paid), (false, WalletPaymentStatus::Failed)]
    {
        let view = customer.top_up(50, None).await.unwrap();
        let payment = view.payment.unwrap();
        assert_eq!(payment.status, WalletPaymentStatus::ActionRequired);
        assert!(payment.client_secret.is_some(), "the page hands it to the gateway's script");
        let intent = customer.office.payments().await.last().unwrap().intent.clone().unwrap();
        customer.office.sandbox.authenticate(&intent, passes).await;
        // Whoever looks learns of it.
        let payment = customer.view().await.payment.unwrap();
        assert_eq!((payment.status, payment.client_secret), (status, None));
    }
    assert_eq!(customer.view().await.balance, usd(150));
    customer.office.work_on().await;
    customer.office.assert_sound().await;
}

#[tokio::test]
async fn a_new_card_takes_the_place_of_the_one_on_file() {
    let customer = Customer::paying_with("visa").await;
    let view = customer.top_up(25, Some("mastercard")).await.unwrap();
    assert_eq!((view.card.unwrap().brand.as_str(), view.balance), ("mastercard", usd(125)));
    customer.office.work().await;
    customer.office.assert_sound().await;
}

#[tokio::test]
async fn a_repeat_of_a_key_charges_nothing_and_answers_the_same() {
    let customer = Customer::paying_with("visa").await;
    let body = billing::api::TopUpBody { amount: usd(25).into(), confirmation_token: None };
    let (raw, key, deps) =
        (serde_json::to_vec(&body).unwrap(), fresh("key"), &customer.office.deps);
    let first = balance::top_up(deps, &customer.holder, &key, &raw, &body, "test").await.unwrap();
    let again = balance::top_up(deps, &customer.holder, &key, &raw, &body, "test").await.unwrap();
    assert_eq!((first.payment, first.balance), (again.payment, again.balance));
    let other = balance::top_up(deps, &customer.holder, &key, b"{}", &body, "test").await;
    assert!(matches!(other, Err(PayError::IdempotencyMismatch)), "{other:?}");
    assert_eq!(customer.office.sandbox.count("payment_intents").await, 2);
    customer.office.work().await;
    customer.office.assert_sound().await;
}
