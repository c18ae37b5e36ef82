//! `GET /changes`: server-sent events, gapless, for as long as the session lives and what it may stays the same.
//!
//! The store's bell is a hint to look at once; the rows are the truth, and are looked at every few seconds anyway: another
//! process on the same database rings no bell here.

use std::{convert::Infallible, fmt::Write as _, time::Duration};

use axum::{
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use billing::{
    access::Role,
    api::{Change, ClientAccount, ClientChange},
};
use futures_util::stream;
use tokio::time::Instant;

use crate::{
    http::{
        App, Failure,
        gate::{May, rights::Listen},
        listening::Listening,
        query::Query,
        streams::{Listener, Open},
    },
    storage::{Transaction, users::UserRow},
};

/// The longest without a look at the rows and at the session.
const LOOK_EVERY: Duration = Duration::from_secs(4);
/// The longest without a word, so that proxies keep the connection.
const SPEAK_EVERY: Duration = Duration::from_secs(15);
/// Changes told at once.
const AT_ONCE: u32 = 100;

/// Opens the stream after the change that the client has seen; without one, from now on.
pub async fn answer(
    caller: May<Listen>,
    State(app): State<App>,
    mut query: Query,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let number = |text: &str| text.parse::<u64>().ok();
    let after = query.read("after", "the number of a change", number);
    query.finish()?;
    // A browser that connects again says where it was, whatever address it was given at first.
    let after = match headers.get("last-event-id").filter(|value| !value.is_empty()) {
        None => after,
        Some(value) => Some(value.to_str().ok().and_then(number).ok_or_else(|| {
            Failure::field("Last-Event-ID", "invalid", "Expected the number of a change.")
        })?),
    };
    // Before the first look, so that nothing falls in between.
    let bell = app.deps.store.bell();
    let (now, asking) = (app.deps.clock.now(), caller.clone());
    let start = move |tx: &mut dyn Transaction| {
        let allowed = asking.identify(tx, now)?;
        let last = tx.last_change(allowed.scope)?;
        Ok::<_, Failure>((allowed.scope, allowed.person()?.clone(), last))
    };
    let (scope, user, last) = app.deps.store.read(start).await?;
    let listener = match user.role {
        Role::Client => Listener::Client(user.id),
        Role::Owner | Role::BillingManager | Role::Viewer => Listener::People,
    };
    let Some(open) = app.streams.open(scope.agency(), listener) else {
        let detail = "Too many pages are open that listen for changes.";
        return Err(Failure::too_many(detail, 30));
    };
    let listening = Listening::to(&app, bell, scope.agency());
    let told = after.unwrap_or(last);
    let changes = Changes { app, caller, user, told, listening, spoke: None, _open: open };
    let chunks = stream::unfold(changes, |mut changes| async move {
        let chunk = changes.next().await?;
        Some((Ok::<_, Infallible>(Bytes::from(chunk)), changes))
    });
    let event_stream = HeaderValue::from_static("text/event-stream");
    let unbuffered = HeaderValue::from_static("no");
    let headers = [(header::CONTENT_TYPE, event_stream)];
    let mut response = (headers, Body::from_stream(chunks)).into_response();
    response.headers_mut().insert("x-accel-buffering", unbuffered);
    Ok(response)
}

/// An open stream.
struct Changes {
    app: App,
    caller: May<Listen>,
    /// Who listens, with what they might when they began.
    user: UserRow,
    /// The number of the last change that the client knows.
    told: u64,
    listening: Listening,
    /// When something was last said.
    spoke: Option<Instant>,
    _open: Open,
}

impl Changes {
    /// The next thing to say; nothing when the stream ends.
    async fn next(&mut self) -> Option<String> {
        loop {
            if self.listening.is_over() {
                return None;
            }
            let mut said = self.look().await?;
            // The first word comes at once: it tells the browser that the stream is open.
            let silent = self.spoke.map_or(SPEAK_EVERY, |spoke| spoke.elapsed());
            if said.is_empty() && silent >= SPEAK_EVERY {
                said.push_str(": here\n\n");
            }
            if !said.is_empty() {
                self.spoke = Some(Instant::now());
                return Some(said);
            }
            self.listening.wait(SPEAK_EVERY.saturating_sub(silent).min(LOOK_EVERY)).await;
        }
    }

    /// What the rows say after what was told; nothing when nobody is signed in any more, or may other things than before.
    async fn look(&mut self) -> Option<String> {
        let now = self.app.deps.clock.now();
        let (caller, told) = (self.caller.clone(), self.told);
        let before = (self.user.id, self.user.role, self.user.accounts.clone());
        let read = move |tx: &mut dyn Transaction| {
            let allowed = caller.identify(tx, now)?;
            let user = allowed.person()?;
            if (user.id, user.role, user.accounts.clone()) != before {
                return Err(Failure::unauthenticated());
            }
            let changes = tx.changes_after(allowed.scope, told, AT_ONCE)?;
            let last = match changes.last() {
                Some((seq, _)) => *seq,
                None => tx.last_change(allowed.scope)?,
            };
            Ok::<_, Failure>((changes, last))
        };
        let (changes, last) = match self.app.deps.store.read(read).await {
            Ok(read) => read,
            // Storage in trouble: the client connects again and goes on from where it was.
            Err(_) => return None,
        };
        let mut said = String::new();
        let first = changes.first().map(|(seq, _)| *seq);
        if first.is_some_and(|first| first != told + 1) || first.is_none() && last != told {
            // What was missed is no longer kept, or the client comes from another database.
            self.told = last;
            let _ = write!(said, "id: {last}\nevent: reset\ndata: {{\"seq\":{last}}}\n\n");
            return Some(said);
        }
        for (seq, json) in changes {
            self.told = seq;
            if let Some(json) = self.as_told(json)? {
                let _ = write!(said, "id: {seq}\nevent: change\ndata: {json}\n\n");
            }
        }
        Some(said)
    }

    /// What of a change this listener hears: the agency's people the whole, a client user their own sub-accounts alone.
    fn as_told(&self, json: String) -> Option<Option<String>> {
        if self.user.role != Role::Client {
            return Some(Some(json));
        }
        let change: Change = serde_json::from_str(&json).ok()?;
        let own = change.account.filter(|account| self.user.accounts.contains(&account.id));
        let Some(account) = own else { return Some(None) };
        let told = ClientChange { seq: change.seq, account: ClientAccount::of(&account) };
        Some(Some(serde_json::to_string(&told).ok()?))
    }
}
