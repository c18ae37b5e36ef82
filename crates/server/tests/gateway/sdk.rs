//! Stripe's own client for Python drives the sandbox: `support/stripe_sdk.py` says what it does. The one for Node does the same in
//! `tests/journeys/stripe_sdk.test.mjs`.

use crate::{python::Python, sandbox::Sandbox};

#[tokio::test]
async fn stripes_python_client_drives_the_sandbox() {
    let sandbox = Sandbox::start().await;
    let mut client =
        Python::start("stripe_sdk.py", &[&sandbox.config.api_url, &sandbox.config.secret_key.0]);
    let told = client.told().await;
    let done: Vec<_> = told.as_array().unwrap().iter().map(|step| step.as_str().unwrap()).collect();
    assert_eq!(
        done,
        [
            "customers",
            "payment methods",
            "payments",
            "declines",
            "3-D Secure",
            "off-session",
            "setup intents",
            "refunds",
            "disputes",
            "idempotency",
            "errors",
            "events",
            "webhooks"
        ]
    );
}
