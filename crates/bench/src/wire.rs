//! Requests that are built once and changed in place, and just enough HTTP/1.1 to send them.

use std::{net::SocketAddr, ops::Range};

use billing::Timestamp;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::{
    Outcome,
    chance::{ID_LETTERS, Ids},
    seed::{ACCOUNTS, EVENT_TYPE, FIELD, subject},
};

/// Digits of an account's number in its external id.
const SUBJECT_DIGITS: usize = 6;

/// A request whose identities, accounts and quantities change from one sending to the next.
pub struct EventsRequest {
    bytes: Vec<u8>,
    events: Vec<Places>,
}

/// Where in the request an event's parts begin.
struct Places {
    id: usize,
    account: usize,
    quantity: usize,
}

impl EventsRequest {
    /// A request with so many events; a batch when there is more than one.
    pub fn new(key: &str, events: usize, at: Timestamp) -> Self {
        let is_batch = events > 1;
        let mut body = String::new();
        let mut places = Vec::with_capacity(events);
        for number in 0..events {
            body.push_str(match (is_batch, number) {
                (false, _) => "",
                (true, 0) => "[",
                (true, _) => ",",
            });
            body.push_str("{\"specversion\":\"1.0\",\"id\":\"");
            let id = body.len();
            body.push_str(&"0".repeat(ID_LETTERS));
            body.push_str("\",\"source\":\"gateway-eu-1\",\"type\":\"");
            body.push_str(EVENT_TYPE);
            body.push_str("\",\"subject\":\"");
            body.push_str(&subject(0));
            let account = body.len() - SUBJECT_DIGITS;
            body.push_str(&format!("\",\"time\":\"{at}\",\"data\":{{\"{FIELD}\":"));
            let quantity = body.len();
            body.push_str("100}}");
            places.push(Places { id, account, quantity });
        }
        if is_batch {
            body.push(']');
        }
        let kind = if is_batch { "cloudevents-batch+json" } else { "cloudevents+json" };
        let head = format!(
            "POST /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n\
             Content-Type: application/{kind}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        for place in &mut places {
            place.id += head.len();
            place.account += head.len();
            place.quantity += head.len();
        }
        Self { bytes: (head + &body).into_bytes(), events: places }
    }

    /// How many events it carries.
    pub fn events(&self) -> u64 {
        self.events.len() as u64
    }

    /// Makes it a new one, about random accounts.
    pub fn renew(&mut self, ids: &Ids) {
        self.change(ids, |random| random % ACCOUNTS);
    }

    /// Makes it a new one, about one account after the other.
    pub fn renew_in_order(&mut self, ids: &Ids, next: &mut u64) {
        self.change(ids, |_| {
            let account = *next % ACCOUNTS;
            *next += 1;
            account
        });
    }

    fn change(&mut self, ids: &Ids, mut account: impl FnMut(u64) -> u64) {
        for place in &self.events {
            let id = self.bytes.get_mut(range(place.id, ID_LETTERS));
            let Some(id) = id.and_then(|id| id.first_chunk_mut()) else { continue };
            let random = ids.next(id);
            let quantity = 100 + (random >> 32) % 900;
            for (at, length, number) in
                [(place.account, SUBJECT_DIGITS, account(random)), (place.quantity, 3, quantity)]
            {
                if let Some(digits) = self.bytes.get_mut(range(at, length)) {
                    write_digits(digits, number);
                }
            }
        }
    }
}

fn range(from: usize, length: usize) -> Range<usize> {
    from..from + length
}

fn write_digits(digits: &mut [u8], mut number: u64) {
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + u8::try_from(number % 10).unwrap_or(0);
        number /= 10;
    }
}

/// A connection that is kept open.
pub struct Connection {
    stream: TcpStream,
    answer: Vec<u8>,
}

impl Connection {
    /// Opens one.
    pub async fn open(address: SocketAddr) -> Outcome<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, answer: Vec::with_capacity(4096) })
    }

    /// Sends events and waits until they are stored.
    pub async fn send_events(&mut self, request: &EventsRequest) -> Outcome {
        self.send(&request.bytes, 204).await
    }

    /// Sends a request and waits for the whole answer, whose status must be this.
    pub async fn send(&mut self, request: &[u8], status: u16) -> Outcome {
        self.stream.write_all(request).await?;
        self.answer.clear();
        loop {
            if self.stream.read_buf(&mut self.answer).await? == 0 {
                return Err("the server closed a connection".into());
            }
            let Some(end) = self.answer.windows(4).position(|four| four == b"\r\n\r\n") else {
                continue;
            };
            let body = content_length(&self.answer[..end]);
            if self.answer.len() < end + 4 + body {
                continue;
            }
            let got = self.answer.get(9..12).and_then(|code| std::str::from_utf8(code).ok());
            if got == Some(status.to_string().as_str()) {
                return Ok(());
            }
            let text = String::from_utf8_lossy(&self.answer);
            return Err(format!("expected {status}, got: {text}").into());
        }
    }
}

fn content_length(head: &[u8]) -> usize {
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let value = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    value.and_then(|value| value.trim().parse().ok()).unwrap_or(0)
}
