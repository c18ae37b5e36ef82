//! The bare limit on SQLite: the very rows that the server has written, inserted by a plain loop with the same commits.
//!
//! No HTTP, no JSON, no checks, no thought: the rows are read from the server's own file into memory, with what belongs to the
//! same commit kept together, and the loop writes them to a copy of the database from before. What remains is what SQLite
//! and the disk take.

use std::{collections::BTreeMap, path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags, Row, params_from_iter, types::Value};

use crate::{Outcome, clock};

/// Events of one replay; more would only take longer.
const EVENTS_MAX: u64 = 400_000;
const EVENT_COLUMNS: usize = 18;
const INSERT_EVENT: &str = "INSERT INTO events VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";
const INSERT_ENTRY: &str = "INSERT INTO entries VALUES (?,?,?,?,?,?,?)";
const INSERT_POSTING: &str = "INSERT INTO postings VALUES (?,?,?,?,?,?,?)";
const SET_BALANCE: &str = "INSERT OR REPLACE INTO balances VALUES (?,?,?,?)";
const SET_LINK: &str = "UPDATE agencies SET entry_count = ?2, last_link = ?3 WHERE id = ?1";
const ADD_TO_DAY: &str = "UPDATE usage_days
     SET events = events + ?6, quantity_micros = quantity_micros + ?7, amount_micros = amount_micros + ?8,
         last_before = last_event, last_event = ?9
     WHERE agency_id = ?1 AND day = ?2 AND account_id = ?3 AND type = ?4 AND payer = ?5";
const BEGIN_DAY: &str = "INSERT INTO usage_days VALUES (?,?,?,?,?,?,0,?,?,?,0)";
const INSERT_PAGE: &str = "INSERT INTO event_index VALUES (?,?,?,?)";
const SET_HEAD: &str = "INSERT OR REPLACE INTO metering VALUES (?,?,?,?)";

type Values = Vec<Value>;

/// What was written in one commit.
#[derive(Default)]
struct Commit {
    events: Vec<Values>,
    entries: Vec<Values>,
    postings: Vec<Values>,
    balances: Vec<Values>,
    links: Vec<Values>,
    days: Vec<Values>,
    pages: Vec<Values>,
    head: Values,
}

/// Rows of the server, commit by commit.
pub struct Written {
    commits: Vec<Commit>,
    /// How many of them are events.
    pub events: u64,
}

impl Written {
    /// Events of an average commit.
    pub fn events_per_commit(&self) -> u64 {
        self.events / (self.commits.len() as u64).max(1)
    }
}

/// Opens a database to read what a server that runs has written.
pub fn read_only(path: &Path) -> Outcome<Connection> {
    Ok(Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?)
}

/// A copy of a database, whole.
pub fn copy(from: &Path, to: &Path) -> Outcome {
    read_only(from)?.execute("VACUUM INTO ?1", [to.display().to_string()])?;
    Ok(())
}

/// How many events an agency has.
pub fn events(database: &Connection, agency: &str) -> Outcome<u64> {
    let sql = "SELECT coalesce(max(events), 0) FROM metering WHERE agency_id = ?1";
    let events: i64 = database.query_row(sql, [agency], |row| row.get(0))?;
    Ok(u64::try_from(events)?)
}

/// Reads what was written after an agency's event of this number.
pub fn read(database: &Connection, agency: &str, after: u64) -> Outcome<Written> {
    let until = events(database, agency)?.min(after + EVENTS_MAX);
    let mut commits: BTreeMap<i64, Commit> = BTreeMap::new();
    let mut count = 0;
    let mut statement = database.prepare(
        "SELECT * FROM events WHERE agency_id = ?1 AND number > ?2 AND number <= ?3 ORDER BY number",
    )?;
    let mut rows = statement.query((agency, i64::try_from(after)?, i64::try_from(until)?))?;
    // What was received at the same instant is one commit.
    while let Some(row) = rows.next()? {
        let event = values(row, EVENT_COLUMNS)?;
        commits.entry(integer(&event, 4)).or_default().events.push(event);
        count += 1;
    }
    for commit in commits.values_mut() {
        complete(database, agency, commit)?;
    }
    Ok(Written { commits: commits.into_values().collect(), events: count })
}

/// Adds to a commit what was written beside the events.
fn complete(database: &Connection, agency: &str, commit: &mut Commit) -> Outcome {
    // All usage of the hot agency is drawn from one balance, and nothing else is booked meanwhile.
    let entry = |event: Option<&Values>| event.map_or(0, |event| integer(event, 10));
    let (oldest, newest) = (entry(commit.events.first()), entry(commit.events.last()));
    let of_entries = |sql: &str, columns: usize| -> Outcome<Vec<Values>> {
        let mut statement = database.prepare_cached(sql)?;
        let rows = statement.query_map((agency, oldest, newest), |row| values(row, columns))?;
        Ok(rows.collect::<Result<_, _>>()?)
    };
    commit.entries =
        of_entries("SELECT * FROM entries WHERE agency_id = ?1 AND number BETWEEN ?2 AND ?3", 7)?;
    commit.postings =
        of_entries("SELECT * FROM postings WHERE agency_id = ?1 AND number BETWEEN ?2 AND ?3", 7)?;
    commit.links = of_entries(
        "SELECT agency_id, number, link FROM entries WHERE agency_id = ?1 AND number = max(?2, ?3)",
        3,
    )?;
    commit.balances = of_entries(
        "SELECT agency_id, book, coalesce(account_id, ''), balance_after_micros FROM postings
         WHERE agency_id = ?1 AND number = max(?2, ?3)",
        4,
    )?;
    commit.days = days(&commit.events);
    let last = commit.events.last().map_or(0, |event| integer(event, 1));
    let segment = i64::try_from(server::metering::known::SEGMENT_EVENTS)?;
    let first = commit.events.first().map_or(0, |event| integer(event, 1));
    if (first - 1) / segment < last / segment {
        let mut statement =
            database.prepare("SELECT * FROM event_index WHERE agency_id = ?1 AND segment = ?2")?;
        let pages = statement.query_map((agency, last / segment - 1), |row| values(row, 4))?;
        commit.pages = pages.collect::<Result<_, _>>()?;
    }
    let numbers = [last, last / segment * segment, 1].map(Value::Integer);
    commit.head = std::iter::once(Value::Text(agency.to_owned())).chain(numbers).collect();
    Ok(())
}

/// What the events of a commit add to the lines of days.
fn days(events: &[Values]) -> Vec<Values> {
    const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;
    let mut lines: BTreeMap<(i64, String), (Values, [i64; 4])> = BTreeMap::new();
    for event in events {
        let day = integer(event, 3).div_euclid(DAY_MILLIS);
        let account = match event.get(2) {
            Some(Value::Text(account)) => account.clone(),
            _ => String::new(),
        };
        let (_, sums) = lines.entry((day, account)).or_insert_with(|| {
            let mut key = vec![event[0].clone(), Value::Integer(day), event[2].clone()];
            key.extend([event[7].clone(), event[11].clone()]);
            (key, [0; 4])
        });
        let [count, quantity, amount, last] = sums;
        *count += 1;
        *quantity += integer(event, 12);
        *amount += integer(event, 14);
        *last = integer(event, 1);
    }
    let line = |(mut key, sums): (Values, [i64; 4])| {
        key.extend(sums.map(Value::Integer));
        key
    };
    lines.into_values().map(line).collect()
}

/// The database that the loop writes to, set up like the server's.
pub fn open(path: &Path) -> Outcome<Connection> {
    let connection = Connection::open(path)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         PRAGMA cache_size = -32768; PRAGMA mmap_size = 33554432;
         PRAGMA wal_autocheckpoint = 16384;",
    )?;
    connection.set_prepared_statement_cache_capacity(32);
    Ok(connection)
}

/// The plain loop; answers how long it took.
pub fn insert(database: &Connection, written: &Written) -> Outcome<Duration> {
    let begun = clock::now();
    for commit in &written.commits {
        database.execute_batch("BEGIN IMMEDIATE")?;
        for (sql, rows) in [
            (INSERT_ENTRY, &commit.entries),
            (INSERT_POSTING, &commit.postings),
            (SET_BALANCE, &commit.balances),
            (SET_LINK, &commit.links),
            (INSERT_EVENT, &commit.events),
            (INSERT_PAGE, &commit.pages),
        ] {
            let mut statement = database.prepare_cached(sql)?;
            for row in rows {
                statement.execute(params_from_iter(row))?;
            }
        }
        let (mut add, mut begin) =
            (database.prepare_cached(ADD_TO_DAY)?, database.prepare_cached(BEGIN_DAY)?);
        for line in &commit.days {
            if add.execute(params_from_iter(line))? == 0 {
                begin.execute(params_from_iter(line))?;
            }
        }
        database.prepare_cached(SET_HEAD)?.execute(params_from_iter(&commit.head))?;
        database.execute_batch("COMMIT")?;
    }
    Ok(begun.elapsed())
}

fn values(row: &Row<'_>, columns: usize) -> rusqlite::Result<Values> {
    (0..columns).map(|column| row.get(column)).collect()
}

fn integer(values: &[Value], index: usize) -> i64 {
    match values.get(index) {
        Some(Value::Integer(number)) => *number,
        _ => 0,
    }
}
