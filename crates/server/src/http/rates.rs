//! How often somebody may ask: so many at once, and so many more with each second. One count per key, in memory.
//!
//! Of our own because what is shown dead is counted after its answer, and judged before it: `governor` cannot look without taking.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use crate::config::Rate;

/// Keys that are counted at once. Past it those that have used nothing lately are forgotten, and if nobody is such, all are.
const KEYS_MAX: usize = 20_000;
/// One request, in thousandths: what comes back in a millisecond at one a second.
const ONE: u64 = 1_000;

/// What a key has left.
#[derive(Clone, Copy, Debug)]
struct Left {
    /// Thousandths of a request.
    thousandths: u64,
    /// When that was so.
    at: Instant,
}

/// The counts.
#[derive(Debug)]
pub struct Rates<K> {
    rate: Rate,
    left: Mutex<HashMap<K, Left>>,
}

impl<K: Eq + Hash> Rates<K> {
    /// Everybody at this rate.
    pub fn new(rate: Rate) -> Self {
        Self { rate, left: Mutex::default() }
    }

    /// Takes one.
    ///
    /// # Errors
    /// How long to wait when there is none; nothing is taken then.
    pub fn take(&self, key: K, now: Instant) -> Result<(), Duration> {
        let mut all = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let left = all.get(&key).map_or(self.full(), |left| self.now(*left, now));
        let Some(rest) = left.checked_sub(ONE) else { return Err(self.wait(left)) };
        if all.len() >= KEYS_MAX && !all.contains_key(&key) {
            all.retain(|_, left| self.now(*left, now) < self.full());
            if all.len() >= KEYS_MAX {
                all.clear();
            }
        }
        all.insert(key, Left { thousandths: rest, at: now });
        Ok(())
    }

    /// Whether there is one left, and if not, how long to wait; nothing is taken.
    ///
    /// # Errors
    /// How long to wait.
    pub fn look(&self, key: &K, now: Instant) -> Result<(), Duration> {
        let all = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let left = all.get(key).map_or(self.full(), |left| self.now(*left, now));
        if left < ONE { Err(self.wait(left)) } else { Ok(()) }
    }

    fn full(&self) -> u64 {
        u64::from(self.rate.at_once).saturating_mul(ONE)
    }

    fn now(&self, left: Left, now: Instant) -> u64 {
        let millis = now.saturating_duration_since(left.at).as_millis();
        let millis = u64::try_from(millis).unwrap_or(u64::MAX);
        let back = millis.saturating_mul(u64::from(self.rate.per_second));
        left.thousandths.saturating_add(back).min(self.full())
    }

    fn wait(&self, left: u64) -> Duration {
        let missing = ONE.saturating_sub(left);
        Duration::from_millis(missing.div_ceil(u64::from(self.rate.per_second).max(1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate { at_once: 3, per_second: 2 };

    #[test]
    fn so_many_at_once_and_then_as_they_come_back() {
        let rates = Rates::new(RATE);
        let (begin, half) = (Instant::now(), Duration::from_millis(500));
        for _ in 0..3 {
            assert_eq!(rates.look(&"a", begin), Ok(()));
            assert_eq!(rates.take("a", begin), Ok(()));
        }
        assert_eq!(rates.take("a", begin), Err(half));
        assert_eq!(rates.look(&"a", begin), Err(half));
        assert_eq!(rates.take("b", begin), Ok(()), "others are counted for themselves");
        assert_eq!(rates.take("a", begin + half), Ok(()));
        assert_eq!(rates.take("a", begin + half), Err(half));
        // However long nobody asks, no more than so many at once.
        let later = begin + Duration::from_secs(3_600);
        for _ in 0..3 {
            assert_eq!(rates.take("a", later), Ok(()));
        }
        assert_eq!(rates.take("a", later), Err(half));
    }

    #[test]
    fn keys_that_used_nothing_lately_make_room() {
        let rates = Rates::new(RATE);
        let begin = Instant::now();
        for key in 0..KEYS_MAX {
            rates.take(key, begin).unwrap();
        }
        let later = begin + Duration::from_secs(2);
        rates.take(0, later).unwrap();
        rates.take(KEYS_MAX, later).unwrap();
        let kept = rates.left.lock().unwrap().len();
        assert_eq!(kept, 2, "the one that asked a moment ago, and the new one");
    }
}
