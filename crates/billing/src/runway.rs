//! How long a balance lasts.

use crate::Money;

/// Farther than this nobody can see.
pub const DAYS_MAX: u32 = 999;

/// Whole days that a balance lasts, if usage goes on as in the last `days`; nothing when nothing was drawn in them.
/// `drawn_micros` is what was drawn in all of those days, in millionths of the currency unit.
pub fn days_left(balance: Money, drawn_micros: i64, days: u32) -> Option<u32> {
    if drawn_micros <= 0 || days == 0 {
        return None;
    }
    let left = i128::from(balance.micros().max(0)).saturating_mul(i128::from(days));
    let left = left.checked_div(i128::from(drawn_micros)).unwrap_or(0);
    Some(u32::try_from(left).unwrap_or(DAYS_MAX).min(DAYS_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Currency;

    #[test]
    fn a_balance_lasts_as_usage_has_been() {
        let usd = |units: i64| Money::from_micros(units * 1_000_000, Currency::Usd);
        for (balance, drawn, days, expected) in [
            (60, 30, 30, Some(60)),
            (59, 60, 30, Some(29)),
            (1, 30, 30, Some(1)),
            (0, 30, 30, Some(0)),
            (-5, 30, 30, Some(0)),
            (60, 0, 30, None),
            (60, 5, 0, None),
            (i64::MAX / 1_000_000, 1, 30, Some(DAYS_MAX)),
        ] {
            assert_eq!(
                days_left(usd(balance), drawn * 1_000_000, days),
                expected,
                "{balance} {drawn} {days}"
            );
        }
    }
}
