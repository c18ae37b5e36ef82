//! What an auto-recharge would have charged, from what the last days have cost.

use serde::{Deserialize, Serialize};

use super::{RechargeLimits, RechargeSettings};
use crate::Money;

/// What a day has cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DaySpent {
    /// `2026-11-22`, in UTC.
    pub day: String,
    /// How much was drawn from the balance.
    pub amount: Money,
}

/// What would have been charged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foreseen {
    /// Each charge with its day, in order.
    pub charges: Vec<(String, Money)>,
    /// All of them.
    pub total: Money,
    /// Days on which the limits of a day left the balance below the threshold.
    pub capped: u32,
}

/// Plays the days through, from a balance that stands at the threshold when they begin; so the answer does not depend on what happens
/// to be on the balance today. A day's cost is drawn at once, and then charged as often as a day allows.
pub fn foresee(
    settings: &RechargeSettings,
    limits: &RechargeLimits,
    days: &[DaySpent],
) -> Foreseen {
    let zero = Money::zero(settings.below.currency());
    let mut balance = settings.below;
    let (mut charges, mut total, mut capped) = (Vec::new(), zero, 0);
    for spent in days {
        balance = balance.minus(spent.amount).unwrap_or(balance);
        let (mut today, mut count) = (zero, 0);
        while let Some(amount) = settings.wanted(balance, limits) {
            let after = today.plus(amount).ok().filter(|sum| *sum <= settings.daily_cap);
            let Some(after) = after.filter(|_| count < limits.charges_per_day) else {
                capped += 1;
                break;
            };
            let Ok(funded) = balance.plus(amount) else { break };
            (today, count, balance) = (after, count + 1, funded);
            total = total.plus(amount).unwrap_or(total);
            charges.push((spent.day.clone(), amount));
        }
    }
    Foreseen { charges, total, capped }
}
