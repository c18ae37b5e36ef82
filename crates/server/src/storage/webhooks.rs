//! The gateway's events that were taken: each counts once.

use billing::Timestamp;

use super::Result;

/// The events taken.
pub trait Webhooks {
    /// Remembers an event; false when it was taken before.
    ///
    /// # Errors
    /// When the database says no.
    fn take_webhook(&mut self, event: &str, now: Timestamp) -> Result<bool>;
}
