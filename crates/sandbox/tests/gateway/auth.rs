use reqwest::Method;

use crate::support::{Gateway, PUBLISHABLE, SECRET, encode, send};

#[tokio::test]
async fn nobody_gets_in_without_a_key() {
    let gateway = Gateway::start();
    for path in ["/v1/customers", "/v1/events", "/_sandbox/books", "/_sandbox/faults"] {
        let bare = send(gateway.request(Method::GET, path)).await;
        assert_eq!((bare.status, bare.text("/error/type")), (401, "invalid_request_error"));
        let wrong = send(gateway.request(Method::GET, path).bearer_auth("sk_test_other")).await;
        assert_eq!(wrong.status, 401, "{path}");
        assert!(!wrong.text("/error/message").contains("sk_test_other"));
    }
}

#[tokio::test]
async fn the_secret_key_works_as_bearer_and_as_user_name() {
    let gateway = Gateway::start();
    assert_eq!(gateway.get("/v1/customers").await.status, 200);
    let basic = gateway.request(Method::GET, "/v1/customers").basic_auth(SECRET, Some(""));
    assert_eq!(send(basic).await.status, 200);
}

#[tokio::test]
async fn the_publishable_key_does_what_a_browser_may_and_no_more() {
    let gateway = Gateway::start();
    let customer = gateway.customer().await;
    let intent = gateway.pay(&customer, "4242424242424242").await;
    for (method, path) in [
        (Method::GET, "/v1/customers".to_owned()),
        (Method::POST, "/v1/payment_intents".to_owned()),
        (Method::GET, "/v1/payment_intents".to_owned()),
        (Method::POST, "/v1/refunds".to_owned()),
        (Method::POST, "/v1/test_helpers/confirmation_tokens".to_owned()),
        (Method::GET, "/_sandbox/books".to_owned()),
    ] {
        let refused = send(gateway.request(method, &path).bearer_auth(PUBLISHABLE)).await;
        assert_eq!(refused.refusal(), (403, "secret_key_required"), "{path}");
    }
    let see = |secret: String| {
        let query = encode(&[("client_secret", &secret)]);
        let path = format!("/v1/payment_intents/{}?{query}", intent.id());
        send(gateway.request(Method::GET, &path).bearer_auth(PUBLISHABLE))
    };
    let seen = see(intent.text("/client_secret").to_owned()).await;
    assert_eq!(seen.text("/status"), "succeeded");
    for private in ["customer", "metadata", "latest_charge"] {
        assert!(seen.body.get(private).is_none(), "{private} is shown to a browser");
    }
    assert_eq!(see("pi_guess_secret_guess".to_owned()).await.status, 400);
    let path = format!("/v1/payment_intents/{}", intent.id());
    let without = send(gateway.request(Method::GET, &path).bearer_auth(PUBLISHABLE)).await;
    assert_eq!(without.refusal(), (400, "parameter_missing"));
}

#[tokio::test]
async fn an_unknown_address_is_a_404_that_says_so() {
    let gateway = Gateway::start();
    let reply = gateway.get("/v1/subscriptions").await;
    assert_eq!(reply.status, 404);
    assert!(reply.text("/error/message").contains("GET: /v1/subscriptions"));
    let reply = gateway.delete("/v1/payment_intents/pi_1").await;
    assert_eq!(reply.status, 404);
}
