use billing::{
    api::{AlertBody, WalletPaymentStatus, WalletState},
    funding::{PaymentStatus, Purpose, Refusal},
    wallet::Refusal as WalletRefusal,
};
use server::{balance, execute::ExecuteError, pay::PayError};

use crate::{office::usd, scene::Agency};

#[tokio::test]
async fn a_new_card_pays_and_is_on_file_from_then_on() {
    let agency = Agency::open().await;
    let view = agency.view().await;
    assert_eq!((view.state, view.balance, view.card), (WalletState::Open, usd(0), None));
    assert_eq!((view.account_name, view.stylesheet), (None, None));
    assert_eq!(view.email.as_str(), "robin@northwind.example", "the owner is written to");
    let view = agency.top_up(500, Some("visa")).await.unwrap();
    let payment = view.payment.unwrap();
    assert_eq!((payment.status, payment.amount), (WalletPaymentStatus::Paid, usd(500)));
    assert_eq!((view.balance, view.card.unwrap().last4.as_str()), (usd(500), "4242"));
    // The next time it need not be entered.
    let view = agency.top_up(50, None).await.unwrap();
    assert_eq!((view.balance, view.payment.unwrap().amount), (usd(550), usd(50)));
    agency.office.work().await;
    assert_eq!(agency.office.sandbox.count("customers").await, 1, "made once, and kept");
    let paid = agency.receipts().await;
    let facts: Vec<_> = paid.iter().map(|it| (it.amount, it.account.is_none())).collect();
    assert_eq!(facts, [(usd(50), true), (usd(500), true)]);
    let to: Vec<_> = paid.iter().map(|it| it.email.as_str()).collect();
    assert_eq!(to, ["morgan@northwind.example"; 2], "whoever paid gets the receipt");
    assert_eq!(agency.letters("Receipt: $500.00 for Northwind Media").await, 1);
    let mails = agency.office.mails().await;
    let receipts = mails.iter().filter(|mail| mail.starts_with("Receipt: $"));
    let leads = |mail: &&String| mail.contains("https://billing.example/settings/billing");
    assert_eq!(receipts.filter(leads).count(), 2, "{mails:#?}");
    agency.office.assert_sound().await;
}

#[tokio::test]
async fn without_a_card_nothing_is_charged() {
    let agency = Agency::open().await;
    let refused = agency.top_up(50, None).await;
    let no_card = PayError::Execute(ExecuteError::Wallet(WalletRefusal::NoCard));
    assert_eq!(format!("{refused:?}"), format!("{:?}", Err::<(), _>(no_card)));
    for wrong in [24, 10_001] {
        let refused = agency.top_up(wrong, Some("visa")).await;
        assert!(matches!(refused, Err(PayError::Fields(_))), "{wrong}: {refused:?}");
    }
    assert_eq!(agency.office.sandbox.count("payment_intents").await, 0);
    agency.office.assert_sound().await;
}

#[tokio::test]
async fn the_cardholders_bank_is_asked_where_it_wants_to_be() {
    let agency = Agency::open().await;
    for (passes, status) in
        [(false, WalletPaymentStatus::Failed), (true, WalletPaymentStatus::Paid)]
    {
        let view = agency.top_up(50, Some("authenticationRequired")).await.unwrap();
        let payment = view.payment.unwrap();
        assert_eq!(payment.status, WalletPaymentStatus::ActionRequired);
        assert!(payment.client_secret.is_some(), "the page hands it to the gateway's script");
        // Whoever may not pay sees that somebody has to, and no secret.
        let viewer = balance::Holder { may_pay: false, ..agency.holder.clone() };
        let shown = balance::view(&agency.office.deps, &viewer).await.unwrap().payment.unwrap();
        assert_eq!(
            (shown.status, shown.client_secret),
            (WalletPaymentStatus::ActionRequired, None)
        );
        let second = agency.top_up(50, Some("visa")).await;
        assert!(matches!(second, Err(PayError::Refused(Refusal::PaymentUnderWay))), "{second:?}");
        agency.authenticate(passes).await;
        let payment = agency.view().await.payment.unwrap();
        assert_eq!((payment.status, payment.client_secret), (status, None));
    }
    let view = agency.view().await;
    assert_eq!(view.balance, usd(50));
    assert!(view.card.is_some());
    agency.office.work_on().await;
    agency.office.assert_sound().await;
}

#[tokio::test]
async fn whoever_does_not_authenticate_within_an_hour_pays_nothing() {
    let agency = Agency::open().await;
    agency.top_up(50, Some("authenticationRequired")).await.unwrap();
    agency.office.clock.forward(3_700);
    agency.office.work().await;
    let view = agency.view().await;
    assert_eq!(view.payment.unwrap().status, WalletPaymentStatus::Failed);
    assert_eq!(view.balance, usd(0));
    agency.office.assert_sound().await;
}

#[tokio::test]
async fn a_declined_card_changes_nothing_but_says_why() {
    let agency = Agency::paying_with("visa").await;
    let view = agency.top_up(50, Some("chargeDeclinedInsufficientFunds")).await.unwrap();
    let payment = view.payment.unwrap();
    assert_eq!(payment.status, WalletPaymentStatus::Failed);
    assert_eq!(payment.failure.unwrap().code, "insufficient_funds");
    assert_eq!((view.balance, view.card.unwrap().last4.as_str()), (usd(100), "4242"));
    agency.office.work().await;
    assert_eq!(agency.receipts().await.len(), 1);
    agency.office.assert_sound().await;
}

#[tokio::test]
async fn a_new_card_takes_the_place_of_the_one_on_file() {
    let agency = Agency::paying_with("visa").await;
    let view = agency.top_up(25, Some("mastercard")).await.unwrap();
    assert_eq!((view.card.unwrap().brand.as_str(), view.balance), ("mastercard", usd(125)));
    agency.office.work().await;
    agency.office.assert_sound().await;
}

#[tokio::test]
async fn two_clicks_are_one_payment() {
    let agency = Agency::paying_with("visa").await;
    let body = agency.body(25, None).await;
    let clicks = [agency.top_up_by("click", &body), agency.top_up_by("click", &body)];
    let answers = futures_util::future::join_all(clicks).await;
    let fine =
        |answer: &Result<_, PayError>| matches!(answer, Ok(_) | Err(PayError::IdempotencyInFlight));
    assert!(answers.iter().all(fine) && answers.iter().any(Result::is_ok), "{answers:?}");
    let again = agency.top_up_by("click", &body).await.unwrap();
    assert_eq!(again.payment.unwrap().amount, usd(25));
    let other = agency.top_up_by("click", &agency.body(26, None).await).await;
    assert!(matches!(other, Err(PayError::IdempotencyMismatch)), "{other:?}");
    assert_eq!(agency.payments(PaymentStatus::Settled).await, 2);
    assert_eq!(agency.office.sandbox.count("payment_intents").await, 2);
    assert!(agency.rows().await.iter().all(|row| row.payment.purpose == Purpose::TopUp));
    agency.office.work().await;
    agency.office.assert_sound().await;
}

/// Each order of the webhooks, and each of them twice.
#[tokio::test]
async fn webhooks_find_the_payment_in_whatever_order_they_come() {
    let agency = Agency::open().await;
    agency.top_up(50, Some("authenticationRequired")).await.unwrap();
    let intent = agency.rows().await[0].intent.clone().unwrap();
    agency.office.sandbox.authenticate(&intent, true).await;
    let kinds =
        ["payment_intent.succeeded", "payment_intent.requires_action", "payment_intent.created"];
    for (number, kind) in kinds.into_iter().chain(kinds).enumerate() {
        agency.office.webhook(&format!("evt_{number}"), kind, &intent).await.unwrap();
        agency.office.webhook(&format!("evt_{number}"), kind, &intent).await.unwrap();
        assert_eq!(agency.payments(PaymentStatus::Settled).await, 1);
    }
    agency.office.work_on().await;
    assert_eq!(agency.view().await.balance, usd(50));
    assert_eq!(agency.letters("Receipt").await, 1);
    agency.office.assert_sound().await;
}

#[tokio::test]
async fn the_alert_says_from_where_on_the_balance_is_low() {
    let agency = Agency::paying_with("visa").await;
    let set = |units| {
        let body = AlertBody { low_below: usd(units).into() };
        let (deps, holder) = (agency.office.deps.clone(), agency.holder.clone());
        async move { balance::set_alert(&deps, &holder, &body, "test").await }
    };
    let view = set(150).await.unwrap();
    assert_eq!((view.low_below, view.standing), (usd(150), billing::Standing::Low));
    agency.office.work().await;
    assert_eq!(agency.letters("is low").await, 1);
    let view = set(40).await.unwrap();
    assert_eq!(view.standing, billing::Standing::Active);
    let refused = set(100_001).await;
    assert!(matches!(refused, Err(PayError::Fields(_))), "{refused:?}");
    agency.office.work().await;
    agency.office.assert_sound().await;
}
