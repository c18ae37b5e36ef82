//! Why a customer has no balance to look at.

use crate::api::ApiError;

/// The reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The address has no token.
    NoLink,
    /// No such link was ever sent, or it was ended.
    Unknown,
    /// It worked once; its token, so that a new one can be mailed to the same place.
    Expired(String),
    /// They have signed out on this device.
    SignedOut,
    /// The server asks to wait.
    TooMany,
    /// No answer that can be read; why, as a sentence.
    Unreachable(String),
}

impl Trouble {
    /// Whether an answer says that the link is dead, whatever was asked for.
    pub fn of_dead_link(error: &ApiError, token: &str) -> Option<Self> {
        match (error.code(), error.status()) {
            (Some("link_expired"), _) | (_, Some(410)) => Some(Self::Expired(token.to_owned())),
            (Some("link_unknown"), _) | (_, Some(401)) => Some(Self::Unknown),
            _ => None,
        }
    }

    /// What an answer to the first question says.
    pub fn of_opening(error: &ApiError, token: &str) -> Self {
        let dead = Self::of_dead_link(error, token);
        dead.unwrap_or_else(|| match error.status() {
            // A token that cannot be one of ours is malformed, or no credential at all.
            Some(400 | 404 | 422) => Self::Unknown,
            Some(429) => Self::TooMany,
            _ => Self::Unreachable(error.to_string()),
        })
    }

    /// The fact.
    pub fn heading(&self) -> &'static str {
        match self {
            Self::NoLink => "See your balance",
            Self::Unknown => "This link does not work any more",
            Self::Expired(_) => "This link has expired",
            Self::SignedOut => "You are signed out",
            Self::TooMany => "Too many tries in a short time",
            Self::Unreachable(_) => "Your balance can't be shown right now",
        }
    }

    /// What is known, and what to do.
    pub fn advice(&self) -> String {
        match self {
            Self::NoLink => "There is no password. Tell us where your receipts go, and we mail you a link to this page.".to_owned(),
            Self::Unknown => "It may have been cut off when it was copied, or was ended on purpose. Tell us where your receipts go, and we \
                              mail you a new one."
                .to_owned(),
            Self::Expired(_) => "Links to a balance work for a limited time, for your safety. Nothing has changed on your balance.".to_owned(),
            Self::SignedOut => "The link that this page was opened with no longer works, on any device.".to_owned(),
            Self::TooMany => "Wait a minute, then try again. Nothing was charged.".to_owned(),
            Self::Unreachable(said) => format!("{said} Your link is kept; trying again charges nothing."),
        }
    }
}
