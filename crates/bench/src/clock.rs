//! The stopwatch: here, time is what is measured.

use std::time::Instant;

/// Now.
#[expect(clippy::disallowed_methods, reason = "a benchmark is about elapsed time")]
pub fn now() -> Instant {
    Instant::now()
}

/// How many per second, from a number and the microseconds they took.
pub fn per_second(count: u64, micros: u128) -> u64 {
    let rate = u128::from(count) * 1_000_000 / micros.max(1);
    u64::try_from(rate).unwrap_or(u64::MAX)
}
