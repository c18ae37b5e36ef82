//! Times in words. What is near is told by its distance, what is far by its date.

use billing::Timestamp;

use crate::browser;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// `just now`, `5 min ago`, `2 h ago`, `yesterday`, `4 days ago`, `on 3 Mar 2025`
pub fn ago(at: Timestamp, now: Timestamp) -> String {
    match now.seconds().saturating_sub(at.seconds()) {
        seconds if seconds < MINUTE => "just now".to_owned(),
        seconds if seconds < HOUR => format!("{} min ago", seconds / MINUTE),
        seconds if seconds < DAY => format!("{} h ago", seconds / HOUR),
        seconds if seconds < 2 * DAY => "yesterday".to_owned(),
        seconds if seconds < 14 * DAY => format!("{} days ago", seconds / DAY),
        _ => format!("on {}", date(at)),
    }
}

/// `5 days left`, `3 h left`, `20 min left`, `expires now`
pub fn left(until: Timestamp, now: Timestamp) -> String {
    match until.seconds().saturating_sub(now.seconds()) {
        seconds if seconds < MINUTE => "expires now".to_owned(),
        seconds if seconds < HOUR => format!("{} min left", seconds / MINUTE),
        seconds if seconds < 2 * DAY => format!("{} h left", seconds / HOUR),
        seconds => format!("{} days left", seconds / DAY),
    }
}

/// `3 Mar 2025`
pub fn date(at: Timestamp) -> String {
    browser::date(at.millis())
}

/// `3 Mar 2025, 09:14`
pub fn date_time(at: Timestamp) -> String {
    browser::date_time(at.millis())
}
