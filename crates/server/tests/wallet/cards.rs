use billing::wallet::{CardRole, Refusal};

use crate::{
    office::usd,
    scene::{Customer, refusal},
};

#[tokio::test]
async fn a_card_is_saved_without_a_payment_and_the_old_one_forgotten() {
    let customer = Customer::paying_with("visa").await;
    let view = customer.save("mastercard", CardRole::Main).await.unwrap();
    assert_eq!((view.setup, view.setup_failure), (None, None));
    assert_eq!(view.card.unwrap().brand, "mastercard");
    customer.office.work().await;
    assert_eq!(customer.letters("is on file").await, 1);
    assert_eq!(customer.view().await.balance, usd(100), "nothing was paid");
    // The next payment is with it.
    customer.top_up(25, None).await.unwrap();
    let paid = customer.office.payments().await.pop().unwrap().payment.card.unwrap();
    assert_eq!(paid.brand, "mastercard");
    customer.office.work().await;
    customer.office.assert_sound().await;
}

#[tokio::test]
async fn the_cardholders_bank_is_asked_and_may_say_no() {
    let customer = Customer::paying_with("visa").await;
    let view = customer.save("authenticationRequired", CardRole::Backup).await.unwrap();
    assert!(view.setup.unwrap().needs_action && view.setup_secret.is_some());
    customer.finish_setup(false).await;
    let view = customer.view().await;
    assert!(view.setup.is_none() && view.backup.is_none() && view.setup_failure.is_some());
    customer.save("authenticationRequired", CardRole::Backup).await.unwrap();
    customer.finish_setup(true).await;
    let view = customer.view().await;
    assert!(view.backup.is_some() && view.setup_failure.is_none(), "{view:?}");
    customer.office.work_on().await;
    customer.office.assert_sound().await;
}

#[tokio::test]
async fn a_declined_card_is_not_saved_and_says_why() {
    let customer = Customer::paying_with("visa").await;
    let view = customer.save("chargeDeclinedInsufficientFunds", CardRole::Main).await.unwrap();
    assert_eq!(view.card.unwrap().brand, "visa");
    assert_eq!(view.setup_failure.unwrap().code, "insufficient_funds");
    customer.office.work().await;
    customer.office.assert_sound().await;
}

#[tokio::test]
async fn whoever_does_not_authenticate_within_an_hour_saves_nothing() {
    let customer = Customer::paying_with("visa").await;
    customer.save("authenticationRequired", CardRole::Main).await.unwrap();
    customer.office.clock.forward(3_700);
    customer.office.work().await;
    let view = customer.view().await;
    assert!(view.setup.is_none() && view.setup_failure.is_some(), "{view:?}");
    customer.office.assert_sound().await;
}

/// The second try comes while the first waits for its cardholder.
#[tokio::test]
async fn one_card_may_be_given_up_for_another() {
    let customer = Customer::paying_with("visa").await;
    customer.save("authenticationRequired", CardRole::Main).await.unwrap();
    let view = customer.save("mastercard", CardRole::Main).await.unwrap();
    assert_eq!(view.card.unwrap().brand, "mastercard");
    customer.office.work_on().await;
    customer.office.assert_sound().await;
}

#[tokio::test]
async fn a_removed_card_is_forgotten_and_the_backup_takes_its_place() {
    let customer = Customer::paying_with("visa").await;
    customer.save("mastercard", CardRole::Backup).await.unwrap();
    customer.recharge(100).await;
    let view = customer.remove(CardRole::Main).await.unwrap();
    assert_eq!((view.card.unwrap().brand.as_str(), view.backup), ("mastercard", None));
    assert!(view.recharge.unwrap().is_on(), "there is still a card to charge");
    let view = customer.remove(CardRole::Main).await.unwrap();
    assert!(view.card.is_none() && !view.recharge.unwrap().is_on());
    assert_eq!(refusal(customer.remove(CardRole::Main).await), Refusal::NoCard);
    assert_eq!(refusal(customer.top_up(25, None).await), Refusal::NoCard);
    customer.office.work().await;
    assert_eq!(customer.letters("was removed").await, 2);
    customer.office.assert_sound().await;
}

/// The answer is lost, and the server with it.
#[tokio::test]
async fn what_became_of_a_card_is_looked_up_and_not_asked_for_twice() {
    for fault in ["timeout_with_effect", "error_500_with_effect", "timeout_without_effect"] {
        let mut customer = Customer::paying_with("visa").await;
        customer.office.sandbox.fault("POST", "/v1/setup_intents", fault).await;
        let view = customer.save("mastercard", CardRole::Main).await.unwrap();
        assert!(view.setup.is_some(), "{fault}: {view:?}");
        customer.0.office = customer.0.office.started_again().await;
        customer.office.work_on().await;
        assert_eq!(customer.view().await.card.unwrap().brand, "mastercard", "{fault}");
        assert_eq!(customer.office.sandbox.count("setup_intents").await, 1, "{fault}");
        customer.office.assert_sound().await;
    }
}

/// 30 days before, and not about a card that is gone by then.
#[tokio::test]
async fn a_card_that_expires_is_written_about_in_time() {
    let customer = Customer::paying_with("visa").await;
    let card = customer.view().await.card.unwrap();
    let days = days_until(&customer, card.exp_year, card.exp_month);
    customer.office.clock.forward((days - 31) * 86_400);
    customer.office.work().await;
    assert_eq!(customer.letters("expires in").await, 0);
    customer.office.clock.forward(2 * 86_400);
    customer.office.work().await;
    assert_eq!(customer.letters("expires in 30 days").await, 1);
    customer.save("mastercard", CardRole::Main).await.unwrap();
    customer.office.clock.forward(24 * 86_400);
    customer.office.work().await;
    assert_eq!(customer.letters("Visa ···· 4242 expires in 7 days").await, 0, "it is gone");
}

/// The days to the first of the month after the last that a card is good for.
fn days_until(customer: &Customer, year: u32, month: u32) -> i64 {
    let (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    let end = billing::usage::Day::parse(&format!("{year:04}-{month:02}-01")).unwrap();
    end.0 - billing::usage::Day::of(customer.office.deps.clock.now()).0
}

/// Nobody looks at the page: the gateway tells.
#[tokio::test]
async fn a_webhook_about_a_card_is_looked_into_at_once() {
    let customer = Customer::paying_with("visa").await;
    let office = &customer.office;
    let view = customer.save("authenticationRequired", CardRole::Backup).await.unwrap();
    office.work().await;
    customer.finish_setup(true).await;
    office.work().await;
    let setup = view.setup.unwrap().id;
    let told = |id: &str| {
        let event = serde_json::json!({
            "id": id, "object": "event", "type": "setup_intent.succeeded",
            "created": office.deps.clock.now().seconds(),
            "data": { "object": {
                "id": "seti_1", "object": "setup_intent", "metadata": { "setup": setup },
            } },
        });
        office.sign(&event)
    };
    for id in ["evt_1", "evt_1", "evt_2"] {
        let (header, body) = told(id);
        server::jobs::take_webhook(&office.deps, &header, &body).await.unwrap();
        office.work().await;
    }
    assert!(customer.view().await.backup.is_some());
    assert_eq!(customer.letters("is on file").await, 1);
    office.assert_sound().await;
}
