use serde_json::json;

use crate::support::{Form, Gateway};

/// What Stripe refuses, we refuse: each line is a payment with one thing wrong with it.
#[tokio::test]
async fn what_stripe_refuses_is_refused() {
    let gateway = Gateway::start();
    let sound = [("amount", "2500"), ("currency", "usd")];
    let cases: &[(Form<'_>, &str, &str)] = &[
        (&[("payment_method_types[]", "card")], "parameter_unknown", "payment_method_types"),
        (&[("colour", "blue")], "parameter_unknown", "colour"),
        (
            &[("payment_method_options[card][colour]", "blue")],
            "parameter_unknown",
            "payment_method_options[card][colour]",
        ),
        (&[("amount", "49")], "amount_too_small", "amount"),
        (&[("amount", "-1")], "parameter_invalid_integer", "amount"),
        (&[("amount", "25.00")], "parameter_invalid_integer", "amount"),
        (&[("amount", "100000000")], "amount_too_large", "amount"),
        (&[("amount", "")], "parameter_invalid_empty", "amount"),
        (&[("customer", "cus_none")], "resource_missing", "customer"),
        (&[("payment_method", "pm_none")], "resource_missing", "payment_method"),
        (
            &[("confirm", "true"), ("confirmation_token", "ctoken_none")],
            "resource_missing",
            "confirmation_token",
        ),
    ];
    for (extra, code, param) in cases {
        let mut form: Vec<(&str, &str)> = sound
            .iter()
            .filter(|(name, _)| !extra.iter().any(|(other, _)| other == name))
            .copied()
            .collect();
        form.extend_from_slice(extra);
        let refused = gateway.post("/v1/payment_intents", &form).await;
        assert!(matches!(refused.status, 400 | 404), "{extra:?}: {:#}", refused.body);
        assert_eq!(refused.text("/error/code"), *code, "{extra:?}");
        assert_eq!(refused.text("/error/param"), *param, "{extra:?}");
    }
    assert_eq!(gateway.books().await["payment_intents"], json!([]));
}

#[tokio::test]
async fn combinations_that_make_no_sense_are_refused() {
    let gateway = Gateway::start();
    let stored = "payment_method_options[card][stored_credential_usage]";
    let cases: &[Form<'_>] = &[
        &[(stored, "unscheduled"), ("setup_future_usage", "off_session")],
        &[(stored, "sometimes")],
        &[("setup_future_usage", "whenever")],
        &[("off_session", "true")],
        &[("confirmation_token", "ctoken_1")],
        &[("confirm", "true")],
        &[("confirm", "yes")],
        &[
            ("confirm", "true"),
            ("payment_method", "pm_card_visa"),
            ("confirmation_token", "ctoken_1"),
        ],
        &[("allowed_payment_method_types[]", "sepa_debit")],
        &[("metadata", "text")],
    ];
    for extra in cases {
        let mut form = vec![("amount", "2500"), ("currency", "usd")];
        form.extend_from_slice(extra);
        let refused = gateway.post("/v1/payment_intents", &form).await;
        assert_eq!(refused.status, 400, "{extra:?}: {:#}", refused.body);
    }
    assert_eq!(gateway.books().await["payment_intents"], json!([]));
}

#[tokio::test]
async fn a_token_must_fit_the_payment_it_confirms() {
    let gateway = Gateway::start();
    let token = gateway.token("4242424242424242").await.id();
    let form = [
        ("amount", "2500"),
        ("currency", "usd"),
        ("confirm", "true"),
        ("confirmation_token", token.as_str()),
    ];
    let refused = gateway.post("/v1/payment_intents", &form).await;
    assert_eq!(refused.status, 400);
    assert!(refused.text("/error/message").contains("setup_future_usage"));
}

#[tokio::test]
async fn a_payment_is_confirmed_once() {
    let gateway = Gateway::start();
    let form = [("amount", "2500"), ("currency", "usd"), ("payment_method", "pm_card_visa")];
    let intent = gateway.post("/v1/payment_intents", &form).await;
    assert_eq!(intent.text("/status"), "requires_confirmation");
    let path = format!("/v1/payment_intents/{}/confirm", intent.id());
    assert_eq!(gateway.post(&path, &[]).await.text("/status"), "succeeded");
    let again = gateway.post(&path, &[]).await;
    assert_eq!(again.refusal(), (400, "payment_intent_unexpected_state"));
    assert_eq!(again.text("/error/payment_intent/status"), "succeeded");
    let path = format!("/v1/payment_intents/{}/cancel", intent.id());
    assert_eq!(gateway.post(&path, &[]).await.refusal().1, "payment_intent_unexpected_state");
}

#[tokio::test]
async fn expansion_puts_objects_in_place_of_ids() {
    let gateway = Gateway::start();
    let customer = gateway.customer().await;
    let id = gateway.pay(&customer, "4242424242424242").await.id();
    let path =
        format!("/v1/payment_intents/{id}?expand[]=latest_charge.payment_method&expand[]=customer");
    let intent = gateway.get(&path).await;
    assert_eq!(intent.text("/customer/email"), "dana@example.com");
    assert_eq!(intent.text("/latest_charge/payment_method/card/last4"), "4242");
    let list = gateway.get("/v1/payment_intents?expand[]=data.latest_charge").await;
    assert_eq!(list.text("/data/0/latest_charge/object"), "charge");
    let refused = gateway.get(&format!("/v1/payment_intents/{id}?expand[]=secret_life")).await;
    assert_eq!((refused.status, refused.text("/error/param")), (400, "expand"));
}
