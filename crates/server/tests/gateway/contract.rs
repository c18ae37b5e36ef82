//! What must hold with either server. Every function here is two tests.

use std::time::Duration;

use billing::{Timestamp, funding::RefundKey};
use reqwest::Method;
use server::{
    config::{GatewayConfig, Secret},
    deps::{Clock as _, SystemClock},
    gateway::{
        Gateway as _, GatewayError, IntentStatus, NewCustomer, RefundOutcome,
        stripe::Stripe,
        webhook::{self, WebhookError},
    },
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use crate::{
    ground::Ground,
    sandbox::{payment, request, sub_account, usd},
};

on_both![
    a_customer_is_made_once,
    a_card_is_shown_before_it_is_charged,
    a_good_card_is_charged,
    a_charge_is_made_once_however_often_it_is_asked_for,
    a_declined_card_says_so_and_its_payment_is_found,
    a_payment_waits_for_its_owner_and_ends_by_their_answer,
    a_payment_is_found_by_its_customer_and_its_id,
    a_payment_that_is_not_over_can_be_called_off,
    a_refund_is_paid_once_however_often_it_is_asked_for,
    a_card_is_forgotten_and_stays_so,
    an_event_is_signed_as_ours_are_checked,
    a_wrong_key_is_told,
];

async fn a_customer_is_made_once(ground: Ground) {
    let stripe = ground.stripe();
    let new = NewCustomer::of_request(request(1), sub_account(), "dana@brightwater.co", "A & B");
    let make = || stripe.create_customer(&new);
    let first = make().await.unwrap();
    assert_eq!(make().await.unwrap(), first);
    assert_eq!(ground.count("/v1/customers").await, 1);
    let (_, written) = ground.ask(Method::GET, &format!("/v1/customers/{first}"), "").await;
    assert_eq!(
        (written["email"].as_str(), written["name"].as_str()),
        (Some("dana@brightwater.co"), Some("A & B"))
    );
    assert_eq!(written["metadata"]["sub_account_id"], sub_account().to_string());
    assert_eq!(written["metadata"]["request_id"], request(1).to_string());
}

async fn a_card_is_shown_before_it_is_charged(ground: Ground) {
    let token = ground.token("visa").await;
    let card = ground.stripe().card_of(&token).await.unwrap();
    assert_eq!((card.label().as_str(), card.exp_month), ("Visa ···· 4242", 12));
    assert_eq!(card.payment_method, None);
    assert_eq!(ground.stripe().card_of("ctoken_none").await, Err(GatewayError::NotFound));
}

async fn a_good_card_is_charged(ground: Ground) {
    let charge = ground.charge(1, "visa").await;
    let intent = ground.stripe().charge(&charge).await.unwrap();
    assert_eq!(intent.status, IntentStatus::Succeeded);
    assert_eq!((intent.amount, intent.payment), (charge.amount, Some(charge.payment)));
    assert_eq!(intent.customer.as_ref(), Some(&charge.customer));
    assert!(!intent.live && intent.decline.is_none() && intent.client_secret.is_some());
    let card = intent.card.clone().unwrap();
    assert_eq!(card.label(), "Visa ···· 4242");
    assert!(card.payment_method.unwrap().starts_with("pm_"));
    assert_eq!(ground.stripe().intent(&intent.id).await.unwrap(), intent);
}

async fn a_charge_is_made_once_however_often_it_is_asked_for(ground: Ground) {
    let charge = ground.charge(1, "visa").await;
    let first = ground.stripe().charge(&charge).await.unwrap();
    assert_eq!(ground.stripe().charge(&charge).await.unwrap(), first);
    // The same payment asked for in other words is what was charged before, not another one.
    let other = server::gateway::Charge { amount: usd("26.00"), ..charge.clone() };
    let found = ground.stripe().charge(&other).await.unwrap();
    assert_eq!((found.id, found.amount), (first.id, usd("25.00")));
    assert_eq!(ground.count(&format!("/v1/charges?customer={}", charge.customer)).await, 1);
}

async fn a_declined_card_says_so_and_its_payment_is_found(ground: Ground) {
    let stripe = ground.stripe();
    let charge = ground.charge(1, "chargeCustomerFail").await;
    let Err(GatewayError::Declined(decline, intent)) = stripe.charge(&charge).await else {
        panic!("the card was not declined");
    };
    assert_eq!(decline.code, ground.ways.decline_code);
    assert_eq!(decline.message, "Your card was declined.");
    assert_eq!(intent.is_some(), ground.ways.decline_brings_intent);
    let found = stripe.find_intent(&charge.customer, charge.payment).await.unwrap().unwrap();
    assert_eq!(found.status, IntentStatus::RequiresPaymentMethod);
    assert_eq!(found.decline, Some(decline.clone()));
    // Asked again, it is the same no, and no second try at the card.
    let again = stripe.charge(&charge).await;
    assert!(matches!(again, Err(GatewayError::Declined(same, _)) if same == decline));
    assert_eq!(ground.count(&format!("/v1/charges?customer={}", charge.customer)).await, 1);
}

async fn a_payment_waits_for_its_owner_and_ends_by_their_answer(ground: Ground) {
    let stripe = ground.stripe();
    for (number, card, success, status, code) in [
        (1, "authenticationRequired", true, IntentStatus::Succeeded, None),
        (
            2,
            "authenticationRequired",
            false,
            IntentStatus::RequiresPaymentMethod,
            Some("payment_intent_authentication_failure"),
        ),
        (
            3,
            "threeDSecureRequiredChargeDeclined",
            true,
            IntentStatus::RequiresPaymentMethod,
            Some(ground.ways.decline_code),
        ),
    ] {
        let charge = ground.charge(number, card).await;
        let asked = stripe.charge(&charge).await.unwrap();
        assert_eq!(asked.status, IntentStatus::RequiresAction, "{card}");
        assert!(asked.client_secret.is_some());
        ground.authenticate(&asked, success).await;
        let intent = stripe.intent(&asked.id).await.unwrap();
        assert_eq!(intent.status, status, "{card}");
        assert_eq!(intent.decline.as_ref().map(|decline| decline.code.as_str()), code, "{card}");
        assert_eq!(intent.payment, Some(charge.payment));
    }
}

async fn a_payment_is_found_by_its_customer_and_its_id(ground: Ground) {
    let stripe = ground.stripe();
    let charge = ground.charge(1, "visa").await;
    assert_eq!(stripe.find_intent(&charge.customer, charge.payment).await, Ok(None));
    let intent = stripe.charge(&charge).await.unwrap();
    // More than a page of others, newer than ours.
    for _ in 0..103 {
        let form = format!("amount=5000&currency=usd&customer={}", charge.customer);
        ground.ask(Method::POST, "/v1/payment_intents", &form).await;
    }
    assert_eq!(stripe.find_intent(&charge.customer, charge.payment).await, Ok(Some(intent)));
    assert_eq!(stripe.find_intent(&charge.customer, payment(7)).await, Ok(None));
    assert_eq!(stripe.find_intent("cus_none", charge.payment).await, Ok(None));
}

async fn a_payment_that_is_not_over_can_be_called_off(ground: Ground) {
    let stripe = ground.stripe();
    let waiting = ground.charge(1, "authenticationRequired").await;
    let waiting = stripe.charge(&waiting).await.unwrap();
    for _ in 0..2 {
        assert_eq!(stripe.cancel(&waiting.id).await.unwrap().status, IntentStatus::Canceled);
    }
    let paid = ground.charge(2, "visa").await;
    let paid = stripe.charge(&paid).await.unwrap();
    assert_eq!(stripe.cancel(&paid.id).await.unwrap(), paid);
    assert_eq!(stripe.cancel("pi_none").await, Err(GatewayError::NotFound));
}

async fn a_refund_is_paid_once_however_often_it_is_asked_for(ground: Ground) {
    let stripe = ground.stripe();
    let charge = ground.charge(1, "visa").await;
    let intent = stripe.charge(&charge).await.unwrap().id;
    let key = |number| RefundKey { payment: charge.payment, number };
    for _ in 0..3 {
        let outcome = stripe.refund(&intent, key(1), usd("10.00")).await;
        assert_eq!(outcome, Ok(RefundOutcome::Succeeded));
    }
    assert_eq!(stripe.refund(&intent, key(2), usd("15.00")).await, Ok(RefundOutcome::Succeeded));
    let refunds = format!("/v1/refunds?payment_intent={intent}");
    assert_eq!(ground.count(&refunds).await, 2);
    // Nothing is left.
    let more = stripe.refund(&intent, key(3), usd("0.50")).await;
    if ground.ways.refuses_to_refund_too_much {
        assert!(matches!(more, Err(GatewayError::Rejected { status: 400, .. })), "{more:?}");
    } else {
        assert_eq!(more, Ok(RefundOutcome::Succeeded));
    }
    assert_eq!(stripe.refund(&intent, key(1), usd("10.00")).await, Ok(RefundOutcome::Succeeded));
}

async fn a_card_is_forgotten_and_stays_so(ground: Ground) {
    let stripe = ground.stripe();
    let charge = ground.charge(1, "visa").await;
    let card = stripe.charge(&charge).await.unwrap().card.unwrap().payment_method.unwrap();
    for _ in 0..2 {
        assert_eq!(stripe.detach(&card).await, Ok(()));
    }
    let (_, method) = ground.ask(Method::GET, &format!("/v1/payment_methods/{card}"), "").await;
    assert!(method["id"] == card.as_str() && method["customer"].is_null(), "{method}");
    assert_eq!(stripe.detach("pm_none").await, Ok(()));
    let form = format!(
        "amount=2500&currency=usd&confirm=true&off_session=true&customer={}&payment_method={card}",
        charge.customer
    );
    let (status, _) = ground.ask(Method::POST, "/v1/payment_intents", &form).await;
    assert_eq!(status == 200, !ground.ways.refuses_to_charge_a_detached_card);
}

async fn an_event_is_signed_as_ours_are_checked(ground: Ground) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/webhooks/stripe", listener.local_addr().unwrap());
    let secret = ground.hook(&url).await;
    let charge = ground.charge(1, "visa").await;
    let intent = ground.stripe().charge(&charge).await.unwrap();

    let (header, body) = delivery(&listener).await;
    let now = SystemClock.now();
    let event = webhook::verify(&secret, &header, &body, now).unwrap();
    assert_eq!(event.kind, "payment_intent.succeeded");
    assert_eq!(event.payment, Some(charge.payment));
    assert_eq!(event.intent_id, Some(intent.id));
    assert!(now.since(event.created) < Duration::from_secs(60));

    let refused = |secret: &str, header: &str, body: &[u8], now| {
        webhook::verify(secret, header, body, now).unwrap_err()
    };
    assert_eq!(refused("whsec_other", &header, &body, now), WebhookError::Forged);
    let mut changed = body.clone();
    changed[body.len() / 2] ^= 1;
    assert_eq!(refused(&secret, &header, &changed, now), WebhookError::Forged);
    let retold = header.replacen("t=", "t=1", 1);
    assert_eq!(refused(&secret, &retold, &body, now), WebhookError::Forged);
    let later = |seconds: i64| Timestamp::from_millis((event_time(&header) + seconds) * 1_000);
    assert_eq!(refused(&secret, &header, &body, later(301)), WebhookError::Stale);
    assert_eq!(refused(&secret, &header, &body, later(-301)), WebhookError::Stale);
    assert!(webhook::verify(&secret, &header, &body, later(299)).is_ok());
}

async fn a_wrong_key_is_told(ground: Ground) {
    let config =
        GatewayConfig { secret_key: Secret("nonsense".to_owned()), ..ground.config.clone() };
    let outcome = Stripe::new(&config).unwrap().intent("pi_1").await;
    assert!(matches!(outcome, Err(GatewayError::Rejected { status: 401, .. })), "{outcome:?}");
}

/// The seconds that a signature says it was made at.
fn event_time(header: &str) -> i64 {
    let time = header.split(',').find_map(|part| part.strip_prefix("t="));
    time.unwrap().parse().unwrap()
}

/// The signature and the body of the next delivery, which is answered with 200.
pub async fn delivery(listener: &TcpListener) -> (String, Vec<u8>) {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut request = Vec::new();
    let head_end = loop {
        assert!(stream.read_buf(&mut request).await.unwrap() > 0, "it hung up");
        if let Some(at) = request.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
    };
    let head = String::from_utf8(request[..head_end].to_vec()).unwrap().to_lowercase();
    let header = |name: &str| {
        head.lines().find_map(|line| line.strip_prefix(name)).unwrap().trim().to_owned()
    };
    let length: usize = header("content-length:").parse().unwrap();
    while request.len() < head_end + length {
        assert!(stream.read_buf(&mut request).await.unwrap() > 0, "it hung up");
    }
    let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    stream.write_all(answer).await.unwrap();
    (header("stripe-signature:"), request[head_end..].to_vec())
}
