use billing::{
    funding::{Command, PaymentStatus, Purpose},
    wallet::{
        RechargeSettings, RechargeState, Refusal,
        recharge::{OffReason, RechargeCharge},
    },
};
use server::{balance, pay::PayError};

use crate::{
    held::consent,
    office::usd,
    scene::{Customer, refusal},
};

#[tokio::test]
async fn usage_that_takes_the_balance_below_the_threshold_charges_once() {
    let customer = Customer::paying_with("visa").await;
    customer.recharge(100).await;
    customer.office.work().await;
    assert_eq!(customer.letters("Auto-recharge is on").await, 1);
    customer.spend(90).await;
    customer.office.work().await;
    assert_eq!(customer.payments(PaymentStatus::Settled).await, 1, "10.00 is not below 10.00");
    customer.spend(1).await;
    customer.spend(1).await;
    customer.office.work_on().await;
    let view = customer.view().await;
    assert_eq!(view.balance, usd(33), "100 - 92 + 25");
    let charged = customer.office.payments().await.pop().unwrap().payment;
    assert_eq!((charged.purpose, charged.amount), (Purpose::Recharge, usd(25)));
    assert!(view.payment.unwrap().is_recharge);
    assert_eq!(view.recharge.unwrap().state, RechargeState::On);
    assert_eq!(customer.letters("Receipt").await, 2);
    customer.office.assert_sound().await;
}

#[tokio::test]
async fn what_was_agreed_to_is_kept() {
    let customer = Customer::paying_with("visa").await;
    let view = customer.recharge(100).await;
    let consent = view.recharge.unwrap().consent;
    assert!(consent.text.contains("Visa ···· 4242") && consent.text.contains("four times"));
    assert_eq!((consent.by.as_str(), consent.last4.as_str()), ("dana@brightwater.example", "4242"));
    assert_eq!((consent.version.as_str(), consent.address.as_str()), ("2026-11", "203.0.113.7"));
    let mails = customer.office.mails().await;
    assert!(!mails.is_empty());
    customer.office.work().await;
    let agreed = |mail: &String| mail.replace('\n', " ").contains("within 24 hours and four times");
    assert!(customer.office.mails().await.iter().any(agreed), "the letter has the sentence");
}

#[tokio::test]
async fn another_sentence_is_no_consent() {
    let customer = Customer::paying_with("visa").await;
    let card = customer.view().await.card.unwrap();
    let charge = RechargeCharge::Fixed { amount: usd(25) };
    let settings = RechargeSettings { below: usd(10), charge, daily_cap: usd(100) };
    let mut body = consent(&settings, &card);
    body.daily_cap = usd(200).into();
    let deps = &customer.office.deps;
    let refused = balance::set_recharge(deps, &customer.holder, &body, String::new(), "test").await;
    let Err(PayError::Fields(fields)) = refused else { panic!("{refused:?}") };
    let field = fields.first().unwrap();
    assert_eq!((field.pointer.as_str(), field.code.as_str()), ("/consent", "consent_changed"));
    assert!(customer.view().await.recharge.is_none());
    let too_much = RechargeSettings { daily_cap: usd(201), ..settings };
    let refusal = refusal(customer.agree(too_much).await);
    assert_eq!(refusal, Refusal::Above { pointer: "/daily_cap".to_owned(), maximum: usd(200) });
}

#[tokio::test]
async fn a_day_charges_no_more_than_was_allowed() {
    let customer = Customer::paying_with("visa").await;
    customer.recharge(50).await;
    customer.spend(91).await;
    customer.office.work_on().await;
    customer.spend(25).await;
    customer.office.work_on().await;
    assert_eq!(customer.payments(PaymentStatus::Settled).await, 3);
    customer.spend(25).await;
    customer.office.work_on().await;
    assert!(matches!(customer.state().await, RechargeState::Capped { .. }));
    assert_eq!(customer.letters("reached its limit").await, 1);
    assert_eq!(customer.view().await.balance, usd(9), "100 + 50 - 141");
    // The next day goes on by itself.
    customer.office.clock.forward(86_400);
    customer.office.work_on().await;
    assert_eq!(customer.view().await.balance, usd(34));
    customer.office.assert_sound().await;
}

#[tokio::test]
async fn there_are_four_charges_a_day() {
    let customer = Customer::paying_with("visa").await;
    customer.recharge(200).await;
    customer.spend(91).await;
    for _ in 0..5 {
        customer.office.work_on().await;
        customer.spend(25).await;
    }
    customer.office.work_on().await;
    assert!(matches!(customer.state().await, RechargeState::Capped { .. }));
    assert_eq!(customer.payments(PaymentStatus::Settled).await, 5, "the first, and four");
    customer.office.assert_sound().await;
}

#[tokio::test]
async fn a_target_is_reached_at_once() {
    let customer = Customer::paying_with("visa").await;
    let charge = RechargeCharge::UpTo { target: usd(80) };
    customer.agree(RechargeSettings { below: usd(10), charge, daily_cap: usd(200) }).await.unwrap();
    customer.spend(95).await;
    customer.office.work_on().await;
    assert_eq!(customer.view().await.balance, usd(80));
    customer.office.assert_sound().await;
}

#[tokio::test]
async fn whoever_switches_it_off_is_charged_no_more() {
    let customer = Customer::paying_with("visa").await;
    customer.recharge(100).await;
    let view =
        balance::stop_recharge(&customer.office.deps, &customer.holder, "test").await.unwrap();
    assert!(!view.recharge.unwrap().is_on());
    customer.spend(95).await;
    customer.office.work_on().await;
    assert_eq!(customer.view().await.balance, usd(5));
    assert_eq!(customer.letters("Auto-recharge is off").await, 1);
    customer.office.assert_sound().await;
}

/// Whoever says that they never paid is not charged by itself any more, though their balance has just fallen.
#[tokio::test]
async fn a_dispute_switches_it_off() {
    let customer = Customer::paying_with("visa").await;
    customer.recharge(100).await;
    let office = &customer.office;
    let paid = office.payments().await.pop().unwrap();
    let body = serde_json::json!({ "payment_intent": paid.intent.unwrap() }).to_string();
    let path = "/_sandbox/disputes";
    let made = office.sandbox.send(reqwest::Method::POST, path, body).await;
    office
        .order(Command::OpenDispute {
            payment: paid.payment.id,
            dispute: made["id"].as_str().unwrap().to_owned(),
            amount: usd(100),
            reason: "fraudulent".to_owned(),
            answer_by: None,
        })
        .await
        .unwrap();
    office.work_on().await;
    let state = customer.state().await;
    assert!(matches!(state, RechargeState::Off { why: OffReason::Disputed, .. }), "{state:?}");
    assert_eq!(customer.letters("Auto-recharge is off").await, 1);
    assert_eq!(office.payments().await.len(), 1, "nothing was charged");
    office.assert_sound().await;
}
