//! Who asks. The cookie is read before the handler, and looked up in the handler's own transaction.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use billing::{Timestamp, funding::Actor};

use super::{App, Failure, RequestTag, cookie};
use crate::{
    execute::{Origin, links},
    storage::{Scope, Transaction, users::UserRow},
};

/// Longer ones are not ours.
const TOKEN_MAX_BYTES: usize = 128;

/// Somebody with a cookie that may be a session's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The hash under which the session is kept.
    pub token_hash: [u8; 32],
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The right to their agency's data.
    pub scope: Scope,
    /// Who.
    pub user: UserRow,
}

impl Caller {
    /// Whose session it is.
    ///
    /// # Errors
    /// 401 when there is no such session, or it has expired.
    pub fn identify(self, tx: &mut dyn Transaction, now: Timestamp) -> Result<SignedIn, Failure> {
        let session = tx.session(&self.token_hash, now)?;
        let (scope, user) = session.ok_or_else(Failure::unauthenticated)?;
        Ok(SignedIn { scope, user })
    }
}

impl SignedIn {
    /// The name under which they act.
    pub fn origin(&self, tag: &RequestTag) -> Origin {
        let actor = Actor::User { id: self.user.id, name: self.user.name.to_string() };
        Origin { actor, request_id: tag.0.clone() }
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let token = cookie::token(&parts.headers, app.deps.config.is_https());
        let token = token.filter(|token| token.len() <= TOKEN_MAX_BYTES);
        let token = token.ok_or_else(Failure::unauthenticated)?;
        Ok(Self { token_hash: links::token_hash(token) })
    }
}

/// The token of a secure link, from `Authorization: Bearer`.
pub struct LinkToken(pub String);

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
