//! The settings of who is believed and who may ask how often, as an operator gives them.

use crate::{process::House, wire::ask};

#[tokio::test]
async fn an_operator_names_the_proxies_and_the_rates() {
    let house = House::build().await;
    let settings =
        [("SLUICE_TRUSTED_PROXIES", "192.0.2.0/24, 127.0.0.1"), ("SLUICE_RATE_PEER", "1")];
    let server = house.serve_with(&settings).await;
    let from = async |address: &str| {
        let head = format!("GET /api/v1/me HTTP/1.1\r\nX-Forwarded-For: {address}");
        ask(&server.url, &head, "").await
    };
    let mut refused = 0;
    for _ in 0..100 {
        refused += usize::from(from("203.0.113.7").await == 429);
    }
    assert!(refused > 0, "ten at once, and one more each second");
    assert_eq!(from("203.0.113.8").await, 401);
    // What stands before the proxy's word is anybody's.
    assert_eq!(from("203.0.113.7, 203.0.113.9").await, 401);
}

#[tokio::test]
async fn a_network_that_is_none_is_told() {
    let house = House::build().await;
    let mut command = house.command(&["serve", "--demo", "--trusted-proxies", "10.0.0.0/33"]);
    let output = command.output().await.unwrap();
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("expected a network like 10.0.0.0/8"), "{error}");
}
