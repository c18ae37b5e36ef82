//! Sub-accounts as clients see them. The UI and the routes call them accounts.

use serde::{Deserialize, Serialize};

use super::{AgencySnapshot, LetterView};
use crate::{
    Money, Standing, SubAccountId, Timestamp,
    funding::{Funding, Recorded},
    text::Name,
    timeline::Interval,
};

/// One sub-account, whole: a row of the list, the answer to a command, and what a change carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccountSnapshot {
    /// Its id.
    pub id: SubAccountId,
    /// Its name.
    pub name: Name,
    /// The agency's own id for it, unique within the agency.
    pub external_id: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who pays and what is under way. `funding.version` is what `If-Match` takes, quoted, as the `ETag` gives it.
    pub funding: Funding,
    /// What is on its own (customer) balance; zero while the agency pays, unless something is left to settle.
    pub customer_balance: Money,
    /// Below this its own balance counts as low.
    pub low_below: Money,
    /// What the metered service should do; while the agency pays it follows the agency's balance.
    pub standing: Standing,
}

/// How many sub-accounts an agency has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccountCounts {
    /// All of them.
    pub all: u64,
    /// Those that draw from the agency's balance, those in between included.
    pub agency: u64,
    /// Those that draw from their customer's balance.
    pub customer: u64,
    /// Those with something under way: asked, paying, or returning.
    pub between: u64,
}

/// `GET /accounts`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccountList {
    /// One page of them.
    pub accounts: Vec<AccountSnapshot>,
    /// Ask for the next page with it; none on the last.
    pub next_cursor: Option<String>,
    /// Of the whole agency, whatever the filter.
    pub counts: AccountCounts,
    /// The agency and its balance at the same instant.
    pub agency: AgencySnapshot,
    /// The change sequence at the same instant: `GET /changes?after=` it misses nothing.
    pub change_seq: u64,
}

/// `GET /accounts/{id}`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccountDetail {
    /// The sub-account.
    pub account: AccountSnapshot,
    /// The agency and its balance at the same instant.
    pub agency: AgencySnapshot,
    /// The change sequence at the same instant.
    pub change_seq: u64,
}

/// `GET /accounts/{id}/funding-timeline`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Timeline {
    /// Who paid from when to when, oldest first.
    pub intervals: Vec<Interval>,
    /// Everything that happened to the funding, oldest first; at most the newest 500.
    pub events: Vec<TimelineEvent>,
    /// The letters about the account, newest first, and what became of them; at most the newest 20.
    pub letters: Vec<LetterView>,
}

/// Something that happened to an account's funding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TimelineEvent {
    /// What, when and by whom.
    #[serde(flatten)]
    pub recorded: Recorded,
    /// The same in a sentence.
    pub words: String,
}

/// `?funding=`: which sub-accounts to list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PayerFilter {
    /// Everything.
    #[default]
    All,
    /// Those that draw from the agency's balance, those in between included.
    Agency,
    /// Those that draw from their customer's balance.
    Customer,
    /// Those with something under way: asked, paying, or returning.
    Between,
}

/// `?sort=`: the order of the list. A leading minus turns it round; the id breaks ties.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum AccountSort {
    /// By name, ignoring case.
    #[default]
    #[serde(rename = "name")]
    Name,
    /// By name, from the end.
    #[serde(rename = "-name")]
    NameDescending,
    /// By the agency's own id.
    #[serde(rename = "external_id")]
    ExternalId,
    /// By the agency's own id, from the end.
    #[serde(rename = "-external_id")]
    ExternalIdDescending,
    /// By the balance it draws from, least first.
    #[serde(rename = "balance")]
    Balance,
    /// By the balance it draws from, most first.
    #[serde(rename = "-balance")]
    BalanceDescending,
    /// By how long the payer has paid, longest first.
    #[serde(rename = "since")]
    Since,
    /// By how long the payer has paid, newest first.
    #[serde(rename = "-since")]
    SinceDescending,
}

impl PayerFilter {
    /// Every filter, in the order to show them.
    pub const ALL: [Self; 4] = [Self::All, Self::Agency, Self::Customer, Self::Between];

    /// The word in the URL.
    pub fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Agency => "agency",
            Self::Customer => "customer",
            Self::Between => "between",
        }
    }

    /// The filter of this word.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|filter| filter.name() == name)
    }
}

impl AccountSort {
    /// Every order.
    pub const ALL: [Self; 8] = [
        Self::Name,
        Self::NameDescending,
        Self::ExternalId,
        Self::ExternalIdDescending,
        Self::Balance,
        Self::BalanceDescending,
        Self::Since,
        Self::SinceDescending,
    ];

    /// The word in the URL.
    pub fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::NameDescending => "-name",
            Self::ExternalId => "external_id",
            Self::ExternalIdDescending => "-external_id",
            Self::Balance => "balance",
            Self::BalanceDescending => "-balance",
            Self::Since => "since",
            Self::SinceDescending => "-since",
        }
    }

    /// The order of this word.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.name() == name)
    }
}
