//! What the metered service should do with a sub-account.

use serde::{Deserialize, Serialize};

use crate::Money;

/// What the paying balance says about a sub-account's service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
}
