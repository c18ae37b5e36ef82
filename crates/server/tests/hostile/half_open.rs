//! Connections on which a request begins and never ends.

use tokio::{io::AsyncWriteExt as _, sync::Mutex};

use crate::{
    process::House,
    wire::{connect, rest, served},
};

/// How many there are.
const COUNT: usize = 500;
/// More than one of these tests at once takes more handles than many systems give to a process.
static MANY_HANDLES: Mutex<()> = Mutex::const_new(());

#[tokio::test]
async fn five_hundred_half_open_requests_hold_nobody_up_and_are_given_up() {
    let _alone = MANY_HANDLES.lock().await;
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
    let _alone = MANY_HANDLES.lock().await;
    let house = House::build().await;
    let server = house.serve().await;
    let mut open = Vec::new();
    for _ in 0..768 {
        open.push(connect(&server.url).await);
    }
    // One more is closed without a word.
    let mut more = connect(&server.url).await;
    let _refused = more.write_all(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert_eq!(rest(&mut more).await, "");
    drop(open);
}
