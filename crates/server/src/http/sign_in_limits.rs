//! Failed sign-ins, counted per address and peer, so that passwords cannot be tried out. In memory: a restart forgives.

use std::{
    collections::BTreeMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use billing::Timestamp;

/// Failures that are let pass.
const FAILURES: usize = 10;
/// For how long a failure counts.
const WINDOW: Duration = Duration::from_secs(15 * 60);
/// Pairs that are remembered; past it the ones that failed longest ago are forgotten.
const PAIRS_MAX: usize = 10_000;

type Pair = (String, Option<IpAddr>);

/// The failures of late.
#[derive(Default)]
pub struct SignInLimits(Mutex<BTreeMap<Pair, Vec<Timestamp>>>);

impl SignInLimits {
    /// How long this address and peer have to wait; nothing when they may try.
    pub fn wait(&self, email: &str, peer: Option<IpAddr>, now: Timestamp) -> Option<Duration> {
        let failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let failed = failures.get(&pair(email, peer))?;
        let recent: Vec<_> = failed.iter().filter(|at| now.since(**at) < WINDOW).collect();
        let oldest = recent.len().checked_sub(FAILURES).and_then(|index| recent.get(index))?;
        Some(oldest.plus(WINDOW).since(now))
    }

    /// Remembers a failure.
    pub fn failed(&self, email: &str, peer: Option<IpAddr>, now: Timestamp) {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.len() >= PAIRS_MAX {
            failures.retain(|_, failed| failed.iter().any(|at| now.since(*at) < WINDOW));
        }
        if failures.len() >= PAIRS_MAX {
            let stalest = failures.iter().min_by_key(|(_, failed)| failed.last().copied());
            if let Some(stalest) = stalest.map(|(pair, _)| pair.clone()) {
                failures.remove(&stalest);
            }
        }
        let failed = failures.entry(pair(email, peer)).or_default();
        failed.retain(|at| now.since(*at) < WINDOW);
        failed.push(now);
    }

    /// Forgets the failures: somebody knew the password.
    pub fn succeeded(&self, email: &str, peer: Option<IpAddr>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&pair(email, peer));
    }
}

fn pair(email: &str, peer: Option<IpAddr>) -> Pair {
    // Whatever was typed, at most so much of it is kept.
    (email.trim().to_lowercase().chars().take(254).collect(), peer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_failures_close_the_door_until_the_first_is_forgotten() {
        let limits = SignInLimits::default();
        let at = |minute: i64| Timestamp::from_millis(minute * 60_000);
        for minute in 0..10 {
            assert_eq!(limits.wait("a@b.co", None, at(minute)), None);
            limits.failed("A@b.co ", None, at(minute));
        }
        assert_eq!(limits.wait("a@b.co", None, at(10)), Some(Duration::from_secs(5 * 60)));
        assert_eq!(limits.wait("else@b.co", None, at(10)), None);
        assert_eq!(limits.wait("a@b.co", Some([127, 0, 0, 1].into()), at(10)), None);
        assert_eq!(limits.wait("a@b.co", None, at(15)), None);
        limits.failed("a@b.co", None, at(10));
        limits.succeeded("a@b.co", None);
        assert_eq!(limits.wait("a@b.co", None, at(10)), None);
    }

    #[test]
    fn remembers_so_many_pairs_and_no_more() {
        let limits = SignInLimits::default();
        for n in 0..i64::try_from(PAIRS_MAX).unwrap() + 5 {
            limits.failed(&format!("{n}@b.co"), None, Timestamp::from_millis(n));
        }
        let kept = limits.0.lock().unwrap();
        assert_eq!(kept.len(), PAIRS_MAX);
        assert!(!kept.contains_key(&pair("0@b.co", None)));
    }
}
