//! The table: absolute figures, ratios, goals.

use std::{fmt::Write as _, fs, path::Path};

use crate::{
    Outcome,
    facts::Facts,
    measure::{Draws, Measured},
};

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
    met: bool,
}

fn at_least(what: &str, measured: u64, whole: u64, against: &str, hundredths: u64) -> Goal {
    let ratio = Ratio::of(measured, whole);
    Goal {
        what: what.to_owned(),
        measured: format!("{}/s", grouped(measured)),
        against: format!("{against}: {}/s", grouped(whole)),
        ratio: Some(ratio),
        goal: format!("≥ {}", Ratio(hundredths)),
        met: ratio >= Ratio(hundredths),
    }
}

fn goals(measured: &Measured) -> Vec<Goal> {
    let (baseline, clients) = measured.baseline;
    let a = format!("(a), {clients} clients");
    let Measured { sqlite, postgres, .. } = measured;
    let batches = ["batches of 1,000, SQLite", "batches of 1,000, PostgreSQL"];
    let singles =
        ["single events, 256 connections, SQLite", "single events, 256 connections, PostgreSQL"];
    let (idle, busy) = measured.switch_p99;
    let slower = Ratio::of(busy, idle);
    vec![
        at_least(batches[0], sqlite.batches, sqlite.bare.0, "(b)", 60),
        at_least(batches[0], sqlite.batches, baseline, &a, 7_500),
        at_least(batches[1], postgres.batches, postgres.bare.0, "its (b)", 60),
        at_least(batches[1], postgres.batches, baseline, &a, 2_500),
        at_least(singles[0], sqlite.singles, baseline, &a, 1_500),
        at_least(singles[1], postgres.singles, baseline, &a, 500),
        at_least("one hot balance", sqlite.batches, measured.spread, "100,000 spread balances", 90),
        at_least(
            &format!("with {} events stored", grouped(measured.stored.1)),
            measured.stored.0,
            sqlite.batches,
            "of an empty database",
            70,
        ),
        Goal {
            what: format!("p99 of a switch while {}/s are drawn", grouped(measured.half)),
            measured: millis(busy),
            against: format!("idle: {}", millis(idle)),
            ratio: Some(slower),
            goal: "≤ 5.00".to_owned(),
            met: slower <= Ratio(500),
        },
        memory("SQLite", sqlite.memory, "of it {} its own, the rest pages of the file"),
        memory("PostgreSQL", postgres.memory, "of it {} its own"),
    ]
}

fn memory(database: &str, (resident, own): (u64, u64), against: &str) -> Goal {
    Goal {
        what: format!("memory (RSS) of the server throughout, {database}"),
        measured: format!("{} MiB", resident / 1024),
        against: against.replace("{}", &format!("{} MiB", own / 1024)),
        ratio: None,
        goal: "< 300 MiB".to_owned(),
        met: resident < MEMORY_MAX_KIB,
    }
}

/// The table and what belongs to it, as Markdown.
pub fn markdown(measured: &Measured, facts: &Facts) -> String {
    let mut text = String::new();
    let how = if facts.quick { " with `--quick`: short spans, for trying only" } else { "" };
    let _ = writeln!(text, "Commit {}, {}{how}.\n{}.\n", facts.commit, facts.date, facts.machine);
    text.push_str("| What | Measured | Against | Ratio | Goal | |\n|---|--:|--:|--:|--:|---|\n");
    for goal in goals(measured) {
        let ratio = goal.ratio.map(|ratio| ratio.to_string()).unwrap_or_default();
        let met = if goal.met { "met" } else { "**missed**" };
        let Goal { what, measured, against, goal, .. } = goal;
        let _ = writeln!(text, "| {what} | {measured} | {against} | {ratio} | {goal} | {met} |");
    }
    let (restart_empty, restart_stored) = measured.restart;
    let Measured { sqlite, postgres, .. } = measured;
    let both = |times: fn(&Draws) -> (u64, u64)| {
        let [sqlite, postgres] = [times(sqlite), times(postgres)]
            .map(|(median, p99)| format!("{} (median), {} (p99)", millis(median), millis(p99)));
        format!("{sqlite} on SQLite and {postgres} on PostgreSQL")
    };
    let lines = [
        format!("a batch of 1,000 takes {}", both(|draws| draws.batch_micros)),
        format!("a single event takes {} with 256 at a time", both(|draws| draws.single_micros)),
        format!(
            "a commit of batches holds {} events on average on SQLite, {} on PostgreSQL",
            grouped(sqlite.bare.1),
            grouped(postgres.bare.1)
        ),
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

/// Puts a table on its page, between two lines that name its place; the prose around it is people's.
pub fn write(page: &Path, place: &str, table: &str) -> Outcome {
    let (begin, end) = (format!("<!-- {place}: begin -->"), format!("<!-- {place}: end -->"));
    let old = fs::read_to_string(page)?;
    let (before, rest) = old.split_once(&begin).ok_or("the page has no place for the table")?;
    let (_, after) = rest.split_once(&end).ok_or("the page has no end of the table")?;
    fs::write(page, format!("{before}{begin}\n{table}{end}{after}"))?;
    Ok(())
}

/// `1,234,567`
pub fn grouped(number: u64) -> String {
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
        assert_eq!((met(600), met(599)), (true, false));
    }
}
