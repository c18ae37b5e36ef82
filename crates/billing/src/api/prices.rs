//! Prices of usage.

use serde::{Deserialize, Serialize};

use crate::{
    Currency, Timestamp,
    funding::Actor,
    pricing::{PriceChange, PriceSubject, Setting},
    usage::EventType,
};

/// A version of a price as clients see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PriceVersion {
    /// What holds, about what, from when on.
    #[serde(flatten)]
    pub change: PriceChange,
    /// When it was set.
    pub set_at: Timestamp,
    /// By whom.
    pub set_by: Actor,
}

/// A type of event that came without there being a price for it. Its events are kept, and drawn once there is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WaitingType {
    /// Which.
    pub event_type: EventType,
    /// How many events wait.
    pub events: u64,
    /// The time of the earliest: a price has to be in force from then on to catch them all.
    pub first_at: Timestamp,
}

/// `GET /prices`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PriceList {
    /// What prices are in.
    pub currency: Currency,
    /// Every version ever set, by number.
    pub versions: Vec<PriceVersion>,
    /// What waits for a price.
    pub waiting: Vec<WaitingType>,
}

/// `POST /prices`: from then on this holds. Answers with the [`PriceVersion`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SetPriceBody {
    /// What it is about.
    pub subject: PriceSubject,
    /// From when on; now when absent. May lie in the past: usage that is drawn already keeps its price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// What holds.
    pub setting: Setting,
}
