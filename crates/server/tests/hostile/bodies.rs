//! Bodies without an end, and bodies that come drop by drop.

use tokio::io::AsyncWriteExt as _;

use crate::{
    process::House,
    wire::{ask, connect, rest, served, status},
};

/// More than any system keeps in between for a reader that has stopped.
const FAR_TOO_MUCH: usize = 64 * 1024 * 1024;
/// How many send drop by drop.
const SLOW: usize = 50;

fn head(path: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
         Transfer-Encoding: chunked\r\n\r\n"
    )
}

#[tokio::test]
async fn an_endless_body_is_cut_off_and_nobody_is_held_up() {
    let house = House::build().await;
    let server = house.serve().await;
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    for (path, expected) in [("/api/v1/session", 413), ("/api/v1/none", 404), ("/", 405)] {
        let mut stream = connect(&server.url).await;
        stream.write_all(head(path).as_bytes()).await.unwrap();
        let mut sent = 0;
        while sent < FAR_TOO_MUCH && stream.write_all(chunk.as_bytes()).await.is_ok() {
            sent += chunk.len();
        }
        assert!(sent < FAR_TOO_MUCH, "{path} takes everything");
        // The answer may be lost with the connection: it was closed in the middle of what we said.
        let answer = rest(&mut stream).await;
        assert!(answer.is_empty() || status(&answer) == Some(expected), "{path}: {answer}");
        assert_eq!(served(&server.url, &house.key, 10).await, 10);
    }
}

#[tokio::test]
async fn a_body_of_a_mebibyte_and_a_byte_is_refused_in_words() {
    let house = House::build().await;
    let server = house.serve().await;
    let mut stream = connect(&server.url).await;
    let body = " ".repeat(1024 * 1024 + 1);
    let length = body.len();
    let request = format!(
        "POST /api/v1/session HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let answer = rest(&mut stream).await;
    assert_eq!(status(&answer), Some(413), "{answer}");
    assert!(answer.contains("\"too_large\""), "{answer}");
}

#[tokio::test]
async fn bodies_that_do_not_arrive_are_answered_and_nobody_is_held_up() {
    let house = House::build().await;
    let server = house.serve().await;
    let mut slow = Vec::new();
    for _ in 0..SLOW {
        let mut stream = connect(&server.url).await;
        stream.write_all(head("/api/v1/session").as_bytes()).await.unwrap();
        stream.write_all(b"1\r\n{\r\n").await.unwrap();
        slow.push(stream);
    }
    assert_eq!(served(&server.url, &house.key, 50).await, 50);
    let mut answered = 0;
    for mut stream in slow {
        let answer = rest(&mut stream).await;
        answered += usize::from(status(&answer) == Some(408) && answer.contains("\"too_slow\""));
    }
    assert_eq!(answered, SLOW);
}

#[tokio::test]
async fn a_request_of_two_lengths_is_refused() {
    let house = House::build().await;
    let server = house.serve().await;
    let smuggled = "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n";
    for lengths in
        ["Content-Length: 3\r\nContent-Length: 5", "Content-Length: 5, 3", "Content-Length: -1"]
    {
        let mut stream = connect(&server.url).await;
        let request =
            format!("POST /api/v1/session HTTP/1.1\r\nHost: x\r\n{lengths}\r\n\r\n{{}} {smuggled}");
        stream.write_all(request.as_bytes()).await.unwrap();
        let answer = rest(&mut stream).await;
        assert_eq!(status(&answer), Some(400), "{lengths}: {answer}");
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{lengths}: {answer}");
    }
    // Where both are given, the length does not count (RFC 9112 §6.3): what follows the last chunk is a request of its own,
    // or the connection is closed, but never a part of the body.
    let mut stream = connect(&server.url).await;
    let request = "POST /api/v1/none HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\
                   Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    let answer = rest(&mut stream).await;
    assert!(matches!(status(&answer), Some(400 | 404)), "{answer}");
}

#[tokio::test]
async fn methods_that_no_route_has_are_refused() {
    let house = House::build().await;
    let server = house.serve().await;
    for method in ["TRACE", "CONNECT", "PROPFIND", "DEBUG"] {
        for path in ["/", "/api/v1/me", "/livez"] {
            let status = ask(&server.url, &format!("{method} {path} HTTP/1.1"), "").await;
            assert!([400, 404, 405].contains(&status), "{method} {path}: {status}");
        }
    }
}
