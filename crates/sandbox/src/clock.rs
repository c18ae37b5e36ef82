//! What time it is: a seam, so that books made in a test are the same every time.

use std::time::{SystemTime, UNIX_EPOCH};

/// Tells the time to whoever is handed one.
pub trait Clock: Send + Sync {
    /// Seconds since the Unix epoch.
    fn now_seconds(&self) -> i64;
}

/// The machine's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the sandbox asks the time")]
    fn now_seconds(&self) -> i64 {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .ok()
            .and_then(|since| i64::try_from(since.as_secs()).ok())
            .unwrap_or_default()
    }
}
