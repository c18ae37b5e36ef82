//! Time zones by their IANA names, from the tables that come with the program: what an agency's months and days are those of.

use billing::{
    Timestamp,
    statements::TIME_ZONE_MAX_BYTES,
    usage::{Day, Month},
};
use jiff::{
    civil::Date,
    tz::{Offset, TimeZone, TimeZoneDatabase},
};

/// The zone of whoever has not chosen one.
pub const DEFAULT: &str = "UTC";

/// A time zone.
#[derive(Clone, Debug)]
pub struct Zone {
    name: String,
    rules: TimeZone,
}

impl Zone {
    /// The zone of this name; none when there is no such zone.
    pub fn parse(name: &str) -> Option<Self> {
        if name.is_empty() || name.len() > TIME_ZONE_MAX_BYTES {
            return None;
        }
        let rules = TimeZoneDatabase::bundled().get(name).ok()?;
        // Names are found whatever their case; the one that is kept is the zone's own.
        let name = rules.iana_name().filter(|name| *name != "Etc/Unknown")?.to_owned();
        Some(Self { name, rules })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The day of an instant.
    pub fn day(&self, at: Timestamp) -> Day {
        let instant = jiff::Timestamp::from_millisecond(at.millis()).unwrap_or_default();
        let date = self.rules.to_datetime(instant).date();
        Day::parse(&date.to_string()).unwrap_or(Day::of(at))
    }

    /// The month of an instant.
    pub fn month(&self, at: Timestamp) -> Month {
        self.day(at).month()
    }

    /// The first instant of a month.
    pub fn start(&self, month: Month) -> Timestamp {
        let first = month.first_day();
        let date: Option<Date> = first.text().parse().ok();
        // Where midnight is left out, the day begins when the clocks go on.
        let start = date.and_then(|date| date.to_zoned(self.rules.clone()).ok());
        let start = start.and_then(|midnight| midnight.start_of_day().ok());
        start.map_or(first.start(), |start| {
            Timestamp::from_millis(start.timestamp().as_millisecond())
        })
    }

    /// Its offset from UTC from one instant to just before another, `UTC+01:00`; both where it changes.
    pub fn offset(&self, from: Timestamp, to: Timestamp) -> String {
        let offset = |at: Timestamp| {
            let instant = jiff::Timestamp::from_millisecond(at.millis()).unwrap_or_default();
            written(self.rules.to_offset(instant))
        };
        let last = Timestamp::from_millis(to.millis().saturating_sub(1)).max(from);
        let (first, last) = (offset(from), offset(last));
        if first == last { first } else { format!("{first}, then {last}") }
    }
}

fn written(offset: Offset) -> String {
    let minutes = offset.seconds() / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    let minutes = minutes.unsigned_abs();
    match minutes {
        0 => "UTC".to_owned(),
        _ => format!("UTC{sign}{:02}:{:02}", minutes / 60, minutes % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn zone(name: &str) -> Zone {
        Zone::parse(name).unwrap()
    }

    fn starts(name: &str, month: &str) -> String {
        zone(name).start(Month::parse(month).unwrap()).to_string()
    }

    #[test]
    fn a_zone_is_known_by_its_name_alone() {
        assert_eq!(zone("europe/berlin").name(), "Europe/Berlin");
        assert_eq!(zone(DEFAULT).name(), "UTC");
        let long = "x".repeat(65);
        for wrong in ["", "Europe", "CET+1", "Berlin", "../etc/passwd", "Etc/Unknown", "\0", &long]
        {
            assert!(Zone::parse(wrong).is_none(), "{wrong:?}");
        }
    }

    #[test]
    fn months_begin_where_the_agency_is() {
        for (name, month, instant) in [
            ("UTC", "2026-11", "2026-11-01T00:00:00Z"),
            // Fourteen hours ahead, eleven behind.
            ("Pacific/Kiritimati", "2026-11", "2026-10-31T10:00:00Z"),
            ("Pacific/Pago_Pago", "2026-11", "2026-11-01T11:00:00Z"),
            // On either side of the clocks' change within the month.
            ("Europe/Berlin", "2026-10", "2026-09-30T22:00:00Z"),
            ("Europe/Berlin", "2026-11", "2026-10-31T23:00:00Z"),
            ("America/New_York", "2026-11", "2026-11-01T04:00:00Z"),
            ("America/New_York", "2026-12", "2026-12-01T05:00:00Z"),
            ("Asia/Kathmandu", "2027-01", "2026-12-31T18:15:00Z"),
            // The first of October 2017 began at one o'clock.
            ("America/Asuncion", "2017-10", "2017-10-01T04:00:00Z"),
        ] {
            assert_eq!(starts(name, month), instant, "{name} {month}");
        }
    }

    #[test]
    fn days_end_at_midnight_there() {
        for (name, instant, day) in [
            ("Pacific/Kiritimati", "2026-10-31T09:59:59.999Z", "2026-10-31"),
            ("Pacific/Kiritimati", "2026-10-31T10:00:00Z", "2026-11-01"),
            ("Pacific/Pago_Pago", "2026-11-01T10:59:59.999Z", "2026-10-31"),
            ("Pacific/Pago_Pago", "2026-11-01T11:00:00Z", "2026-11-01"),
            ("Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29"),
            ("Europe/Berlin", "2026-03-29T21:59:59Z", "2026-03-29"),
            ("Europe/Berlin", "2026-03-29T22:00:00Z", "2026-03-30"),
        ] {
            assert_eq!(zone(name).day(at(instant)).text(), day, "{name} {instant}");
        }
        let berlin = zone("Europe/Berlin");
        assert_eq!(berlin.month(at("2026-10-31T23:00:00Z")).text(), "2026-11");
    }

    #[test]
    fn an_offset_that_changes_is_told_twice() {
        let month = |name: &str, month: &str| {
            let (zone, month) = (zone(name), Month::parse(month).unwrap());
            zone.offset(zone.start(month), zone.start(month.next()))
        };
        assert_eq!(month("UTC", "2026-11"), "UTC");
        assert_eq!(month("Europe/Berlin", "2026-11"), "UTC+01:00");
        assert_eq!(month("Europe/Berlin", "2026-10"), "UTC+02:00, then UTC+01:00");
        assert_eq!(month("America/St_Johns", "2026-12"), "UTC-03:30");
    }
}
