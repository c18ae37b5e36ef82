//! What must hold with either server of cards that are kept: saved without a payment, charged while nobody is there, disputed.

use reqwest::Method;
use server::{
    deps::{Clock as _, SystemClock},
    gateway::{
        DisputeStatus, Gateway as _, GatewayError, IntentStatus, SetupStatus, Source, webhook,
    },
};
use tokio::net::TcpListener;

use crate::{
    contract::delivery,
    ground::Ground,
    sandbox::{request, saved_charge, setup, sub_account, usd},
};

on_both![
    a_card_is_saved_once_however_often_it_is_asked_for,
    a_card_is_saved_after_its_owner_has_authenticated,
    a_card_whose_owner_does_not_authenticate_is_not_saved,
    a_setup_that_is_not_over_can_be_called_off,
    a_lost_card_is_not_saved_and_says_so,
    a_saved_card_is_charged_once_while_nobody_is_there,
    a_saved_card_that_is_declined_says_what_its_bank_advises,
    a_saved_card_may_want_its_owner,
    a_card_that_asks_once_is_charged_after_it,
    a_dispute_is_read,
];

async fn a_card_is_saved_once_however_often_it_is_asked_for(ground: Ground) {
    let stripe = ground.stripe();
    let save = ground.save(1, "visa").await;
    assert_eq!(stripe.find_setup(&save.customer, save.setup).await, Ok(None));
    let first = stripe.save_card(&save).await.unwrap();
    assert_eq!(first.status, SetupStatus::Succeeded);
    assert_eq!((first.setup, first.customer.as_ref()), (Some(save.setup), Some(&save.customer)));
    assert!(!first.live && first.decline.is_none() && first.client_secret.is_some());
    let card = first.card.clone().unwrap();
    assert_eq!(card.label(), "Visa ···· 4242");

    assert_eq!(stripe.save_card(&save).await.unwrap(), first);
    assert_eq!(stripe.setup(&first.id).await.unwrap(), first);
    assert_eq!(stripe.find_setup(&save.customer, save.setup).await, Ok(Some(first)));
    assert_eq!(stripe.find_setup(&save.customer, setup(7)).await, Ok(None));
    assert_eq!(stripe.find_setup("cus_none", save.setup).await, Ok(None));
    assert_eq!(stripe.setup("seti_none").await, Err(GatewayError::NotFound));
    let all = format!("/v1/setup_intents?customer={}", save.customer);
    assert_eq!(ground.count(&all).await, 1);
    // In other words it is what was saved before.
    let other =
        server::gateway::SaveCard { return_url: "https://x.example/".to_owned(), ..save.clone() };
    assert_eq!(stripe.save_card(&other).await.unwrap().card, Some(card.clone()));
    assert_eq!(ground.count(&all).await, 1);

    let path = format!("/v1/payment_methods/{}", card.payment_method.unwrap());
    let (_, method) = ground.ask(Method::GET, &path, "").await;
    let kept = method["customer"] == save.customer.as_str();
    assert_eq!(kept, ground.ways.attaches_a_saved_card);
}

async fn a_card_is_saved_after_its_owner_has_authenticated(ground: Ground) {
    let stripe = ground.stripe();
    let save = ground.save(1, "authenticationRequired").await;
    let asked = stripe.save_card(&save).await.unwrap();
    assert_eq!(asked.status, SetupStatus::RequiresAction);
    assert!(asked.client_secret.is_some());
    ground.authenticate_setup(&asked, true).await;
    let saved = stripe.setup(&asked.id).await.unwrap();
    assert_eq!((saved.status, saved.decline), (SetupStatus::Succeeded, None));
    assert_eq!(saved.card.unwrap().last4, "3184");
}

async fn a_card_whose_owner_does_not_authenticate_is_not_saved(ground: Ground) {
    let stripe = ground.stripe();
    let save = ground.save(1, "authenticationRequired").await;
    let asked = stripe.save_card(&save).await.unwrap();
    if !ground.ways.setups_end {
        // Nobody can say no: it waits.
        assert_eq!(stripe.setup(&asked.id).await.unwrap().status, SetupStatus::RequiresAction);
        return;
    }
    ground.authenticate_setup(&asked, false).await;
    let failed = stripe.setup(&asked.id).await.unwrap();
    assert_eq!((failed.status, failed.card), (SetupStatus::RequiresPaymentMethod, None));
    assert_eq!(failed.decline.unwrap().code, "setup_intent_authentication_failure");
}

async fn a_setup_that_is_not_over_can_be_called_off(ground: Ground) {
    let stripe = ground.stripe();
    let waiting = ground.save(1, "authenticationRequired").await;
    let waiting = stripe.save_card(&waiting).await.unwrap();
    for _ in 0..2 {
        assert_eq!(stripe.cancel_setup(&waiting.id).await.unwrap().status, SetupStatus::Canceled);
    }
    let saved = ground.saved(2, "visa").await;
    let called_off = stripe.cancel_setup(&saved.id).await.unwrap();
    assert_eq!(called_off == saved, ground.ways.setups_end);
    assert_eq!(stripe.cancel_setup("seti_none").await, Err(GatewayError::NotFound));
}

async fn a_lost_card_is_not_saved_and_says_so(ground: Ground) {
    let stripe = ground.stripe();
    let save = ground.save(1, "chargeDeclinedLostCard").await;
    let Err(GatewayError::Declined(decline, None)) = stripe.save_card(&save).await else {
        panic!("the card was not declined");
    };
    assert_eq!((decline.code.as_str(), decline.advice.as_deref()), ground.ways.lost);
    let found = stripe.find_setup(&save.customer, save.setup).await.unwrap().unwrap();
    assert!(
        matches!(found.status, SetupStatus::RequiresPaymentMethod | SetupStatus::Canceled),
        "{found:?}"
    );
    let again = stripe.save_card(&save).await;
    assert!(matches!(again, Err(GatewayError::Declined(same, None)) if same == decline));
}

async fn a_saved_card_is_charged_once_while_nobody_is_there(ground: Ground) {
    let stripe = ground.stripe();
    let saved = ground.saved(1, "visa").await;
    let own = saved_charge(1, &saved, true);
    let theirs = server::gateway::Charge {
        request: Some(request(1)),
        sub_account: Some(sub_account()),
        ..saved_charge(2, &saved, true)
    };
    for charge in [own, theirs] {
        let first = stripe.charge(&charge).await.unwrap();
        assert_eq!((&first.status, first.amount), (&IntentStatus::Succeeded, usd("25.00")));
        assert_eq!(
            (first.payment, first.customer.as_ref()),
            (Some(charge.payment), Some(&charge.customer))
        );
        assert_eq!(first.card, saved.card);
        assert_eq!(stripe.charge(&charge).await.unwrap(), first);
        let found = stripe.find_intent(&charge.customer, charge.payment).await;
        assert_eq!(found, Ok(Some(first)));
    }
    let customer = saved.customer.unwrap();
    assert_eq!(ground.count(&format!("/v1/charges?customer={customer}")).await, 2);
}

async fn a_saved_card_that_is_declined_says_what_its_bank_advises(ground: Ground) {
    let stripe = ground.stripe();
    let saved = ground.saved(1, "chargeCustomerFail").await;
    let charge = saved_charge(1, &saved, true);
    let Err(GatewayError::Declined(decline, intent)) = stripe.charge(&charge).await else {
        panic!("the card was not declined");
    };
    assert_eq!(decline.code, ground.ways.decline_code);
    assert_eq!(decline.advice.as_deref(), ground.ways.decline_advice);
    assert_eq!(intent.is_some(), ground.ways.decline_brings_intent);
    let found = stripe.find_intent(&charge.customer, charge.payment).await.unwrap().unwrap();
    assert_eq!(found.decline, Some(decline));
}

async fn a_saved_card_may_want_its_owner(ground: Ground) {
    let stripe = ground.stripe();
    let saved = ground.saved(1, "authenticationRequired").await;
    match stripe.charge(&saved_charge(1, &saved, true)).await {
        Err(GatewayError::Declined(decline, intent)) => {
            assert!(ground.ways.knows_who_is_there);
            assert_eq!(decline.code, "authentication_required");
            assert_eq!(intent.unwrap().status, IntentStatus::RequiresPaymentMethod);
        }
        Ok(intent) => {
            assert!(!ground.ways.knows_who_is_there);
            assert_eq!(intent.status, IntentStatus::RequiresAction);
        }
        other => panic!("{other:?}"),
    }
    // At the page they can be asked.
    for (number, success, status) in
        [(2, true, IntentStatus::Succeeded), (3, false, IntentStatus::RequiresPaymentMethod)]
    {
        let asked = stripe.charge(&saved_charge(number, &saved, false)).await.unwrap();
        assert_eq!(asked.status, IntentStatus::RequiresAction);
        ground.authenticate(&asked, success).await;
        assert_eq!(stripe.intent(&asked.id).await.unwrap().status, status);
    }
}

async fn a_card_that_asks_once_is_charged_after_it(ground: Ground) {
    let saved = ground.saved(1, "authenticationRequiredOnSetup").await;
    assert_eq!(saved.status, SetupStatus::Succeeded);
    let charged = ground.stripe().charge(&saved_charge(1, &saved, true)).await.unwrap();
    let paid = charged.status == IntentStatus::Succeeded;
    assert_eq!(paid, ground.ways.knows_who_is_there, "{:?}", charged.status);
}

async fn a_dispute_is_read(ground: Ground) {
    let stripe = ground.stripe();
    assert_eq!(stripe.dispute("dp_none").await, Err(GatewayError::NotFound));
    if !ground.ways.has_disputes {
        assert_eq!(stripe.every_dispute().await, Ok(Vec::new()));
        return;
    }
    assert_eq!(stripe.every_dispute().await, Ok(Vec::new()));
    let charge = ground.charge(1, "createDispute").await;
    assert!(matches!(charge.source, Source::Token(_)));
    let paid = stripe.charge(&charge).await.unwrap();
    assert_eq!(paid.status, IntentStatus::Succeeded);
    let all = stripe.every_dispute().await.unwrap();
    let [dispute] = &all[..] else { panic!("{all:?}") };
    assert_eq!((&dispute.intent, dispute.amount), (&paid.id, charge.amount));
    assert_eq!((dispute.reason.as_str(), dispute.live), ("fraudulent", false));
    assert_eq!(dispute.status, DisputeStatus::NeedsResponse);
    assert!(dispute.answer_by.is_some());
    assert_eq!(stripe.dispute(&dispute.id).await.as_ref(), Ok(dispute));
}

/// localstripe tells neither.
#[tokio::test]
async fn events_of_saved_cards_and_disputes_lead_to_what_they_are_about() {
    let ground = Ground::sandbox().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let form = format!(
        "url=http://{}/webhooks/stripe&enabled_events[]=setup_intent.succeeded&\
         enabled_events[]=charge.dispute.created",
        listener.local_addr().unwrap()
    );
    let (_, endpoint) = ground.ask(Method::POST, "/v1/webhook_endpoints", &form).await;
    let secret = endpoint["secret"].as_str().unwrap();
    let next = async || {
        let (header, body) = delivery(&listener).await;
        webhook::verify(secret, &header, &body, SystemClock.now()).unwrap()
    };

    let saved = ground.saved(1, "visa").await;
    let event = next().await;
    assert_eq!(event.kind, "setup_intent.succeeded");
    assert_eq!((event.object_id, event.setup), (saved.id, saved.setup));
    assert_eq!((event.payment, event.intent_id), (None, None));

    let charge = ground.charge(2, "createDispute").await;
    let paid = ground.stripe().charge(&charge).await.unwrap();
    let event = next().await;
    assert_eq!(event.kind, "charge.dispute.created");
    assert_eq!((event.intent_id, event.setup), (Some(paid.id), None));
    assert!(ground.stripe().dispute(&event.object_id).await.is_ok());
}
