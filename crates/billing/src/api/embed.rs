//! The widget: which sites may show it, the tokens that are minted for it, and what it shows of one account.

use serde::{Deserialize, Serialize};

use crate::{
    Money, Standing, SubAccountId, Timestamp,
    funding::{Payer, Phase},
    ledger::EntryKind,
    text::Name,
};

/// How long a token may live, in seconds: the shortest, what it is unless asked otherwise, the longest.
pub const EMBED_TTL_SECONDS: (u64, u64, u64) = (60, 900, 3_600);

/// `GET` and `PUT /embed/origins`: the sites that may show balances of this agency's accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct EmbedOrigins {
    /// Such as `https://app.example`; in order.
    #[cfg_attr(feature = "schema", schemars(length(max = 20)))]
    pub origins: Vec<String>,
}

/// A part of what the widget shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum EmbedComponent {
    /// The balance, how long it lasts, and the standing.
    Balance,
    /// The newest lines of the account's own balance.
    Ledger,
    /// Who pays, since when, and with what card.
    Funding,
}

impl EmbedComponent {
    /// Every part.
    pub const ALL: [Self; 3] = [Self::Balance, Self::Ledger, Self::Funding];

    /// The word in databases and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Balance => "balance",
            Self::Ledger => "ledger",
            Self::Funding => "funding",
        }
    }

    /// The part of this word.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|component| component.name() == name)
    }
}

/// `POST /embed/sessions`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct EmbedSessionBody {
    /// Which account: its id, or the agency's own id for it.
    pub account: String,
    /// What of it; the balance alone unless more is asked for.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub components: Option<Vec<EmbedComponent>>,
    /// On which of the agency's sites; on all of them unless some are named.
    #[serde(default)]
    pub origins: Option<Vec<String>>,
    /// For how long, in seconds: 60 to 3,600, 900 unless asked otherwise.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(range(min = 60, max = 3_600)))]
    pub ttl_seconds: Option<u64>,
}

/// `POST /embed/previews`: for Sluice's own settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EmbedPreviewBody {
    /// Which account: its id, or the agency's own id for it.
    pub account: String,
}

/// A token that was just minted; nobody is told it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewEmbedSession {
    /// The token, for the widget alone.
    pub token: String,
    /// From when it is dead.
    pub expires_at: Timestamp,
    /// The account that it shows.
    pub account: SubAccountId,
    /// What of it.
    pub components: Vec<EmbedComponent>,
    /// On which sites.
    pub origins: Vec<String>,
}

/// `POST /embed/tickets`: opens one live stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EmbedTicket {
    /// For `GET /embed/changes?ticket=`, once.
    pub ticket: String,
    /// From when it is dead.
    pub expires_at: Timestamp,
}

/// `GET /embed/balance`, and every event of the live stream: all that the widget shows. Nothing of the agency's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EmbedBalance {
    /// The account.
    pub account: SubAccountId,
    /// Its name.
    pub name: Name,
    /// The agency's name.
    pub agency_name: Name,
    /// The address of a style sheet with its colour and logo, if it has chosen some.
    pub stylesheet: Option<String>,
    /// Who pays for it.
    pub payer: Payer,
    /// What the metered service does. While the agency pays it is active or paused: how near the agency's balance is to its end
    /// is nobody else's business.
    pub standing: Standing,
    /// What is on its own balance; nothing while the agency pays.
    pub balance: Option<Money>,
    /// Below this the balance counts as low; nothing while the agency pays.
    pub low_below: Option<Money>,
    /// Whole days that the balance lasts if usage goes on as in the last 30 days, at most 999; nothing while the agency pays, or
    /// when nothing was used.
    pub runway_days: Option<u32>,
    /// The newest payment that was put on the balance; nothing while the agency pays.
    pub last_top_up: Option<EmbedTopUp>,
    /// The newest lines of its own balance, newest first, if the token shows them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ledger: Option<Vec<EmbedLine>>,
    /// Who pays, if the token shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub funding: Option<EmbedFunding>,
}

/// A payment that was put on an account's own balance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EmbedTopUp {
    /// When it settled.
    pub at: Timestamp,
    /// How much of it was put on the balance.
    pub amount: Money,
}

/// `POST /embed/top-ups`: where the balance is topped up, told this once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewTopUp {
    /// The pay page, to be opened by itself and not in a frame.
    pub url: String,
    /// From when it takes no payment any more.
    pub expires_at: Timestamp,
}

/// One line of an account's own balance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EmbedLine {
    /// When it was booked.
    pub at: Timestamp,
    /// The business event.
    pub kind: EntryKind,
    /// What it did to the balance.
    pub amount: Money,
    /// The balance after it.
    pub balance_after: Money,
}

/// Who pays for an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EmbedFunding {
    /// The state of its funding.
    pub state: Phase,
    /// From when they pay.
    pub since: Timestamp,
    /// The card on file, as `Visa ···· 4242`, if there is one.
    pub card: Option<String>,
}
