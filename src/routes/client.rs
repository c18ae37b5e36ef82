//! Addresses of the pages of client users.

use billing::SubAccountId;

use super::with_query;

/// Where the pages of client users begin.
pub const CLIENT: &str = "/client";

/// A page of a client user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientRoute {
    /// All that they belong to.
    Accounts,
    /// One account.
    Account {
        /// Which.
        id: SubAccountId,
    },
    /// A report on usage.
    Usage {
        /// Over which days, by what; see [`super::query`] and [`super::parameter`].
        query: String,
    },
    /// There is no such page.
    NotFound,
}

impl ClientRoute {
    /// The address.
    pub fn href(&self) -> String {
        match self {
            Self::Accounts | Self::NotFound => CLIENT.to_owned(),
            Self::Account { id } => format!("{CLIENT}/accounts/{id}"),
            Self::Usage { query } => with_query(&format!("{CLIENT}/usage"), query),
        }
    }

    /// Whether a path is one of these pages'.
    pub fn owns(path: &str) -> bool {
        path.strip_prefix(CLIENT).is_some_and(|below| below.is_empty() || below.starts_with('/'))
    }

    /// What an address means; `query` without its question mark.
    pub fn parse(path: &str, query: &str) -> Self {
        let below = path.strip_prefix(CLIENT).unwrap_or("/?");
        let parts: Vec<_> = below.split('/').filter(|part| !part.is_empty()).collect();
        match parts.as_slice() {
            [] => Self::Accounts,
            ["accounts", id] => id.parse().map_or(Self::NotFound, |id| Self::Account { id }),
            ["usage"] => Self::Usage { query: query.to_owned() },
            _ => Self::NotFound,
        }
    }
}
