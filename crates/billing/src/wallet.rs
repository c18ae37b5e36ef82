//! The wallet of a balance: the cards behind it that no payment has to wait for, and the standing order to top it up
//! (*auto-recharge*). A customer's balance has one while the customer pays, and so has the agency's own.
//!
//! The card that is charged first is a matter of whoever owns the payments ([`crate::funding`]) and is passed
//! in; what a wallet wants done about payments it says as [`Order`]s. Otherwise it is a machine like the funding's:
//! [`decide()`], [`apply()`], [`effects()`].

mod apply;
mod command;
mod decide;
mod effect;
mod event;
mod preview;
pub mod recharge;
mod refusal;

use serde::{Deserialize, Serialize};

pub use apply::apply;
pub use command::{Command, Context};
pub use decide::{Decision, decide};
pub use effect::{effects, expiry, orders};
pub use event::{Event, Order, Recorded};
pub use preview::{DaySpent, Foreseen, foresee};
pub use recharge::{Advice, Recharge, RechargeLimits, RechargeSettings, RechargeState};
pub use refusal::Refusal;

use crate::{
    SetupId, Timestamp,
    funding::{Card, PaymentFailure},
};

/// Which of two cards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CardRole {
    /// Charged first.
    Main,
    /// Charged by the auto-recharge when the first was declined.
    Backup,
}

impl CardRole {
    /// The name in URLs and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Main => "main",
            Self::Backup => "backup",
        }
    }

    /// The role of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Main, Self::Backup].into_iter().find(|role| role.name() == name)
    }
}

/// What is kept beside a balance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Wallet {
    /// Counts what happened.
    pub version: u64,
    /// The card that the auto-recharge tries second.
    pub backup: Option<Card>,
    /// A card that is being saved.
    pub setup: Option<CardSetup>,
    /// Why the last card was not saved, until one is.
    pub setup_failure: Option<PaymentFailure>,
    /// The auto-recharge, on or off; none when nobody has ever set it up.
    pub recharge: Option<Recharge>,
}

/// A card that is being saved: the gateway, or the cardholder's bank, has not said yes yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CardSetup {
    /// Its id.
    pub id: SetupId,
    /// What for.
    pub role: CardRole,
    /// The card as it was entered.
    pub card: Card,
    /// Since when.
    pub started_at: Timestamp,
    /// The cardholder has to authenticate.
    pub needs_action: bool,
}

#[cfg(test)]
mod tests;
