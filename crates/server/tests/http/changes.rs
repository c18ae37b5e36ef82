//! The change stream: gapless, resumable, and over when the session is.

use std::time::Duration;

use axum::{body::Body, http::Method};
use http_body_util::BodyExt as _;
use serde_json::Value;

use crate::support::{Person, Server};

/// An open stream, read event by event.
pub struct Stream {
    body: Body,
    read: String,
}

impl Stream {
    pub async fn open(server: &Server, person: &Person, query: &str, last: Option<u64>) -> Self {
        let mut request = person.request(Method::GET, &format!("/api/v1/changes{query}"));
        if let Some(last) = last {
            request = request.header("last-event-id", last.to_string());
        }
        let response = server.open(request.body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["cache-control"], "no-store");
        Self { body: response.into_body(), read: String::new() }
    }

    /// A stream that needs nobody to be signed in.
    pub async fn at(server: &Server, path: &str) -> Self {
        let request = axum::http::Request::get(path).body(Body::empty()).unwrap();
        let response = server.open(request).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { body: response.into_body(), read: String::new() }
    }

    /// The next event of a stream without numbers as (name, data); nothing at the end.
    pub async fn told(&mut self) -> Option<(String, Value)> {
        self.next().await.map(|(_, name, data)| (name, data))
    }

    /// The next event as (id, name, data); nothing at the end.
    pub async fn next(&mut self) -> Option<(u64, String, Value)> {
        // An open stream says now and then that it is there; that is no event.
        let event = tokio::time::timeout(Duration::from_secs(20), self.event());
        event.await.expect("an event, or the end, within the time for one")
    }

    async fn event(&mut self) -> Option<(u64, String, Value)> {
        loop {
            while let Some((event, rest)) = self.read.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.read = rest;
                let field = |name: &str| {
                    event.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
                };
                if let Some(data) = field("data") {
                    let id = field("id").map_or(0, |id| id.parse().unwrap());
                    let data = serde_json::from_str(data).unwrap();
                    return Some((id, field("event").unwrap().to_owned(), data));
                }
            }
            let frame = self.body.frame().await?;
            let bytes = frame.unwrap().into_data().unwrap();
            self.read.push_str(std::str::from_utf8(&bytes).unwrap());
        }
    }
}

#[tokio::test]
async fn tells_each_change_once_in_order_and_resumes_where_it_was() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let ids = server.accounts(&owner, "A-1,Alder\nB-2,Bay").await;
    let list = server.get(&owner, "/api/v1/accounts").await.json();
    let seq = list["change_seq"].as_u64().unwrap();

    let mut stream = Stream::open(&server, &owner, &format!("?after={seq}"), None).await;
    let answer = server.request_billing(&owner, ids[0]).await.json();
    let (id, name, change) = stream.next().await.unwrap();
    assert_eq!((id, name.as_str()), (seq + 1, "change"));
    assert_eq!(change["seq"], seq + 1);
    assert_eq!(change["account"], answer["account"], "the same snapshot as the answer's");
    assert_eq!(change["agency"], answer["agency"]);
    server.request_billing(&owner, ids[1]).await;
    assert_eq!(stream.next().await.unwrap().0, seq + 2);
    drop(stream);

    let mut again = Stream::open(&server, &owner, &format!("?after={seq}"), Some(seq + 1)).await;
    assert_eq!(again.next().await.unwrap().0, seq + 2, "Last-Event-ID goes before the address");
    let mut whole = Stream::open(&server, &owner, "?after=0", None).await;
    for expected in 1..=seq + 2 {
        assert_eq!(whole.next().await.unwrap().0, expected);
    }
}

#[tokio::test]
async fn a_stream_that_waits_is_told_at_once() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let id = server.accounts(&owner, "A-1,Alder").await[0];
    let mut stream = Stream::open(&server, &owner, "", None).await;
    let ask = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        server.request_billing(&owner, id).await
    };
    // Without being woken it would look again after five seconds.
    let told = tokio::time::timeout(Duration::from_secs(4), stream.next());
    let (told, _) = tokio::join!(told, ask);
    assert_eq!(told.unwrap().unwrap().1, "change");
}

#[tokio::test]
async fn a_gap_that_is_no_longer_kept_is_a_reset() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let ids = server.accounts(&owner, "A-1,Alder\nB-2,Bay\nC-3,Cay").await;
    server.request_billing(&owner, ids[0]).await;
    server.clock.pass(Duration::from_secs(60));
    let now = server.deps.clock.now();
    server.deps.store.write(move |tx| tx.prune_changes(now)).await.unwrap();
    let last = server.request_billing(&owner, ids[1]).await.json()["change_seq"].as_u64().unwrap();

    let mut stream = Stream::open(&server, &owner, "?after=0", None).await;
    let (id, name, _) = stream.next().await.unwrap();
    assert_eq!((id, name.as_str()), (last, "reset"));
    server.request_billing(&owner, ids[2]).await;
    assert_eq!(stream.next().await.unwrap().0, last + 1);
    // From another database, or from the future.
    let mut ahead = Stream::open(&server, &owner, "", Some(999)).await;
    assert_eq!(ahead.next().await.unwrap().1, "reset");
}

#[tokio::test]
async fn tells_nothing_of_other_agencies() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let other = server.agency("Tidewater").await;
    let mine = server.accounts(&owner, "A-1,Alder").await[0];
    let theirs = server.accounts(&other, "T-1,Tern").await[0];
    let mut stream = Stream::open(&server, &owner, "", None).await;
    server.request_billing(&other, theirs).await;
    server.request_billing(&owner, mine).await;
    let (_, _, change) = stream.next().await.unwrap();
    assert_eq!(change["account"]["id"], mine.to_string());
}

#[tokio::test]
async fn ends_with_the_session_and_with_the_server() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let other = server.agency("Tidewater").await;
    let id = server.accounts(&owner, "A-1,Alder").await[0];
    let mut stream = Stream::open(&server, &owner, "", None).await;
    let mut theirs = Stream::open(&server, &other, "", None).await;
    server.request_billing(&owner, id).await;
    assert!(stream.next().await.is_some());
    let sign_out = owner.request(Method::DELETE, "/api/v1/session").body(Body::empty()).unwrap();
    assert_eq!(server.send(sign_out).await.status, 204);
    assert_eq!(stream.next().await, None);
    server.stop.send(true).unwrap();
    assert_eq!(theirs.next().await, None);
}

#[tokio::test]
async fn an_agency_has_so_many_streams_and_no_more() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let mut open = Vec::new();
    for _ in 0..64 {
        open.push(Stream::open(&server, &owner, "", None).await);
    }
    let answer = server.get(&owner, "/api/v1/changes").await;
    assert_eq!(answer.problem(), (429, "rate_limited".to_owned()));
    assert!(!answer.header("retry-after").is_empty());
    open.pop();
    open.push(Stream::open(&server, &owner, "", None).await);
    let other = server.agency("Tidewater").await;
    Stream::open(&server, &other, "", None).await;
}

#[tokio::test]
async fn a_place_that_is_no_number_is_refused() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let answer = server.get(&owner, "/api/v1/changes?after=x").await;
    assert_eq!(answer.fields(), [("after".to_owned(), "invalid".to_owned())]);
}
