//! Metered usage: events as other people's systems send them, and the draws they lead to.
//!
//! The wire is CloudEvents 1.0 as OpenMeter's SDKs send it; the limits here are ours and are stated in `docs/http-api.md`.

mod digest;
mod event;

use std::time::Duration;

pub use digest::{DIGEST_BYTES, DrawDigest, DrawnEvent, event_key, payload_hash};
pub use event::{
    DATA_MAX_BYTES, EventType, FieldName, ID_MAX_BYTES, SOURCE_MAX_BYTES, SUBJECT_MAX_BYTES,
    UsageTextError, checked_text,
};

/// How long after it happened usage may arrive; older usage is refused (DESIGN §4).
pub const LATE_WINDOW: Duration = Duration::from_secs(35 * 24 * 60 * 60);
/// How far ahead of our clock the sender's may be (DESIGN §4).
pub const AHEAD_WINDOW: Duration = Duration::from_secs(5 * 60);
/// The most events in one batch.
pub const BATCH_MAX_EVENTS: usize = 1_000;
/// Milliseconds of a day in UTC.
const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;

use crate::Timestamp;

/// A day, counted from 1970-01-01; in UTC unless a zone is named beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i64);

impl Day {
    /// The day of an instant.
    pub fn of(at: Timestamp) -> Self {
        Self(at.millis().div_euclid(DAY_MILLIS))
    }

    /// Its first instant.
    pub fn start(self) -> Timestamp {
        Timestamp::from_millis(self.0.saturating_mul(DAY_MILLIS))
    }

    /// `2026-11-22`.
    pub fn text(self) -> String {
        self.start().to_string().chars().take(10).collect()
    }

    /// Reads `2026-11-22`.
    pub fn parse(text: &str) -> Option<Self> {
        let at = Timestamp::parse(&format!("{text}T00:00:00Z"))?;
        (text.len() == 10).then(|| Self::of(at))
    }

    /// The calendar month it lies in, counted from 1970-01.
    pub fn month(self) -> Month {
        let text = self.text();
        let year: i64 = text.get(0..4).and_then(|year| year.parse().ok()).unwrap_or(1970);
        let month: i64 = text.get(5..7).and_then(|month| month.parse().ok()).unwrap_or(1);
        Month((year - 1970) * 12 + month - 1)
    }
}

/// A calendar month, counted from 1970-01; in UTC unless a zone is named beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(pub i64);

impl Month {
    /// Its first day.
    pub fn first_day(self) -> Day {
        let (year, month) = (1970 + self.0.div_euclid(12), self.0.rem_euclid(12) + 1);
        Day::parse(&format!("{year:04}-{month:02}-01")).unwrap_or(Day(0))
    }

    /// `2026-11`.
    pub fn text(self) -> String {
        self.first_day().text().chars().take(7).collect()
    }

    /// Reads `2026-11`.
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == 7).then(|| Day::parse(&format!("{text}-01")).map(Day::month)).flatten()
    }

    /// The month after it.
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_months_are_counted_in_utc() {
        let at = Timestamp::parse("2026-11-22T23:59:59.999Z").unwrap();
        assert_eq!(Day::of(at).text(), "2026-11-22");
        assert_eq!(Day::parse("2026-11-22"), Some(Day::of(at)));
        assert_eq!(Day::of(at).month(), Month(56 * 12 + 10));
        assert_eq!(Month(56 * 12 + 10).first_day().text(), "2026-11-01");
        assert_eq!(Month(56 * 12 + 11).next().first_day().text(), "2027-01-01");
        assert_eq!(Day::of(at.plus(Duration::from_millis(1))).text(), "2026-11-23");
        for wrong in ["2026-11-31", "2026-1-1", "22.11.2026", "", "2026-11-22T00"] {
            assert_eq!(Day::parse(wrong), None, "{wrong}");
        }
        assert_eq!(Month(56 * 12 + 10).text(), "2026-11");
        assert_eq!(Month::parse("2026-11"), Some(Month(56 * 12 + 10)));
        for wrong in ["2026-13", "2026-1", "2026-11-01", "", "11-2026"] {
            assert_eq!(Month::parse(wrong), None, "{wrong}");
        }
    }
}
