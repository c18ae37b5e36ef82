//! `GET /embed/changes?ticket=`: what the widget shows, again whenever it has changed, for as long as its token lives.

use std::{convert::Infallible, time::Duration};

use axum::{
    body::{Body, Bytes},
    extract::{FromRequestParts, State},
    http::{HeaderValue, header, request::Parts},
    response::{IntoResponse as _, Response},
};
use billing::{Standing, Timestamp, api::EmbedBalance};
use futures_util::stream;
use tokio::time::Instant;

use super::dead;
use crate::{
    execute::{
        embed::{self, Embedded},
        links, snapshots,
    },
    http::{
        App, Failure,
        gate::{Gate, Needs},
        listening::Listening,
        query::Query,
        streams::{Listener, Open},
    },
    storage::Transaction,
};

/// The longest without a look at the rows and at the token.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// The longest without a word, so that proxies keep the connection.
const SPEAK_EVERY: Duration = Duration::from_secs(15);
/// What is said last.
const OVER: &str = "event: expired\ndata: {}\n\n";

/// The hash of a ticket, which stands in the address.
pub struct Ticket([u8; 32]);

impl Gate for Ticket {
    const NEEDS: Needs = Needs::Embedded;
}

impl FromRequestParts<App> for Ticket {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let mut query = Query::from_request_parts(parts, app).await?;
        let ticket = query.text("ticket").unwrap_or_default();
        query.finish()?;
        Ok(Self(links::token_hash(&ticket)))
    }
}

/// Takes the ticket and opens the stream. The browser cannot open it again by itself: it needs another ticket.
pub async fn answer(Ticket(hash): Ticket, State(app): State<App>) -> Result<Response, Failure> {
    // Before the first look, so that nothing falls in between.
    let bell = app.deps.store.bell();
    let now = app.deps.clock.now();
    let take = move |tx: &mut dyn Transaction| {
        let token = tx.take_embed_ticket(&hash, now)?;
        Ok::<_, Failure>(match token {
            Some(token) => embed::identify(tx, &token, now)?,
            None => None,
        })
    };
    let embedded = app.deps.store.write(take).await?.ok_or_else(dead)?;
    let agency = embedded.scope.agency();
    let Some(open) = app.streams.open(agency, Listener::Widgets) else {
        let detail = "Too many balances of this agency are being watched.";
        return Err(Failure::too_many(detail, 30));
    };
    let listening = Listening::to(&app, bell, agency);
    let token_hash = embedded.session.token_hash;
    let told =
        Told { app, token_hash, listening, seen: None, spoke: None, over: false, _open: open };
    let chunks = stream::unfold(told, |mut told| async move {
        let chunk = told.next().await?;
        Some((Ok::<_, Infallible>(Bytes::from(chunk)), told))
    });
    let event_stream = HeaderValue::from_static("text/event-stream");
    let headers = [(header::CONTENT_TYPE, event_stream)];
    let mut response = (headers, Body::from_stream(chunks)).into_response();
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

/// An open stream.
struct Told {
    app: App,
    token_hash: [u8; 32],
    listening: Listening,
    /// What was true when something was last told.
    seen: Option<Seen>,
    /// When something was last said.
    spoke: Option<Instant>,
    over: bool,
    _open: Open,
}

/// What tells cheaply whether there is news.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Seen {
    balance_micros: i64,
    version: u64,
    standing: Standing,
}

/// What a look found.
enum Look {
    Nothing,
    News(Seen, Box<EmbedBalance>),
    Over,
}

impl Told {
    /// The next thing to say; nothing when the stream ends.
    async fn next(&mut self) -> Option<String> {
        loop {
            if self.over || self.listening.is_over() {
                return None;
            }
            let silent = self.spoke.map_or(SPEAK_EVERY, |spoke| spoke.elapsed());
            // Storage in trouble: the widget asks for another ticket.
            let said = match self.look().await? {
                Look::News(seen, balance) => {
                    self.seen = Some(seen);
                    let json = serde_json::to_string(&balance).ok()?;
                    format!("event: balance\ndata: {json}\n\n")
                }
                Look::Over => {
                    self.over = true;
                    OVER.to_owned()
                }
                Look::Nothing if silent >= SPEAK_EVERY => ": here\n\n".to_owned(),
                Look::Nothing => {
                    let pause = SPEAK_EVERY.saturating_sub(silent).min(LOOK_EVERY);
                    self.listening.wait(pause).await;
                    continue;
                }
            };
            self.spoke = Some(Instant::now());
            return Some(said);
        }
    }

    async fn look(&self) -> Option<Look> {
        let (token_hash, before, now) = (self.token_hash, self.seen, self.app.deps.clock.now());
        let read = move |tx: &mut dyn Transaction| {
            let Some(embedded) = embed::identify(tx, &token_hash, now)? else {
                return Ok(Look::Over);
            };
            look(tx, &embedded, before, now)
        };
        self.app.deps.store.read(read).await.ok()
    }
}

fn look(
    tx: &mut dyn Transaction,
    embedded: &Embedded,
    before: Option<Seen>,
    now: Timestamp,
) -> Result<Look, Failure> {
    let account = tx.account(embedded.scope, embedded.session.account)?;
    let agency = tx.agency(embedded.scope)?;
    let (Some(account), Some(agency)) = (account, agency) else { return Ok(Look::Over) };
    let seen = Seen {
        balance_micros: account.customer_balance.micros(),
        version: account.funding.version,
        standing: snapshots::standing(&account, &agency),
    };
    if before == Some(seen) {
        return Ok(Look::Nothing);
    }
    Ok(Look::News(seen, Box::new(embed::balance(tx, embedded, now)?)))
}
