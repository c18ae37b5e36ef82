//! Who may ask how often. Whoever shows nothing is counted by their address; whoever shows a session or a key that lives, by that
//! and by its agency; what shows a dead one, by its address again, and apart from the first: a flood of guesses from an office
//! leaves its visitors alone, and the other way round. Usage has a queue of its own to be slowed by, and is counted only when
//! its key is dead.

use std::{net::IpAddr, time::Duration};

use axum::{
    extract::{Request, State},
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use billing::{AgencyId, KeyId, UserId};
use tokio::time::Instant;

use super::{App, Failure, cookie, gate::bearer, proxies::Caller, rates::Rates};
use crate::config::Limits;

/// Files of the pages, which cost nothing, and what a machine asks that looks after us.
const FREE: [&str; 4] = ["/assets/", "/livez", "/readyz", "/favicon.ico"];

/// Somebody whose credentials live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Known {
    /// A person, in all their sessions.
    Person(UserId),
    /// A machine.
    Key(KeyId),
}

/// Who has asked how often.
#[derive(Debug)]
pub struct Counts {
    strangers: Rates<IpAddr>,
    guesses: Rates<IpAddr>,
    known: Rates<Known>,
    agencies: Rates<AgencyId>,
}

impl Counts {
    /// Nobody yet.
    pub fn new(limits: &Limits) -> Self {
        Self {
            strangers: Rates::new(limits.peer),
            guesses: Rates::new(limits.peer),
            known: Rates::new(limits.caller),
            agencies: Rates::new(limits.agency),
        }
    }

    /// Counts a request of somebody known.
    ///
    /// # Errors
    /// 429 when it is one too many.
    pub fn known(&self, who: Known, agency: AgencyId) -> Result<(), Failure> {
        let now = Instant::now();
        self.known.take(who, now).map_err(too_many)?;
        self.agencies.take(agency, now).map_err(too_many)
    }
}

fn too_many(wait: Duration) -> Failure {
    let seconds = wait.as_secs().saturating_add(1);
    Failure::too_many("Too many requests. Wait a moment, then go on more slowly.", seconds)
}

/// Counts what comes from strangers, and what shows credentials that are dead.
pub async fn strangers(State(app): State<App>, request: Request, next: Next) -> Response {
    let caller = request.extensions().get::<Caller>().copied().map(Caller::counted);
    let path = request.uri().path();
    let Some(caller) = caller.filter(|_| !FREE.iter().any(|free| path.starts_with(free))) else {
        return next.run(request).await;
    };
    let https = app.deps.config.is_https();
    let headers = request.headers();
    let is_stranger = bearer(headers).is_none() && cookie::token(headers, https).is_none();
    let (counts, now) = (&app.counts, Instant::now());
    let may = match is_stranger {
        true => counts.strangers.take(caller, now),
        false => counts.guesses.look(&caller, now),
    };
    if let Err(wait) = may {
        return too_many(wait).into_response();
    }
    let response = next.run(request).await;
    let was_guess = response.status() == StatusCode::UNAUTHORIZED
        || response.extensions().get::<Failure>().is_some_and(|no| no.code == "link_unknown");
    if was_guess && !is_stranger {
        // The answer is made; whether there are more is asked before the next.
        let _none_left = counts.guesses.take(caller, Instant::now());
    }
    response
}
