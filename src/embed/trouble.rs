//! Why there is nothing to show.

use crate::api::ApiError;

/// What stands in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The page stands by itself.
    Alone,
    /// The token was minted for another site.
    WrongSite(String),
    /// The site has no token to give.
    NoToken,
    /// The token is dead, and the site has not given another one.
    Expired,
    /// The server does not answer.
    Offline,
}

impl Trouble {
    /// What an error means for whoever looks at the balance.
    pub fn of(error: &ApiError, site: &str) -> Self {
        match error.status() {
            Some(401) => Self::Expired,
            Some(403) => Self::WrongSite(site.to_owned()),
            _ => Self::Offline,
        }
    }

    /// The word for code, as the site is told.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Alone => "not_embedded",
            Self::WrongSite(_) => "origin_not_allowed",
            Self::NoToken => "no_token",
            Self::Expired => "session_expired",
            Self::Offline => "unreachable",
        }
    }

    /// In a few words.
    pub fn heading(&self) -> &'static str {
        match self {
            Self::Alone => "Nothing to show here",
            Self::WrongSite(_) => "Not allowed on this site",
            Self::NoToken | Self::Expired => "The balance is locked",
            Self::Offline => "The balance can't be reached",
        }
    }

    /// In a sentence.
    pub fn text(&self) -> String {
        let text = match self {
            Self::Alone => "This page shows a balance inside another site, not by itself.",
            Self::WrongSite(site) => {
                return format!("The agency has to allow {site} before it shows a balance.");
            }
            Self::NoToken => "This site could not open it. Try again, or sign in to the site anew.",
            Self::Expired => "The session has ended. Try again, or sign in to the site anew.",
            Self::Offline => "It is tried again by itself. Check your connection.",
        };
        text.to_owned()
    }

    /// Whether trying again may help.
    pub fn may_pass(&self) -> bool {
        !matches!(self, Self::Alone | Self::WrongSite(_))
    }
}
