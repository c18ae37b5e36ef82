//! Who may come in. Every handler's first argument is a gate: [`May`] with the right that it needs, or a gate that says why it
//! needs none. Routes are made from handlers that have one ([`Gated`]); a handler without cannot be routed.
//!
//! Credentials are read before the handler, and looked up in the handler's own transaction ([`May::identify`]), together with
//! what they allow: what was taken away is gone from the next request.
//!
//! What is not yours is not there: 404, with the words of an id that nobody has. What is yours but beyond your right: 403, with
//! the sentence of [`Right::who_may`].

pub mod rights;

use std::{marker::PhantomData, sync::Arc};

use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::{HeaderMap, StatusCode, header, request::Parts},
};
use billing::{
    Timestamp,
    access::{Right, may},
    api::Who,
};
use tokio::runtime::Handle;

use super::{
    App, Failure, RequestTag, cookie,
    in_use::InUse,
    limits::{Counts, Known},
    machine::Machine,
};
use crate::{
    execute::{Origin, links},
    storage::{Result as Stored, Scope, Transaction, users::UserRow},
};

/// Longer tokens are not ours.
const TOKEN_MAX_BYTES: usize = 128;

/// What a route asks of whoever comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: it is for everybody, or for whoever can sign their request or show a token in its body.
    Nothing,
    /// The token of a secure link.
    Link,
    /// The token of a widget, or its ticket.
    Embedded,
    /// A right, of a person or of a key.
    Right(Right),
}

/// The first argument of a handler.
pub trait Gate {
    /// What it asks for.
    const NEEDS: Needs;
}

/// The arguments of a handler that begin with a gate.
pub trait Gated {
    /// What the gate asks for.
    const NEEDS: Needs;
}

macro_rules! gated {
    ($($argument:ident)*) => {
        // The first of a handler's types is the framework's own mark.
        impl<Mark, First: Gate, $($argument),*> Gated for (Mark, First, $($argument),*) {
            const NEEDS: Needs = First::NEEDS;
        }
    };
}
gated!();
gated!(A);
gated!(A B);
gated!(A B C);
gated!(A B C D);
gated!(A B C D E);
gated!(A B C D E F);

/// Everybody may.
pub struct Anyone;

impl Gate for Anyone {
    const NEEDS: Needs = Needs::Nothing;
}

impl<S: Sync> FromRequestParts<S> for Anyone {
    type Rejection = Failure;

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Failure> {
        Ok(Self)
    }
}

/// The token of a secure link, from `Authorization: Bearer`.
pub struct LinkToken(pub String);

impl Gate for LinkToken {
    const NEEDS: Needs = Needs::Link;
}

impl FromRequestParts<App> for LinkToken {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Failure> {
        let token = bearer(&parts.headers).ok_or_else(Failure::unauthenticated)?;
        if token.is_empty() || token.len() > TOKEN_MAX_BYTES {
            return Err(Failure::link_unknown());
        }
        Ok(Self(token.to_owned()))
    }
}

/// The token of `Authorization: Bearer`.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

/// Somebody with credentials, who wants to do what needs the right `R`.
#[derive(Clone, Debug)]
pub struct May<R> {
    credential: Credential,
    /// The objects that the path names: parameter and value.
    objects: Vec<(String, String)>,
    counts: Arc<Counts>,
    in_use: Arc<InUse>,
    runtime: Handle,
    right: PhantomData<R>,
}

#[derive(Clone, Debug)]
enum Credential {
    /// The hash under which a session may be kept.
    Session([u8; 32]),
    /// A key that is known.
    Key(Machine),
}

/// Somebody who may.
#[derive(Clone, Debug)]
pub struct Allowed {
    /// The right to their agency's data.
    pub scope: Scope,
    /// Who.
    pub caller: Caller,
}

/// Who it is.
#[derive(Clone, Debug)]
pub enum Caller {
    /// A person with a session.
    Person(UserRow),
    /// A machine with a key.
    Key(Machine),
}

impl<R: rights::Named> Gate for May<R> {
    const NEEDS: Needs = Needs::Right(R::RIGHT);
}

impl<R: rights::Named> FromRequestParts<App> for May<R> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let objects = match RawPathParams::from_request_parts(parts, app).await {
            Ok(path) => path.iter().map(|(name, id)| (name.to_owned(), id.to_owned())).collect(),
            Err(_) => return Err(Failure::malformed("The path is not UTF-8.")),
        };
        let token = cookie::token(&parts.headers, app.deps.config.is_https());
        let token = token.filter(|token| token.len() <= TOKEN_MAX_BYTES);
        let for_people = !rights::is_for_machines_alone(R::RIGHT);
        let credential = match token.filter(|_| for_people) {
            Some(token) => Credential::Session(links::token_hash(token)),
            None if for_people && bearer(&parts.headers).is_none() => {
                return Err(Failure::unauthenticated());
            }
            None => Credential::Key(Machine::of(app, &parts.headers).await?),
        };
        let (counts, in_use) = (Arc::clone(&app.counts), Arc::clone(&app.in_use));
        let runtime = Handle::current();
        Ok(Self { credential, objects, counts, in_use, runtime, right: PhantomData })
    }
}

impl<R: rights::Named> May<R> {
    /// Who it is, if they may.
    ///
    /// # Errors
    /// 401 without a living session, 404 when the path names what is not theirs, 403 when they may not, 429 when they ask too
    /// often.
    pub fn identify(&self, tx: &mut dyn Transaction, now: Timestamp) -> Result<Allowed, Failure> {
        let mut shows_too_little = false;
        let allowed = match &self.credential {
            Credential::Session(hash) => {
                let found = tx.session(hash, now)?;
                let alive = found.filter(|(_, _, row)| row.used_at > self.in_use.used_after(now));
                let (scope, user, session) = alive.ok_or_else(Failure::unauthenticated)?;
                // An open page listens by itself, whether somebody sits before it or not.
                if R::RIGHT != Right::Listen {
                    self.in_use.note(scope, &session, now, &self.runtime);
                }
                // Whoever has to set up more can be signed in, and do nothing else.
                shows_too_little = R::RIGHT != Right::BeSignedIn
                    && self.in_use.shows_too_little(tx, scope, &user, &session)?;
                Allowed { scope, caller: Caller::Person(user) }
            }
            Credential::Key(machine) => {
                Allowed { scope: machine.scope, caller: Caller::Key(machine.clone()) }
            }
        };
        self.counts.known(allowed.known(), allowed.scope.agency())?;
        if shows_too_little {
            return Err(Failure::second_factor_needed());
        }
        let refusal = allowed.lacks(R::RIGHT);
        // Whoever has the right finds out in the handler what is there; a client user never sees more than their own.
        if refusal.is_some() || allowed.is_client() {
            for (name, id) in &self.objects {
                if !allowed.sees(tx, name, id)? {
                    return Err(Failure::not_found());
                }
            }
        }
        refusal.map_or(Ok(allowed), Err)
    }

    /// The machine that holds a key, where the right is for machines alone: no look into the database is needed for what it
    /// was found with a moment ago.
    ///
    /// # Errors
    /// 403 when its key may not.
    pub fn at_once(&self) -> Result<Allowed, Failure> {
        let Credential::Key(machine) = &self.credential else {
            return Err(Failure::unauthenticated());
        };
        let allowed = Allowed { scope: machine.scope, caller: Caller::Key(machine.clone()) };
        allowed.lacks(R::RIGHT).map_or(Ok(allowed), Err)
    }

    /// The hash of the session that was shown, if it was one.
    pub fn session(&self) -> Option<[u8; 32]> {
        match &self.credential {
            Credential::Session(hash) => Some(*hash),
            Credential::Key(_) => None,
        }
    }
}

impl Allowed {
    /// The no to somebody without the right.
    fn lacks(&self, right: Right) -> Option<Failure> {
        let forbidden = |detail: String| Failure::new(StatusCode::FORBIDDEN, "forbidden", detail);
        match (&self.caller, right.scope()) {
            (Caller::Person(user), _) if may(user.role, right) => None,
            (Caller::Key(machine), Some(needed)) if machine.scopes.contains(&needed) => None,
            (Caller::Key(_), Some(needed)) => {
                let detail = format!("This key lacks the scope {}.", needed.name());
                Some(Failure::new(StatusCode::FORBIDDEN, "scope_missing", detail))
            }
            (Caller::Key(_), None) => {
                Some(forbidden(format!("An API key may not do this. {}", right.who_may())))
            }
            (Caller::Person(_), _) => Some(forbidden(right.who_may())),
        }
    }

    /// As whom they are counted.
    fn known(&self) -> Known {
        match &self.caller {
            Caller::Person(user) => Known::Person(user.id),
            Caller::Key(machine) => Known::Key(machine.id),
        }
    }

    fn is_client(&self) -> bool {
        matches!(&self.caller, Caller::Person(user) if user.role == billing::access::Role::Client)
    }

    /// Whether an object of a path is theirs to know of.
    fn sees(&self, tx: &mut dyn Transaction, name: &str, id: &str) -> Stored<bool> {
        if self.is_client() {
            // Of an agency's other things a client user knows nothing: there are none for them.
            let Caller::Person(user) = &self.caller else { return Ok(false) };
            return Ok(match name {
                "account" => id.parse().is_ok_and(|id| user.accounts.contains(&id)),
                "endpoint" | "person" | "key" => false,
                _ => true,
            });
        }
        let scope = self.scope;
        Ok(match name {
            "account" => match id.parse() {
                Ok(id) => tx.account(scope, id)?.is_some(),
                Err(_) => tx.account_by_external_id(scope, id)?.is_some(),
            },
            "endpoint" => tx.endpoints(scope)?.iter().any(|row| row.id.to_string() == id),
            "person" => tx.users(scope)?.iter().any(|row| row.id.to_string() == id),
            "key" => tx.keys(scope)?.iter().any(|row| row.id.to_string() == id),
            // Everybody has the right to their own sessions; a key has none.
            "session" => false,
            _ => true,
        })
    }

    /// The name under which they act.
    pub fn origin(&self, tag: &RequestTag) -> Origin {
        let who = match &self.caller {
            Caller::Person(user) => Who::User { id: user.id, name: user.name.to_string() },
            Caller::Key(machine) => Who::Key { id: machine.id, name: machine.name.clone() },
        };
        Origin::new(who, tag.0.clone())
    }

    /// Whose idempotency keys they use.
    pub fn name(&self) -> String {
        match &self.caller {
            Caller::Person(user) => user.id.to_string(),
            Caller::Key(machine) => machine.id.to_string(),
        }
    }

    /// The person, where the right is for people alone.
    ///
    /// # Errors
    /// 403 for a key.
    pub fn person(&self) -> Result<&UserRow, Failure> {
        match &self.caller {
            Caller::Person(user) => Ok(user),
            Caller::Key(_) => {
                let detail = Right::BeSignedIn.who_may();
                Err(Failure::new(StatusCode::FORBIDDEN, "forbidden", detail))
            }
        }
    }
}
