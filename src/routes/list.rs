//! What of the list of accounts an address shows, and in which order.

use billing::{
    Standing,
    api::{AccountSort, PayerFilter},
};

use super::{parameter, query, with_query};

/// What of the list is shown, and in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListQuery {
    /// Part of a name, an external id or an e-mail address.
    pub text: String,
    /// By who pays.
    pub funding: PayerFilter,
    /// By standing; none for all.
    pub standing: Option<Standing>,
    /// In which order.
    pub sort: AccountSort,
}

impl ListQuery {
    /// Anything left out?
    pub fn is_filtered(&self) -> bool {
        !self.text.is_empty() || self.funding != PayerFilter::All || self.standing.is_some()
    }

    /// The same order without any filter.
    #[must_use]
    pub fn cleared(&self) -> Self {
        Self { sort: self.sort, ..Self::default() }
    }

    pub(super) fn write(&self) -> String {
        let standing = self.standing.map(standing_name).unwrap_or_default();
        let funding = if self.funding == PayerFilter::All { "" } else { self.funding.name() };
        let sort = if self.sort == AccountSort::Name { "" } else { self.sort.name() };
        let pairs = [
            ("q", self.text.as_str()),
            ("funding", funding),
            ("standing", standing),
            ("sort", sort),
        ];
        with_query("", &query(&pairs))
    }

    pub(super) fn read(query: &str) -> Self {
        let value = |name| parameter(query, name).unwrap_or_default();
        Self {
            text: value("q"),
            funding: PayerFilter::from_name(&value("funding")).unwrap_or_default(),
            standing: standing_from_name(&value("standing")),
            sort: AccountSort::from_name(&value("sort")).unwrap_or_default(),
        }
    }
}

/// The word for a standing in an address.
pub fn standing_name(standing: Standing) -> &'static str {
    match standing {
        Standing::Active => "active",
        Standing::Low => "low",
        Standing::Paused => "paused",
    }
}

/// The standing of this word.
pub fn standing_from_name(name: &str) -> Option<Standing> {
    [Standing::Active, Standing::Low, Standing::Paused]
        .into_iter()
        .find(|standing| standing_name(*standing) == name)
}
