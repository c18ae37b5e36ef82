//! There is nothing to show: no link, an unknown one, or no answer.

use leptos::prelude::*;

use super::{
    desk::{Desk, Step},
    part::{flag, go, nothing, paragraph, text},
};
use crate::api::ApiError;

/// Why there is nothing to pay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The address has no token.
    NoLink,
    /// No such link was ever sent.
    UnknownLink,
    /// The server asks to wait.
    TooMany,
    /// More payments were tried than one link allows; the server's sentence.
    TooManyAttempts(String),
    /// No answer that can be read; why, as a sentence.
    Unreachable(String),
}

impl From<ApiError> for Trouble {
    fn from(error: ApiError) -> Self {
        match error.status() {
            // A token that cannot be one of ours is malformed, or no credential at all.
            Some(400 | 401 | 404 | 422) => Self::UnknownLink,
            Some(429) => Self::TooMany,
            _ => Self::Unreachable(error.to_string()),
        }
    }
}

impl Trouble {
    /// The fact.
    pub fn heading(&self) -> &'static str {
        match self {
            Self::NoLink => "Open the link from your e-mail",
            Self::UnknownLink => "This link does not work",
            Self::TooMany => "Too many tries in a short time",
            Self::TooManyAttempts(_) => "Too many payments were tried",
            Self::Unreachable(_) => "Your request can't be shown right now",
        }
    }

    /// What is known, and what to do.
    fn advice(&self) -> String {
        match self {
            Self::NoLink => "This page belongs to a link that was mailed to you. Open it from that e-mail: the address \
                             alone does not say what is to be paid."
                .to_owned(),
            Self::UnknownLink => "It may have been cut off when it was copied. Open it from the e-mail once more, or ask \
                                  whoever sent it for a new one. Nothing was charged."
                .to_owned(),
            Self::TooMany => "Wait a minute, then try again. Nothing was charged.".to_owned(),
            Self::TooManyAttempts(said) => format!("{said} Nothing was charged."),
            Self::Unreachable(said) => {
                format!("{said} Your link is kept; trying again charges nothing.")
            }
        }
    }
}

/// The page for it, with a button where asking again may help.
pub fn trouble_page(desk: Desk, trouble: &Trouble) -> AnyView {
    let busy = move || desk.step() != Step::Idle;
    let again = if matches!(trouble, Trouble::TooMany | Trouble::Unreachable(_)) {
        let label = move || if busy() { "Trying…" } else { "Try again" };
        go(text(move || label().to_owned()), flag(busy), Some(Box::new(move || desk.open_again())))
    } else {
        nothing()
    };
    (paragraph("", trouble.advice()), again).into_any()
}
