use reqwest::Method;
use serde_json::json;

use crate::support::{Gateway, PUBLISHABLE, Reply, send};

const GOOD: &str = "4242424242424242";
const ONCE: &str = "4000002500003155";
const ALWAYS: &str = "4000002760003184";
const THEN_DECLINED: &str = "4000008400001629";

/// What Sluice asks for when a card is to be kept without a payment.
async fn save(gateway: &Gateway, customer: &str, number: &str) -> Reply {
    let token = gateway.token(number).await.id();
    let form = [
        ("customer", customer),
        ("confirmation_token", token.as_str()),
        ("confirm", "true"),
        ("usage", "off_session"),
        ("allowed_payment_method_types[]", "card"),
        ("payment_method_options[card][setup_credential_usage]", "unscheduled"),
        ("return_url", "https://pay.example/done"),
        ("metadata[setup]", "set_1"),
    ];
    gateway.post("/v1/setup_intents", &form).await
}

async fn authenticate(gateway: &Gateway, id: &str, success: bool) -> Reply {
    let path = format!("/setup_intents/{id}/authenticate?success={success}");
    gateway.control(&path, json!({})).await
}

#[tokio::test]
async fn a_good_card_is_kept_without_a_payment() {
    let gateway = Gateway::start();
    let customer = gateway.customer().await;
    let kept = save(&gateway, &customer, GOOD).await;
    assert_eq!((kept.status, kept.text("/status")), (200, "succeeded"), "{:#}", kept.body);
    assert_eq!((kept.text("/usage"), kept.text("/metadata/setup")), ("off_session", "set_1"));
    assert!(kept.text("/client_secret").starts_with(&format!("{}_secret_", kept.id())));
    let later = gateway.recharge(&customer, kept.text("/payment_method")).await;
    assert_eq!(later.text("/status"), "succeeded");
    assert_eq!(
        gateway.event_types().await[..4],
        [
            "customer.created",
            "setup_intent.created",
            "payment_method.attached",
            "setup_intent.succeeded"
        ]
    );
    let listed = gateway.get(&format!("/v1/setup_intents?customer={customer}")).await;
    assert_eq!(listed.text("/data/0/id"), kept.id());
    let expanded =
        gateway.get(&format!("/v1/setup_intents/{}?expand[]=payment_method", kept.id())).await;
    assert_eq!(expanded.text("/payment_method/card/last4"), "4242");
}

#[tokio::test]
async fn a_card_is_kept_after_its_owner_has_authenticated() {
    let gateway = Gateway::start();
    let customer = gateway.customer().await;
    for (number, later) in [(ONCE, 200), (ALWAYS, 402)] {
        let waiting = save(&gateway, &customer, number).await;
        assert_eq!(waiting.text("/status"), "requires_action", "{number}");
        assert_eq!(waiting.text("/next_action/type"), "use_stripe_sdk");
        let kept = authenticate(&gateway, &waiting.id(), true).await;
        assert_eq!(kept.text("/status"), "succeeded");
        assert_eq!(kept.body["next_action"], json!(null));
        let charged = gateway.recharge(&customer, kept.text("/payment_method")).await;
        assert_eq!(charged.status, later, "{number}");
        assert_eq!(authenticate(&gateway, &waiting.id(), true).await.status, 400);
    }
}

#[tokio::test]
async fn a_card_that_is_not_authenticated_or_declined_is_not_kept() {
    let gateway = Gateway::start();
    let customer = gateway.customer().await;
    for (number, success, code) in [
        (ALWAYS, false, "setup_intent_authentication_failure"),
        (THEN_DECLINED, true, "card_declined"),
    ] {
        let waiting = save(&gateway, &customer, number).await.id();
        let failed = authenticate(&gateway, &waiting, success).await;
        assert_eq!(failed.text("/status"), "requires_payment_method");
        assert_eq!(failed.text("/last_setup_error/code"), code);
        assert_eq!(failed.text("/last_setup_error/payment_method/object"), "payment_method");
        assert_eq!(failed.body["payment_method"], json!(null));
        assert_eq!(gateway.event_types().await.last().unwrap(), "setup_intent.setup_failed");
    }
    let declined = save(&gateway, &customer, "4000000000009987").await;
    assert_eq!(declined.refusal(), (402, "card_declined"));
    assert_eq!(declined.text("/error/decline_code"), "lost_card");
    assert_eq!(declined.text("/error/advice_code"), "do_not_try_again");
    assert_eq!(declined.text("/error/setup_intent/status"), "requires_payment_method");
    let cards = gateway.get(&format!("/v1/payment_methods?customer={customer}")).await;
    assert_eq!(cards.body["data"], json!([]));
    // Another card may be tried on the same setup.
    let path = format!("/v1/setup_intents/{}/confirm", declined.text("/error/setup_intent/id"));
    let kept = gateway.post(&path, &[("payment_method", "pm_card_visa")]).await;
    assert_eq!((kept.text("/status"), &kept.body["last_setup_error"]), ("succeeded", &json!(null)));
}

#[tokio::test]
async fn a_setup_that_waits_can_be_cancelled_and_then_nothing_else() {
    let gateway = Gateway::start();
    let customer = gateway.customer().await;
    let id = save(&gateway, &customer, ALWAYS).await.id();
    let path = format!("/v1/setup_intents/{id}/cancel");
    let cancelled = gateway.post(&path, &[("cancellation_reason", "abandoned")]).await;
    assert_eq!(cancelled.text("/status"), "canceled");
    assert_eq!(cancelled.text("/cancellation_reason"), "abandoned");
    let state = (400, "setup_intent_unexpected_state");
    assert_eq!(gateway.post(&path, &[]).await.refusal(), state);
    assert_eq!(authenticate(&gateway, &id, true).await.refusal(), state);
    let path = format!("/v1/setup_intents/{id}/confirm");
    let form = [("payment_method", "pm_card_visa")];
    assert_eq!(gateway.post(&path, &form).await.refusal(), state);
    assert_eq!(gateway.event_types().await.last().unwrap(), "setup_intent.canceled");
}

#[tokio::test]
async fn a_token_is_good_for_one_setup_or_one_payment() {
    let gateway = Gateway::start();
    let customer = gateway.customer().await;
    let token = gateway.token(GOOD).await.id();
    let form = [
        ("customer", customer.as_str()),
        ("confirmation_token", token.as_str()),
        ("confirm", "true"),
    ];
    let kept = gateway.post("/v1/setup_intents", &form).await;
    assert_eq!(kept.text("/status"), "succeeded");
    let used = (400, "token_already_used");
    assert_eq!(gateway.post("/v1/setup_intents", &form).await.refusal(), used);
    let mut pay = form.to_vec();
    pay.extend([("amount", "2500"), ("currency", "usd"), ("setup_future_usage", "off_session")]);
    assert_eq!(gateway.post("/v1/payment_intents", &pay).await.refusal(), used);
    let token = gateway.get(&format!("/v1/confirmation_tokens/{token}")).await;
    assert_eq!(
        (token.text("/setup_intent"), token.body["payment_intent"].is_null()),
        (&*kept.id(), true)
    );
}

#[tokio::test]
async fn what_cannot_be_meant_is_refused() {
    let gateway = Gateway::start();
    let token = gateway.token(GOOD).await.id();
    let token = ("confirmation_token", token.as_str());
    for form in [
        &[token][..],
        &[("confirm", "true")],
        &[token, ("confirm", "true"), ("payment_method", "pm_card_visa")],
        &[token, ("confirm", "true"), ("usage", "on_session")],
        &[token, ("confirm", "true"), ("usage", "sometimes")],
        &[token, ("confirm", "true"), ("allowed_payment_method_types[]", "sepa_debit")],
        &[token, ("confirm", "true"), ("off_session", "true")],
    ] {
        assert_eq!(gateway.post("/v1/setup_intents", form).await.status, 400, "{form:?}");
    }
    let stranger = [token, ("confirm", "true"), ("customer", "cus_none")];
    assert_eq!(gateway.post("/v1/setup_intents", &stranger).await.refusal().1, "resource_missing");
    assert_eq!(gateway.books().await["setup_intents"], json!([]));
}

#[tokio::test]
async fn a_browser_sees_its_own_setup_and_answers_for_it() {
    let gateway = Gateway::start();
    let customer = gateway.customer().await;
    let waiting = save(&gateway, &customer, ONCE).await;
    let secret = waiting.text("/client_secret");
    let look = |secret: String| {
        let path = format!("/v1/setup_intents/{}?client_secret={secret}", waiting.id());
        send(gateway.request(Method::GET, &path).bearer_auth(PUBLISHABLE))
    };
    let seen = look(secret.to_owned()).await;
    assert_eq!(seen.text("/status"), "requires_action");
    assert!(seen.body.get("customer").is_none() && seen.body.get("metadata").is_none());
    assert_eq!(look("seti_guess".to_owned()).await.status, 400);
    let answer = |secret: &str| {
        let body = json!({ "client_secret": secret, "success": true });
        send(gateway.request(Method::POST, "/elements/authenticate").json(&body))
    };
    let guess = format!("{}_secret_guess", waiting.id());
    assert_eq!(answer(&guess).await.refusal(), (404, "resource_missing"));
    assert_eq!(answer(secret).await.body, json!({ "done": true }));
    assert_eq!(look(secret.to_owned()).await.text("/status"), "succeeded");
}

#[tokio::test]
async fn a_kept_card_is_declined_as_often_as_its_bank_was_told_to() {
    let gateway = Gateway::start();
    let customer = gateway.customer().await;
    let card = save(&gateway, &customer, GOOD).await.text("/payment_method").to_owned();
    let path = format!("/payment_methods/{card}/declines");
    let decline = json!({ "decline_code": "insufficient_funds", "times": 2 });
    assert_eq!(gateway.control(&path, decline).await.text("/advice_code"), "try_again_later");
    // Whoever is there is not kept from paying.
    let form = [
        ("amount", "2500"),
        ("currency", "usd"),
        ("customer", customer.as_str()),
        ("payment_method", card.as_str()),
        ("confirm", "true"),
    ];
    assert_eq!(gateway.post("/v1/payment_intents", &form).await.text("/status"), "succeeded");
    for _ in 0..2 {
        let declined = gateway.recharge(&customer, &card).await;
        assert_eq!(declined.refusal(), (402, "card_declined"));
        assert_eq!(declined.text("/error/decline_code"), "insufficient_funds");
        assert_eq!(declined.text("/error/payment_intent/status"), "requires_payment_method");
        assert_eq!(
            declined.text("/error/payment_intent/last_payment_error/advice_code"),
            "try_again_later"
        );
    }
    assert_eq!(gateway.recharge(&customer, &card).await.text("/status"), "succeeded");

    let hard = json!({ "decline_code": "do_not_honor", "advice_code": "do_not_try_again" });
    gateway.control(&path, hard.clone()).await;
    let declined = gateway.recharge(&customer, &card).await;
    assert_eq!(declined.text("/error/advice_code"), "do_not_try_again");
    gateway.control(&path, hard).await;
    gateway.control(&path, json!({ "decline_code": "do_not_honor", "times": 0 })).await;
    assert_eq!(gateway.recharge(&customer, &card).await.text("/status"), "succeeded");

    for wrong in [
        json!({ "decline_code": "no_such_code" }),
        json!({ "decline_code": "lost_card", "advice_code": "no_such_advice" }),
        json!({ "times": 1 }),
    ] {
        assert!((400..500).contains(&gateway.control(&path, wrong).await.status));
    }
    let stranger = gateway
        .control("/payment_methods/pm_none/declines", json!({ "decline_code": "lost_card" }));
    assert_eq!(stranger.await.status, 404);
}
