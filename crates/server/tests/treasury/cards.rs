use billing::wallet::{CardRole, Refusal};
use server::{execute::ExecuteError, pay::PayError};

use crate::{office::usd, scene::Agency};

#[tokio::test]
async fn a_card_is_saved_before_anything_was_paid() {
    let agency = Agency::open().await;
    let view = agency.save("visa", CardRole::Backup).await.unwrap();
    assert_eq!(view.card.unwrap().brand, "visa", "a second card without a first is the first");
    assert_eq!((view.backup, view.setup, view.setup_failure), (None, None, None));
    agency.office.work().await;
    assert_eq!((agency.letters("is on file").await, agency.view().await.balance), (1, usd(0)));
    agency.office.assert_sound().await;
    let view = agency.top_up(50, None).await.unwrap();
    assert_eq!(view.balance, usd(50));
    assert_eq!(agency.office.sandbox.count("customers").await, 1);
    agency.office.work().await;
    agency.office.assert_sound().await;
}

#[tokio::test]
async fn the_cardholders_bank_is_asked_and_may_say_no() {
    let agency = Agency::paying_with("visa").await;
    let view = agency.save("authenticationRequired", CardRole::Main).await.unwrap();
    assert!(view.setup.unwrap().needs_action && view.setup_secret.is_some());
    agency.finish_setup(false).await;
    let view = agency.view().await;
    assert!(view.setup.is_none() && view.setup_failure.is_some());
    assert_eq!(view.card.unwrap().last4, "4242");
    agency.save("authenticationRequired", CardRole::Main).await.unwrap();
    agency.finish_setup(true).await;
    let view = agency.view().await;
    assert_ne!(view.card.unwrap().last4, "4242");
    agency.office.work_on().await;
    agency.office.assert_sound().await;
}

#[tokio::test]
async fn a_removed_card_is_forgotten_and_the_backup_takes_its_place() {
    let agency = Agency::paying_with("visa").await;
    agency.save("mastercard", CardRole::Backup).await.unwrap();
    agency.recharge(200).await;
    let view = agency.remove(CardRole::Main).await.unwrap();
    assert_eq!((view.card.unwrap().brand.as_str(), view.backup), ("mastercard", None));
    assert!(view.recharge.unwrap().is_on(), "there is still a card to charge");
    let view = agency.remove(CardRole::Main).await.unwrap();
    assert!(view.card.is_none() && !view.recharge.unwrap().is_on());
    let refused = agency.remove(CardRole::Main).await;
    let no_card = matches!(&refused, Err(PayError::Execute(ExecuteError::Wallet(Refusal::NoCard))));
    assert!(no_card, "{refused:?}");
    agency.office.work().await;
    assert_eq!(agency.letters("was removed").await, 2);
    agency.office.assert_sound().await;
}

/// The answer is lost, and the server with it.
#[tokio::test]
async fn what_became_of_a_card_is_looked_up_and_not_asked_for_twice() {
    for fault in ["timeout_with_effect", "error_500_with_effect", "timeout_without_effect"] {
        let mut agency = Agency::open().await;
        agency.office.sandbox.fault("POST", "/v1/setup_intents", fault).await;
        let view = agency.save("mastercard", CardRole::Main).await.unwrap();
        assert!(view.setup.is_some(), "{fault}: {view:?}");
        agency.0.office = agency.0.office.started_again().await;
        agency.office.work_on().await;
        assert_eq!(agency.view().await.card.unwrap().brand, "mastercard", "{fault}");
        assert_eq!(agency.office.sandbox.count("setup_intents").await, 1, "{fault}");
        agency.office.assert_sound().await;
    }
}
