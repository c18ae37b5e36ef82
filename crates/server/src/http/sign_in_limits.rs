//! Attempts to sign in, counted so that passwords cannot be tried out: per address and caller, per address from everywhere, and
//! per caller for all addresses. In memory: a restart forgives.
//!
//! An attempt counts before the password is looked at, so that many at once are no way around; one that succeeds is taken
//! back. A caller from whom an address has signed in before is judged by the first count alone: whoever floods an address from
//! elsewhere does not lock its owner out, and neither does somebody else behind the same proxy.

use std::{
    collections::BTreeMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use billing::Timestamp;

/// Attempts of one caller at one address.
const OF_A_PAIR: usize = 10;
/// Attempts at one address by callers that it has never signed in from, together.
const AT_AN_ADDRESS: usize = 100;
/// Attempts of one caller at addresses that have never signed in from there, together.
const OF_A_CALLER: usize = 100;
/// For how long an attempt counts.
const WINDOW: Duration = Duration::from_secs(15 * 60);
/// What is remembered of each kind; past it what was tried longest ago is forgotten.
const REMEMBERED_MAX: usize = 10_000;

type Pair = (String, Option<IpAddr>);

/// The attempts of late.
#[derive(Default)]
pub struct SignInLimits(Mutex<Attempts>);

#[derive(Default)]
struct Attempts {
    pairs: Tried<Pair>,
    addresses: Tried<String>,
    callers: Tried<IpAddr>,
    /// Where addresses have signed in from.
    known: BTreeMap<Pair, Timestamp>,
}

/// When each was tried.
struct Tried<K>(BTreeMap<K, Vec<Timestamp>>);

impl<K> Default for Tried<K> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl SignInLimits {
    /// Counts an attempt.
    ///
    /// # Errors
    /// How long this address and caller have to wait; nothing is counted then.
    pub fn attempt(
        &self,
        email: &str,
        caller: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<(), Duration> {
        let mut attempts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let pair = pair(email, caller);
        attempts.pairs.room(&pair, OF_A_PAIR, now)?;
        // Without a caller there is nobody to tell apart.
        let stranger = caller.filter(|_| !attempts.known.contains_key(&pair));
        if let Some(caller) = stranger {
            attempts.addresses.room(&pair.0, AT_AN_ADDRESS, now)?;
            attempts.callers.room(&caller, OF_A_CALLER, now)?;
            attempts.addresses.count(pair.0.clone(), now);
            attempts.callers.count(caller, now);
        }
        attempts.pairs.count(pair, now);
        Ok(())
    }

    /// Takes the last attempt back, and forgets those of this address and caller: somebody knew the password.
    pub fn succeeded(&self, email: &str, caller: Option<IpAddr>, now: Timestamp) {
        let mut attempts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let pair = pair(email, caller);
        attempts.pairs.0.remove(&pair);
        let Some(caller) = caller else { return };
        if !attempts.known.contains_key(&pair) {
            attempts.addresses.take_back(&pair.0);
            attempts.callers.take_back(&caller);
        }
        if attempts.known.len() >= REMEMBERED_MAX {
            let stalest = attempts.known.iter().min_by_key(|(_, at)| **at);
            if let Some(stalest) = stalest.map(|(pair, _)| pair.clone()) {
                attempts.known.remove(&stalest);
            }
        }
        attempts.known.insert(pair, now);
    }

    /// Forgets every attempt at an address: its owner has chosen a new password.
    pub fn forgive(&self, email: &str) {
        let mut attempts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (email, _) = pair(email, None);
        attempts.pairs.0.retain(|(address, _), _| *address != email);
        attempts.addresses.0.remove(&email);
    }
}

impl<K: Ord + Clone> Tried<K> {
    /// Whether one more fits.
    fn room(&self, key: &K, most: usize, now: Timestamp) -> Result<(), Duration> {
        let recent = self.0.get(key).into_iter().flatten();
        let recent: Vec<_> = recent.filter(|at| now.since(**at) < WINDOW).collect();
        let oldest = recent.len().checked_sub(most).and_then(|index| recent.get(index));
        oldest.map_or(Ok(()), |oldest| Err(oldest.plus(WINDOW).since(now)))
    }

    fn count(&mut self, key: K, now: Timestamp) {
        if self.0.len() >= REMEMBERED_MAX && !self.0.contains_key(&key) {
            self.0.retain(|_, tried| tried.iter().any(|at| now.since(*at) < WINDOW));
        }
        if self.0.len() >= REMEMBERED_MAX && !self.0.contains_key(&key) {
            let stalest = self.0.iter().min_by_key(|(_, tried)| tried.last().copied());
            if let Some(stalest) = stalest.map(|(key, _)| key.clone()) {
                self.0.remove(&stalest);
            }
        }
        let tried = self.0.entry(key).or_default();
        tried.retain(|at| now.since(*at) < WINDOW);
        tried.push(now);
    }

    fn take_back(&mut self, key: &K) {
        if let Some(tried) = self.0.get_mut(key) {
            tried.pop();
        }
    }
}

fn pair(email: &str, caller: Option<IpAddr>) -> Pair {
    // Whatever was typed, at most so much of it is kept.
    (email.trim().to_lowercase().chars().take(254).collect(), caller)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minute(minute: i64) -> Timestamp {
        Timestamp::from_millis(minute * 60_000)
    }

    fn caller(last: u8) -> Option<IpAddr> {
        Some([192, 0, 2, last].into())
    }

    #[test]
    fn ten_attempts_close_the_door_until_the_first_is_forgotten() {
        let limits = SignInLimits::default();
        for at in 0..10 {
            assert_eq!(limits.attempt("A@b.co ", None, minute(at)), Ok(()));
        }
        let wait = Err(Duration::from_secs(5 * 60));
        assert_eq!(limits.attempt("a@b.co", None, minute(10)), wait);
        assert_eq!(limits.attempt("else@b.co", None, minute(10)), Ok(()));
        assert_eq!(limits.attempt("a@b.co", caller(1), minute(10)), Ok(()));
        assert_eq!(limits.attempt("a@b.co", None, minute(15)), Ok(()));
        limits.succeeded("a@b.co", None, minute(15));
        for _ in 0..10 {
            assert_eq!(limits.attempt("a@b.co", None, minute(15)), Ok(()));
        }
        assert!(limits.attempt("a@b.co", None, minute(15)).is_err());
        limits.forgive("A@b.co");
        assert_eq!(limits.attempt("a@b.co", None, minute(15)), Ok(()));
    }

    #[test]
    fn a_flood_from_everywhere_slows_strangers_and_not_the_owner() {
        let limits = SignInLimits::default();
        limits.attempt("owner@b.co", caller(200), minute(0)).unwrap();
        limits.succeeded("owner@b.co", caller(200), minute(0));
        let tried = (0..20).flat_map(|from| [from; 10]);
        let taken =
            tried.filter(|from| limits.attempt("owner@b.co", caller(*from), minute(1)).is_ok());
        assert_eq!(taken.count(), AT_AN_ADDRESS);
        assert_eq!(limits.attempt("owner@b.co", caller(200), minute(1)), Ok(()));
        limits.succeeded("owner@b.co", caller(200), minute(1));
        assert!(limits.attempt("owner@b.co", caller(201), minute(1)).is_err());
        assert_eq!(limits.attempt("owner@b.co", caller(201), minute(16)), Ok(()));
    }

    #[test]
    fn a_caller_who_tries_many_addresses_is_slowed_and_who_works_there_is_not() {
        let limits = SignInLimits::default();
        limits.attempt("owner@b.co", caller(1), minute(0)).unwrap();
        limits.succeeded("owner@b.co", caller(1), minute(0));
        let taken =
            (0..150).filter(|n| limits.attempt(&format!("{n}@b.co"), caller(1), minute(1)).is_ok());
        assert_eq!(taken.count(), OF_A_CALLER);
        assert_eq!(limits.attempt("owner@b.co", caller(1), minute(1)), Ok(()));
        assert_eq!(limits.attempt("0@b.co", caller(2), minute(1)), Ok(()));
    }

    #[test]
    fn remembers_so_much_and_no_more() {
        let limits = SignInLimits::default();
        for n in 0..i64::try_from(REMEMBERED_MAX).unwrap() + 5 {
            limits.attempt(&format!("{n}@b.co"), None, Timestamp::from_millis(n)).unwrap();
        }
        let kept = limits.0.lock().unwrap();
        assert_eq!(kept.pairs.0.len(), REMEMBERED_MAX);
        assert!(!kept.pairs.0.contains_key(&pair("0@b.co", None)));
    }
}
