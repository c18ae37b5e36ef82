//! What the metered service should do with a sub-account.

use serde::{Deserialize, Serialize};

use crate::Money;

/// What the paying balance says about a sub-account's service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Go on.
    Active,
    /// Go on; somebody should add funds.
    Low,
    /// Stop: the paying balance is used up.
    Paused,
}

impl Standing {
    /// Every standing, from the best.
    pub const ALL: [Self; 3] = [Self::Active, Self::Low, Self::Paused];

    /// The name in databases and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Low => "low",
            Self::Paused => "paused",
        }
    }

    /// The standing of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|standing| standing.name() == name)
    }

    /// What a change is called when it is told. A little money on a balance that was used up lets the service go on, even if it is
    /// low: that is resumed, too.
    pub fn event(from: Self, to: Self) -> Option<&'static str> {
        match (from, to) {
            (Self::Active, Self::Active)
            | (Self::Low, Self::Low)
            | (Self::Paused, Self::Paused) => None,
            (Self::Active | Self::Low, Self::Paused) => Some("account.paused"),
            (Self::Active, Self::Low) => Some("account.low"),
            (Self::Low | Self::Paused, Self::Active) | (Self::Paused, Self::Low) => {
                Some("account.resumed")
            }
        }
    }

    /// Paused at nothing or less, low below the threshold, else active.
    pub fn of(balance: Money, low_below: Money) -> Self {
        if !balance.is_positive() {
            Self::Paused
        } else if balance < low_below {
            Self::Low
        } else {
            Self::Active
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Currency;

    #[test]
    fn follows_the_paying_balance() {
        let usd = |units: i64| Money::from_micros(units, Currency::Usd);
        for (balance, expected) in [
            (-1, Standing::Paused),
            (0, Standing::Paused),
            (1, Standing::Low),
            (9, Standing::Low),
            (10, Standing::Active),
        ] {
            assert_eq!(Standing::of(usd(balance), usd(10)), expected, "{balance}");
        }
    }

    #[test]
    fn every_change_has_one_name() {
        use Standing::{Active, Low, Paused};
        for (from, to, expected) in [
            (Active, Low, Some("account.low")),
            (Active, Paused, Some("account.paused")),
            (Low, Paused, Some("account.paused")),
            (Low, Active, Some("account.resumed")),
            (Paused, Active, Some("account.resumed")),
            (Paused, Low, Some("account.resumed")),
        ] {
            assert_eq!(Standing::event(from, to), expected, "{from:?} to {to:?}");
        }
        for standing in Standing::ALL {
            assert_eq!(Standing::event(standing, standing), None);
            assert_eq!(Standing::from_name(standing.name()), Some(standing));
        }
    }
}
