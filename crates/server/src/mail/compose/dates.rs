//! Dates as a letter has them. Letters are read anywhere: the day is written out, and the time says that it is UTC.

use billing::Timestamp;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `22 November 2026, 16:10 UTC`
pub fn moment(at: Timestamp) -> String {
    let text = at.to_string();
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    let month: usize = part(5, 7).parse().unwrap_or(1);
    let month = MONTHS.get(month.saturating_sub(1)).unwrap_or(&"");
    let day = part(8, 10).trim_start_matches('0');
    format!("{day} {month} {}, {} UTC", part(0, 4), part(11, 16))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_out() {
        for (rfc_3339, written) in [
            ("2026-11-22T16:10:09.25Z", "22 November 2026, 16:10 UTC"),
            ("2027-01-05T00:00:00Z", "5 January 2027, 00:00 UTC"),
            ("2026-12-31T23:59:59+02:00", "31 December 2026, 21:59 UTC"),
        ] {
            assert_eq!(moment(Timestamp::parse(rfc_3339).unwrap()), written);
        }
    }
}
