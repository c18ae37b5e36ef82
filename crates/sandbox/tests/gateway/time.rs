//! What changes with the hours: the same server in this process, on a clock of our own.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use sandbox::{Clock, Sandbox, SeededEntropy, serve};

use crate::support::{Gateway, PUBLISHABLE, SECRET};

/// 22 November 2026.
const NOW: i64 = 1_795_305_600;
const HOUR: i64 = 3_600;

struct Hands(AtomicI64);

impl Clock for Hands {
    fn now_seconds(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

async fn start() -> (Gateway, Arc<Hands>) {
    let clock = Arc::new(Hands(AtomicI64::new(NOW)));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let entropy = Box::new(SeededEntropy::new(1));
    let sandbox = Sandbox::new(clock.clone(), entropy, SECRET.into(), PUBLISHABLE.into());
    tokio::spawn(serve(listener, sandbox));
    (Gateway::at(url), clock)
}

#[tokio::test]
async fn a_token_is_good_for_twelve_hours() {
    let (gateway, clock) = start().await;
    let (early, late) = (
        gateway.token("4242424242424242").await.id(),
        gateway.token("4242424242424242").await.id(),
    );
    let pay = async |token: &str| {
        let form = [
            ("amount", "2500"),
            ("currency", "usd"),
            ("confirm", "true"),
            ("confirmation_token", token),
            ("setup_future_usage", "off_session"),
        ];
        gateway.post("/v1/payment_intents", &form).await
    };
    clock.0.store(NOW + 12 * HOUR - 1, Ordering::SeqCst);
    assert_eq!(pay(&early).await.text("/status"), "succeeded");
    clock.0.store(NOW + 12 * HOUR, Ordering::SeqCst);
    let refused = pay(&late).await;
    assert_eq!(refused.status, 400);
    assert!(refused.text("/error/message").contains("expired"));
}

#[tokio::test]
async fn a_key_is_remembered_for_a_day() {
    let (gateway, clock) = start().await;
    let form = [("email", "dana@example.com")];
    let first = gateway.post_with_key("k1", "/v1/customers", &form).await.id();
    clock.0.store(NOW + 24 * HOUR - 1, Ordering::SeqCst);
    assert_eq!(gateway.post_with_key("k1", "/v1/customers", &form).await.id(), first);
    clock.0.store(NOW + 24 * HOUR, Ordering::SeqCst);
    assert_ne!(gateway.post_with_key("k1", "/v1/customers", &form).await.id(), first);
}
