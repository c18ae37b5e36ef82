use serde_json::json;

use crate::support::Gateway;

#[tokio::test]
async fn a_good_card_pays_and_is_kept_for_later() {
    let gateway = Gateway::start();
    let customer = gateway.customer().await;

    let paid = gateway.pay(&customer, "4242424242424242").await;
    assert_eq!((paid.status, paid.text("/status")), (200, "succeeded"));
    assert_eq!(paid.number("/amount_received"), 2_500);
    assert_eq!(paid.text("/metadata/request_id"), "req_1");
    assert_eq!(paid.text("/payment_method_options/card/setup_credential_usage"), "unscheduled");

    let kept = gateway.get(&format!("/v1/payment_methods?customer={customer}")).await;
    assert_eq!(kept.text("/data/0/card/last4"), "4242");
    let again = gateway.recharge(&customer, kept.text("/data/0/id")).await;
    assert_eq!(again.text("/status"), "succeeded");
    assert_eq!(
        gateway.event_types().await,
        [
            "customer.created",
            "payment_intent.created",
            "payment_method.attached",
            "charge.succeeded",
            "payment_intent.succeeded",
            "payment_intent.created",
            "charge.succeeded",
            "payment_intent.succeeded",
        ]
    );
    let books = gateway.books().await;
    assert_eq!(books["totals"], json!({ "usd": { "captured": 5_000, "refunded": 0 } }));
}

#[tokio::test]
async fn a_token_shows_the_card_but_not_its_number() {
    let gateway = Gateway::start();
    let id = gateway.token("5200828282828210").await.id();
    let token = gateway.get(&format!("/v1/confirmation_tokens/{id}")).await;
    let card = &token.body["payment_method_preview"]["card"];
    assert_eq!(card["brand"], "mastercard");
    assert_eq!(card["funding"], "debit");
    assert_eq!(card["country"], "US");
    assert_eq!(card["last4"], "8210");
    assert_eq!((&card["exp_month"], &card["exp_year"]), (&json!(12), &json!(2034)));
    assert_eq!(card["fingerprint"].as_str().unwrap().len(), 16);
    assert_eq!(token.number("/expires_at") - token.number("/created"), 12 * 3_600);
    let books = gateway.books().await.to_string();
    assert!(!books.contains("5200828282828210"), "a card number is in the books");
}

#[tokio::test]
async fn each_declining_card_says_why() {
    let gateway = Gateway::start();
    let customer = gateway.customer().await;
    let cases = [
        ("4000000000000002", "card_declined", json!("generic_decline"), "try_again_later"),
        ("4000000000000341", "card_declined", json!("generic_decline"), "try_again_later"),
        ("4000000000009995", "card_declined", json!("insufficient_funds"), "try_again_later"),
        ("4000000000009987", "card_declined", json!("lost_card"), "do_not_try_again"),
        ("4000000000009979", "card_declined", json!("stolen_card"), "do_not_try_again"),
        ("4000000000000069", "expired_card", json!(null), "confirm_card_data"),
        ("4000000000000127", "incorrect_cvc", json!(null), "confirm_card_data"),
        ("4000000000000119", "processing_error", json!(null), "try_again_later"),
    ];
    for (number, code, decline_code, advice_code) in cases {
        let declined = gateway.pay(&customer, number).await;
        assert_eq!(declined.refusal(), (402, code), "{number}");
        let error = &declined.body["error"];
        assert_eq!(error["type"], "card_error");
        assert_eq!(error["decline_code"], decline_code, "{number}");
        assert_eq!(error["advice_code"], advice_code, "{number}");
        let intent = &error["payment_intent"];
        assert_eq!(intent["status"], "requires_payment_method");
        assert_eq!(intent["last_payment_error"]["code"], code);
        assert_eq!(intent["payment_method"], json!(null));

        let charge = intent["latest_charge"].as_str().unwrap();
        let charge = gateway.get(&format!("/v1/charges/{charge}")).await;
        assert_eq!(charge.text("/status"), "failed");
        assert_eq!(charge.body["captured"], false);
    }
    assert_eq!(gateway.books().await["totals"], json!({}));
}

#[tokio::test]
async fn other_good_brands_pay_too() {
    let gateway = Gateway::start();
    let customer = gateway.customer().await;
    assert_eq!(gateway.pay(&customer, "5555555555554444").await.text("/status"), "succeeded");

    let form = [
        ("type", "card"),
        ("card[number]", "378282246310005"),
        ("card[exp_month]", "1"),
        ("card[exp_year]", "2040"),
        ("card[cvc]", "1234"),
    ];
    let amex = gateway.post("/v1/payment_methods", &form).await;
    assert_eq!(amex.text("/card/brand"), "amex");
}

#[tokio::test]
async fn a_second_card_mends_a_declined_payment() {
    let gateway = Gateway::start();
    let customer = gateway.customer().await;
    let declined = gateway.pay(&customer, "4000000000000002").await;
    let id = declined.text("/error/payment_intent/id");
    let token = gateway.token("4242424242424242").await.id();
    let path = format!("/v1/payment_intents/{id}/confirm");
    let paid = gateway.post(&path, &[("confirmation_token", &token)]).await;
    assert_eq!(paid.text("/status"), "succeeded");
    assert_eq!(paid.body["last_payment_error"], json!(null));
}

#[tokio::test]
async fn a_card_that_fails_every_charge_can_be_attached_and_others_that_decline_cannot() {
    let gateway = Gateway::start();
    let customer = gateway.customer().await;
    let form = [("customer", customer.as_str())];

    let path = "/v1/payment_methods/pm_card_chargeCustomerFail/attach";
    let attached = gateway.post(path, &form).await;
    assert_eq!(attached.text("/customer"), customer);
    let declined = gateway.recharge(&customer, &attached.id()).await;
    assert_eq!(declined.refusal(), (402, "card_declined"));
    // It is still the customer's: only the charge failed.
    let card = gateway.get(&format!("/v1/payment_methods/{}", attached.id())).await;
    assert_eq!(card.text("/customer"), customer);

    let path = "/v1/payment_methods/pm_card_chargeDeclined/attach";
    assert_eq!(gateway.post(path, &form).await.refusal(), (402, "card_declined"));
}

#[tokio::test]
async fn a_detached_card_cannot_be_charged_or_attached_again() {
    let gateway = Gateway::start();
    let customer = gateway.customer().await;
    let method =
        gateway.pay(&customer, "4242424242424242").await.text("/payment_method").to_owned();

    let detached = gateway.post(&format!("/v1/payment_methods/{method}/detach"), &[]).await;
    assert_eq!(detached.body["customer"], json!(null));
    let charge = gateway.recharge(&customer, &method).await;
    assert_eq!(charge.status, 400, "{:#}", charge.body);
    assert!(charge.text("/error/message").contains("detached"));
    let path = format!("/v1/payment_methods/{method}/attach");
    assert_eq!(gateway.post(&path, &[("customer", &customer)]).await.status, 400);
    let path = format!("/v1/payment_methods/{method}/detach");
    assert_eq!(gateway.post(&path, &[]).await.status, 400);
    assert_eq!(gateway.event_types().await.last().unwrap(), "payment_method.detached");
}

#[tokio::test]
async fn a_card_that_nobody_keeps_pays_once() {
    let gateway = Gateway::start();
    let form = [("amount", "500"), ("currency", "usd"), ("confirm", "true")];
    let mut first = form.to_vec();
    first.push(("payment_method", "pm_card_visa"));
    let paid = gateway.post("/v1/payment_intents", &first).await;
    assert_eq!(paid.text("/status"), "succeeded");
    let mut second = form.to_vec();
    second.push(("payment_method", paid.text("/payment_method")));
    assert_eq!(gateway.post("/v1/payment_intents", &second).await.status, 400);
}

#[tokio::test]
async fn a_card_of_another_customer_is_refused() {
    let gateway = Gateway::start();
    let (dana, eve) = (gateway.customer().await, gateway.customer().await);
    let method = gateway.pay(&dana, "4242424242424242").await.text("/payment_method").to_owned();
    assert_eq!(gateway.recharge(&eve, &method).await.status, 400);
}

#[tokio::test]
async fn a_token_is_good_for_one_payment() {
    let gateway = Gateway::start();
    let token = gateway.token("4242424242424242").await.id();
    let form = [
        ("amount", "2500"),
        ("currency", "usd"),
        ("confirm", "true"),
        ("confirmation_token", token.as_str()),
        ("setup_future_usage", "off_session"),
    ];
    let paid = gateway.post("/v1/payment_intents", &form).await;
    assert_eq!(paid.text("/status"), "succeeded");
    assert_eq!(
        gateway.post("/v1/payment_intents", &form).await.refusal(),
        (400, "token_already_used")
    );
    let token = gateway.get(&format!("/v1/confirmation_tokens/{token}")).await;
    assert_eq!(token.text("/payment_intent"), paid.text("/id"));
    assert_eq!(gateway.books().await["payment_intents"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_number_that_is_no_test_card_is_never_kept() {
    let gateway = Gateway::start();
    let refused = gateway.token("4539578763621486").await;
    assert_eq!(refused.refusal(), (402, "card_declined"));
    assert_eq!(refused.text("/error/decline_code"), "test_mode_live_card");
    assert_eq!(gateway.token("4242424242424241").await.refusal(), (402, "incorrect_number"));
    assert!(!gateway.books().await.to_string().contains("ctoken_"));
}

#[tokio::test]
async fn a_deleted_customer_has_no_cards_left() {
    let gateway = Gateway::start();
    let customer = gateway.customer().await;
    let method =
        gateway.pay(&customer, "4242424242424242").await.text("/payment_method").to_owned();
    let deleted = gateway.delete(&format!("/v1/customers/{customer}")).await;
    assert_eq!(deleted.body["deleted"], true);
    assert_eq!(gateway.recharge(&customer, &method).await.refusal(), (404, "resource_missing"));
    let card = gateway.get(&format!("/v1/payment_methods/{method}")).await;
    assert_eq!(card.body["customer"], json!(null));
}
