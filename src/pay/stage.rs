//! Which page the customer sees.

use billing::api::{PayState, PayView};

use crate::api::ApiError;

/// What the server last said about the link, or why it said nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// The link is ours.
    View(Box<PayView>),
    /// There is nothing to show of it.
    Trouble(Trouble),
}

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
    /// Whether asking again may help.
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::TooMany | Self::Unreachable(_))
    }
}

/// A page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The form, whatever is said in it.
    Form,
    /// A payment is on its way, or it is over: what the server said.
    State(PayState),
    /// Nothing to show.
    Trouble(Trouble),
}

impl From<&Found> for Stage {
    fn from(found: &Found) -> Self {
        match found {
            Found::Trouble(trouble) => Self::Trouble(trouble.clone()),
            Found::View(view) => match &view.state {
                PayState::Open { .. } => Self::Form,
                state => Self::State(state.clone()),
            },
        }
    }
}

impl Stage {
    /// The payment may still fail, and then the form is wanted again as it was.
    pub fn keeps_form(&self) -> bool {
        matches!(
            self,
            Self::Form | Self::State(PayState::Processing { .. } | PayState::ActionRequired { .. })
        )
    }
}
