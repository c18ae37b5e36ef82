//! The widget's side of the API: sites, tokens, and what a token shows. No cookie is read or set here but by the routes for
//! people of the agency (`origins`, `preview`).

pub mod balance;
pub mod changes;
pub mod mint;
pub mod origins;
pub mod preview;
pub mod ticket;
pub mod top_up;

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
};
use billing::Timestamp;

use crate::{
    execute::{
        embed::{self, Embedded},
        links,
    },
    http::{
        App, Failure,
        gate::{Gate, Needs, bearer},
    },
    storage::Transaction,
};

/// The header in which the frame says on which site it stands, as the browser has told it.
const SITE: &str = "sluice-embed-origin";
/// Longer ones are not ours.
const TOKEN_MAX_BYTES: usize = 128;

/// A widget with a token.
#[derive(Clone, Debug)]
pub struct Widget {
    /// The hash under which the token is kept.
    pub token_hash: [u8; 32],
    /// On which site it stands, if it says so.
    site: Option<String>,
}

impl Gate for Widget {
    const NEEDS: Needs = Needs::Embedded;
}

impl FromRequestParts<App> for Widget {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Failure> {
        let token = bearer(&parts.headers).ok_or_else(dead)?;
        if token.is_empty() || token.len() > TOKEN_MAX_BYTES {
            return Err(dead());
        }
        let site = parts.headers.get(SITE).map(|value| value.to_str().unwrap_or_default());
        Ok(Self { token_hash: links::token_hash(token), site: site.map(ToOwned::to_owned) })
    }
}

impl Widget {
    /// What its token is good for.
    ///
    /// # Errors
    /// 401 when the token is dead, 403 when it was not minted for the site.
    pub fn identify(&self, tx: &mut dyn Transaction, now: Timestamp) -> Result<Embedded, Failure> {
        let embedded = embed::identify(tx, &self.token_hash, now)?.ok_or_else(dead)?;
        match &self.site {
            Some(site) if !embedded.session.origins.contains(site) => {
                let detail = "This token was minted for another site.";
                Err(Failure::new(StatusCode::FORBIDDEN, "origin_not_allowed", detail))
            }
            _ => Ok(embedded),
        }
    }
}

/// 401: the token or the ticket is dead, or never was one.
fn dead() -> Failure {
    let detail = "This token is dead. Ask your server for a fresh one.";
    Failure::new(StatusCode::UNAUTHORIZED, "unauthenticated", detail)
}
