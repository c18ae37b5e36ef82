//! Cards that are kept, and payments that are disputed.

use serde_json::json;
use server::gateway::{
    DisputeStatus, Gateway as _, GatewayError, IntentStatus, NewCustomer, SaveCard, Setup,
    SetupStatus,
};

use crate::{
    INTENTS,
    sandbox::{Sandbox, request, saved_charge, setup, sub_account, usd},
};

/// A visa card that is saved for a new customer.
async fn saved(sandbox: &Sandbox, number: u8) -> Setup {
    sandbox.stripe().save_card(&to_save(sandbox, number).await).await.unwrap()
}

async fn to_save(sandbox: &Sandbox, number: u8) -> SaveCard {
    let new =
        NewCustomer::of_request(request(number), sub_account(), "dana@brightwater.co", "Dana");
    SaveCard {
        setup: setup(number),
        customer: sandbox.stripe().create_customer(&new).await.unwrap(),
        confirmation_token: sandbox.token("visa").await,
        return_url: "http://127.0.0.1:1/account".to_owned(),
    }
}

#[tokio::test]
async fn what_is_said_of_a_saved_card_is_what_stripe_wants_to_hear() {
    let sandbox = Sandbox::start().await;
    let saved = saved(&sandbox, 1).await;
    let written = &sandbox.books().await["setup_intents"][0];
    assert_eq!(
        (&written["usage"], &written["status"]),
        (&json!("off_session"), &json!("succeeded"))
    );
    assert_eq!(written["allowed_payment_method_types"], json!(["card"]));
    let options = &written["payment_method_options"]["card"];
    assert_eq!(options["setup_credential_usage"], "unscheduled");
    assert_eq!(written["metadata"], json!({ "setup": setup(1).to_string() }));

    for (number, off_session, usage) in [(1, true, json!("unscheduled")), (2, false, json!(null))] {
        let charge = saved_charge(number, &saved, off_session);
        sandbox.stripe().charge(&charge).await.unwrap();
        let books = sandbox.books().await;
        let written = books["payment_intents"].as_array().unwrap().last().unwrap();
        let options = &written["payment_method_options"]["card"];
        assert_eq!(options["stored_credential_usage"], usage);
        assert!(options["setup_credential_usage"].is_null());
        assert!(written["setup_future_usage"].is_null());
        assert_eq!(written["metadata"], json!({ "payment_id": charge.payment.to_string() }));
    }
}

#[tokio::test]
async fn a_bank_that_was_told_to_says_no_and_what_it_advises() {
    let sandbox = Sandbox::start().await;
    let saved = saved(&sandbox, 1).await;
    let card = saved.card.as_ref().unwrap().payment_method.as_deref().unwrap();
    for (number, code, given, advice) in [
        (1, "insufficient_funds", None, "try_again_later"),
        (2, "stolen_card", None, "do_not_try_again"),
        (3, "authentication_required", None, "confirm_card_data"),
        (4, "do_not_honor", Some("do_not_try_again"), "do_not_try_again"),
    ] {
        sandbox.decline(card, code, given, 1).await;
        let outcome = sandbox.stripe().charge(&saved_charge(number, &saved, true)).await;
        let Err(GatewayError::Declined(decline, Some(intent))) = outcome else {
            panic!("{code}: {outcome:?}");
        };
        assert_eq!((decline.code.as_str(), decline.advice.as_deref()), (code, Some(advice)));
        assert_eq!(intent.decline, Some(decline));
        let after = sandbox.stripe().charge(&saved_charge(number + 10, &saved, true)).await;
        assert_eq!(after.unwrap().status, IntentStatus::Succeeded);
    }
}

#[tokio::test]
async fn a_saved_card_is_never_charged_under_a_second_key() {
    let sandbox = Sandbox::start().await;
    let saved = saved(&sandbox, 1).await;
    for (number, fault, happened) in
        [(1, "error_500_with_effect", true), (2, "error_500_without_effect", false)]
    {
        let charge = saved_charge(number, &saved, true);
        sandbox.fault("POST", INTENTS, fault).await;
        for _ in 0..2 {
            let outcome = sandbox.stripe().charge(&charge).await;
            match outcome {
                Ok(intent) => assert!(happened && intent.status == IntentStatus::Succeeded),
                Err(error) => {
                    assert!(matches!(error, GatewayError::Unknown(_)), "{fault}: {error}")
                }
            }
        }
        let found = sandbox.stripe().find_intent(&charge.customer, charge.payment).await.unwrap();
        assert_eq!(found.is_some(), happened, "{fault}");
    }
    assert_eq!(sandbox.count("charges").await, 1);
}

#[tokio::test]
async fn a_card_whose_saving_the_gateway_lost_is_saved_once() {
    let sandbox = Sandbox::start().await;
    for (number, fault) in [(1, "error_500_without_effect"), (2, "error_500_with_effect")] {
        let save = to_save(&sandbox, number).await;
        sandbox.fault("POST", "/v1/setup_intents", fault).await;
        let outcome = sandbox.stripe().save_card(&save).await;
        assert!(matches!(outcome, Err(GatewayError::Unknown(_))), "{fault}: {outcome:?}");
        let made = sandbox.stripe().save_card(&save).await.unwrap();
        assert_eq!(made.status, SetupStatus::Succeeded, "{fault}");
        assert_eq!(sandbox.stripe().save_card(&save).await.unwrap().id, made.id, "{fault}");
        assert_eq!(sandbox.count("setup_intents").await, usize::from(number));
        assert_eq!(sandbox.count("payment_methods").await, usize::from(number));
    }
}

#[tokio::test]
async fn a_dispute_is_followed_to_its_end() {
    let sandbox = Sandbox::start().await;
    let stripe = sandbox.stripe();
    for (number, card, ends) in [
        (
            1,
            "visa",
            &[("under_review", DisputeStatus::UnderReview), ("won", DisputeStatus::Won)][..],
        ),
        (2, "visa", &[("lost", DisputeStatus::Lost)]),
        (
            3,
            "createDisputeInquiry",
            &[("warning_closed", DisputeStatus::Closed("warning_closed".to_owned()))],
        ),
    ] {
        let charge = sandbox.charge(number, card).await;
        let intent = stripe.charge(&charge).await.unwrap().id;
        let id = if card == "visa" {
            sandbox.dispute(&intent, 1_000).await
        } else {
            let all = stripe.every_dispute().await.unwrap();
            assert_eq!(all[0].status, DisputeStatus::Inquiry);
            all[0].id.clone()
        };
        for (word, status) in ends {
            sandbox.decide(&id, word).await;
            let dispute = stripe.dispute(&id).await.unwrap();
            assert_eq!((&dispute.status, &dispute.intent), (status, &intent));
            assert_eq!(dispute.amount, if card == "visa" { usd("10.00") } else { charge.amount });
        }
    }
    assert_eq!(sandbox.books().await["totals"]["usd"]["disputed"], 1_000);
}
