//! The agency as its own people see it.

use serde::{Deserialize, Serialize};

use crate::{AgencyId, Currency, Money, Standing, Timestamp, text::Name};

/// The agency and its balance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AgencySnapshot {
    /// Its id.
    pub id: AgencyId,
    /// Its name, as customers read it.
    pub name: Name,
    /// What it is billed in.
    pub currency: Currency,
    /// The balance that all its agency-funded clients share.
    pub balance: Money,
    /// Below this the balance counts as low.
    pub low_below: Money,
    /// What the balance means for agency-funded clients.
    pub standing: Standing,
}

/// One day's closing balance: what a curve is drawn from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BalancePoint {
    /// The end of the day, or now.
    pub at: Timestamp,
    /// The balance then.
    pub balance: Money,
}
