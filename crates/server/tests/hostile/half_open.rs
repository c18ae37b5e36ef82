//! Connections on which a request begins and never ends.

use std::time::Duration;

use tokio::io::AsyncWriteExt as _;

use crate::{
    process::House,
    wire::{connect, rest, served},
};

/// How many there are.
const COUNT: usize = 500;

#[tokio::test]
async fn five_hundred_half_open_requests_hold_nobody_up_and_are_given_up() {
    let house = House::build().await;
    let server = house.serve().await;
    let mut open = Vec::new();
    for _ in 0..COUNT {
        let mut stream = connect(&server.url).await;
        stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ").await.unwrap();
        open.push(stream);
    }
    assert_eq!(served(&server.url, &house.key, 50).await, 50);
    let mut closed = 0;
    for mut stream in open {
        let said = rest(&mut stream).await;
        assert!(!said.contains("200 OK"), "{said}");
        closed += 1;
    }
    assert_eq!(closed, COUNT);
    assert_eq!(served(&server.url, &house.key, 10).await, 10);
}

#[tokio::test]
async fn a_peer_does_not_take_every_connection() {
    let house = House::build().await;
    let server = house.serve_with(&[("SLUICE_CONNECTIONS_PEER", "20")]).await;
    let mut open = Vec::new();
    for _ in 0..20 {
        open.push(connect(&server.url).await);
    }
    // One more is closed without a word.
    let mut more = connect(&server.url).await;
    let _refused = more.write_all(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert_eq!(rest(&mut more).await, "");
    // What is closed makes room; the server needs a moment to see it.
    drop(open);
    let mut served = String::new();
    for _ in 0..500 {
        let mut stream = connect(&server.url).await;
        let request = b"GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        let _may_be_refused = stream.write_all(request).await;
        served = rest(&mut stream).await;
        if !served.is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(served.starts_with("HTTP/1.1 200"), "{served}");
}
