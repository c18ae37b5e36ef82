//! The table: absolute figures, ratios, goals.

use std::{fmt::Write as _, fs, path::Path};

use crate::{Outcome, facts::Facts, measure::Measured};

/// Between these lines of the page the table stands; the prose around it is people's.
const BEGIN: &str = "<!-- measured: begin -->";
const END: &str = "<!-- measured: end -->";
/// The most memory that a server may take, in KiB.
const MEMORY_MAX_KIB: u64 = 300 * 1024;

/// A ratio in hundredths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Ratio(u64);

impl Ratio {
    fn of(part: u64, whole: u64) -> Self {
        Self(part.saturating_mul(100) / whole.max(1))
    }
}

impl std::fmt::Display for Ratio {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self(hundredths) = *self;
        match hundredths {
            0..1_000 => write!(f, "{}.{:02}", hundredths / 100, hundredths % 100),
            1_000..10_000 => write!(f, "{}.{}", hundredths / 100, hundredths % 100 / 10),
            _ => f.write_str(&grouped(hundredths / 100)),
        }
    }
}

/// One goal of the table.
struct Goal {
    what: String,
    measured: String,
    against: String,
    ratio: Option<Ratio>,
    goal: String,
    met: Option<bool>,
}

fn at_least(what: &str, measured: u64, whole: u64, against: &str, hundredths: u64) -> Goal {
    let ratio = Ratio::of(measured, whole);
    Goal {
        what: what.to_owned(),
        measured: format!("{}/s", grouped(measured)),
        against: format!("{against}: {}/s", grouped(whole)),
        ratio: Some(ratio),
        goal: format!("≥ {}", Ratio(hundredths)),
        met: Some(ratio >= Ratio(hundredths)),
    }
}

fn not_yet(what: &str, goal: &str) -> Goal {
    Goal {
        what: what.to_owned(),
        measured: "not yet".to_owned(),
        against: String::new(),
        ratio: None,
        goal: goal.to_owned(),
        met: None,
    }
}

fn goals(measured: &Measured) -> Vec<Goal> {
    let (postgres, clients) = measured.postgres;
    let a = format!("(a), {clients} clients");
    let hot = "batches of 1,000, SQLite";
    let (idle, busy) = measured.switch_p99;
    let slower = Ratio::of(busy, idle);
    let (resident, own) = measured.memory;
    vec![
        at_least(hot, measured.hot, measured.bare.0, "(b)", 60),
        at_least(hot, measured.hot, postgres, &a, 7_500),
        not_yet("batches of 1,000, PostgreSQL", "≥ 0.60 of its (b), ≥ 25 of (a)"),
        at_least("single events, 256 connections, SQLite", measured.single, postgres, &a, 1_500),
        not_yet("single events, 256 connections, PostgreSQL", "≥ 5 of (a)"),
        at_least("one hot balance", measured.hot, measured.spread, "100,000 spread balances", 90),
        at_least(
            &format!("with {} events stored", grouped(measured.stored.1)),
            measured.stored.0,
            measured.hot,
            "of an empty database",
            70,
        ),
        Goal {
            what: format!("p99 of a switch while {}/s are drawn", grouped(measured.half)),
            measured: millis(busy),
            against: format!("idle: {}", millis(idle)),
            ratio: Some(slower),
            goal: "≤ 5.00".to_owned(),
            met: Some(slower <= Ratio(500)),
        },
        Goal {
            what: "memory (RSS) of the server throughout".to_owned(),
            measured: format!("{} MiB", resident / 1024),
            against: format!("of it {} MiB its own, the rest pages of the file", own / 1024),
            ratio: None,
            goal: "< 300 MiB".to_owned(),
            met: Some(resident < MEMORY_MAX_KIB),
        },
    ]
}

/// The table and what belongs to it, as Markdown.
pub fn markdown(measured: &Measured, facts: &Facts) -> String {
    let mut text = String::new();
    let how = if facts.quick { " with `--quick`: short spans, for trying only" } else { "" };
    let _ = writeln!(text, "Commit {}, {}{how}.\n{}.\n", facts.commit, facts.date, facts.machine);
    text.push_str("| What | Measured | Against | Ratio | Goal | |\n|---|--:|--:|--:|--:|---|\n");
    for goal in goals(measured) {
        let ratio = goal.ratio.map(|ratio| ratio.to_string()).unwrap_or_default();
        let met = match goal.met {
            None => "",
            Some(true) => "met",
            Some(false) => "**missed**",
        };
        let Goal { what, measured, against, goal, .. } = goal;
        let _ = writeln!(text, "| {what} | {measured} | {against} | {ratio} | {goal} | {met} |");
    }
    let (restart_empty, restart_stored) = measured.restart;
    let lines = [
        format!(
            "a batch of 1,000 takes {} (median), {} (p99)",
            millis(measured.hot_micros.0),
            millis(measured.hot_micros.1)
        ),
        format!(
            "a single event takes {} (median), {} (p99) with 256 at a time",
            millis(measured.single_micros.0),
            millis(measured.single_micros.1)
        ),
        format!("a commit of batches holds {} events on average", grouped(measured.bare.1)),
        format!(
            "a switch takes {} idle and {} under load (medians)",
            millis(measured.switch_median.0),
            millis(measured.switch_median.1)
        ),
        format!(
            "{} events were stored in {} MiB at {}/s; from a start on that file to the first event taken: {} ms \
             (on an empty one {} ms)",
            grouped(measured.stored.1),
            grouped(measured.file_bytes >> 20),
            grouped(measured.fill),
            restart_stored.as_millis(),
            restart_empty.as_millis(),
        ),
    ];
    text.push_str("\nBeside the goals: ");
    text.push_str(&lines.join("; "));
    text.push_str(".\n");
    text
}

/// Puts the table on its page.
pub fn write(page: &Path, table: &str) -> Outcome {
    let old = fs::read_to_string(page)?;
    let (before, rest) = old.split_once(BEGIN).ok_or("the page has no place for the table")?;
    let (_, after) = rest.split_once(END).ok_or("the page has no end of the table")?;
    fs::write(page, format!("{before}{BEGIN}\n{table}{END}{after}"))?;
    Ok(())
}

/// `1,234,567`
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1.2 ms`
fn millis(micros: u64) -> String {
    format!("{}.{} ms", micros / 1_000, micros % 1_000 / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(grouped(999), "999");
        assert_eq!(millis(1_250), "1.2 ms");
        let ratios = [59, 1_234, 123_456].map(|hundredths| Ratio(hundredths).to_string());
        assert_eq!(ratios, ["0.59", "12.3", "1,234"]);
    }

    #[test]
    fn a_goal_is_met_or_missed_by_its_ratio() {
        let met = |measured| at_least("x", measured, 1_000, "y", 60).met;
        assert_eq!((met(600), met(599)), (Some(true), Some(false)));
    }
}
