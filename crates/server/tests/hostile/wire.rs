//! HTTP as it is on the wire, so that it can be done wrong.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

/// Longer than every time-out of the server's; what takes longer is not answered at all.
const PATIENCE: Duration = Duration::from_secs(120);

/// The host and port of a URL.
pub fn place(url: &str) -> &str {
    url.strip_prefix("http://").unwrap()
}

pub async fn connect(url: &str) -> TcpStream {
    timeout(PATIENCE, TcpStream::connect(place(url))).await.unwrap().unwrap()
}

/// Everything until the server closes the connection. What it has said before it was reset counts, too.
pub async fn rest(stream: &mut TcpStream) -> String {
    let (mut all, mut part) = (Vec::new(), [0; 4096]);
    while let Ok(count) = timeout(PATIENCE, stream.read(&mut part)).await.expect("an end") {
        if count == 0 {
            break;
        }
        all.extend_from_slice(&part[..count]);
    }
    String::from_utf8(all).unwrap()
}

/// The status of an answer; nothing when there is none.
pub fn status(answer: &str) -> Option<u16> {
    answer.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()
}

/// A whole request on a connection of its own: the status of its answer.
pub async fn ask(url: &str, head: &str, body: &str) -> u16 {
    let mut stream = connect(url).await;
    let length = body.len();
    let request =
        format!("{head}\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}");
    stream.write_all(request.as_bytes()).await.unwrap();
    let answer = rest(&mut stream).await;
    status(&answer).unwrap_or_else(|| panic!("{head}: {answer:?}"))
}

/// So many requests of somebody who means well, with their key: how many are answered as they should be.
pub async fn served(url: &str, key: &str, requests: usize) -> usize {
    let head =
        format!("GET /api/v1/accounts/BW-0077/standing HTTP/1.1\r\nAuthorization: Bearer {key}");
    let mut served = 0;
    for _ in 0..requests {
        served += usize::from(ask(url, &head, "").await == 200);
    }
    served
}
