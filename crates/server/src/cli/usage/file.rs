//! A file of usage, read event by event from any place in it.

use std::{io, path::Path};

use super::{ndjson::Ndjson, table::Table};
use crate::{http::Failure, metering::NewEvent};

/// The longest line, or row, in bytes.
pub const LINE_MAX_BYTES: usize = 1024 * 1024;

/// A file of usage.
pub enum History {
    /// An event in JSON on each line.
    Ndjson(Ndjson),
    /// CSV.
    Table(Table),
}

/// How far a file has been read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Bytes from the beginning.
    pub offset: u64,
    /// Lines before it.
    pub line: u64,
}

/// The number of a line, from 1, and what it says.
pub type Said = (u64, Result<NewEvent, Failure>);

/// An event and the line that it begins on, from 1.
pub struct Found {
    /// Its line.
    pub line: u64,
    /// It.
    pub event: NewEvent,
}

/// Why a file cannot be read on.
#[derive(Debug, thiserror::Error)]
pub enum Wrong {
    /// One line of it.
    #[error("{0}")]
    Line(WrongLine),
    /// The file itself.
    #[error("{0}")]
    Io(#[from] io::Error),
}

/// What is wrong with a line.
#[derive(Debug, thiserror::Error)]
#[error("line {line}{place}: {detail}")]
pub struct WrongLine {
    /// Which, from 1.
    pub line: u64,
    /// The field or column: `, column time`; empty when it is about the whole line.
    pub place: String,
    /// A sentence.
    pub detail: String,
}

impl WrongLine {
    /// About a whole line.
    pub fn whole(line: u64, detail: impl Into<String>) -> Self {
        Self { line, place: String::new(), detail: detail.into() }
    }
}

impl From<WrongLine> for Wrong {
    fn from(wrong: WrongLine) -> Self {
        Self::Line(wrong)
    }
}

impl History {
    /// Opens a file; its name's ending says which kind it is.
    pub fn open(path: &Path) -> Result<Self, Wrong> {
        let is_table = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
        Ok(if is_table {
            Self::Table(Table::open(path)?)
        } else {
            Self::Ndjson(Ndjson::open(path)?)
        })
    }

    /// Its length when it was opened, in bytes.
    pub fn length(&self) -> u64 {
        match self {
            Self::Ndjson(file) => file.length(),
            Self::Table(file) => file.length(),
        }
    }

    /// How far it has been read.
    pub fn place(&self) -> Place {
        match self {
            Self::Ndjson(file) => file.place(),
            Self::Table(file) => file.place(),
        }
    }

    /// Goes on reading at a place that was read up to before.
    pub fn seek(&mut self, place: Place) -> Result<(), Wrong> {
        match self {
            Self::Ndjson(file) => file.seek(place),
            Self::Table(file) => file.seek(place),
        }
    }

    /// The next event; nothing at the end.
    pub fn next(&mut self) -> Result<Option<Found>, Wrong> {
        let found = match self {
            Self::Ndjson(file) => file.next(),
            Self::Table(file) => file.next(),
        }?;
        let Some((line, event)) = found else { return Ok(None) };
        let event = event.map_err(|failure| self.explain(line, &failure))?;
        if event.time.is_none() {
            let detail = "History says when it happened.";
            return Err(self.wrong(line, "/time", detail).into());
        }
        Ok(Some(Found { line, event }))
    }

    /// What is wrong with the part of a line that a JSON pointer names.
    pub fn wrong(&self, line: u64, pointer: &str, detail: &str) -> WrongLine {
        let path = pointer.trim_start_matches('/');
        let place = match self {
            _ if path.is_empty() => String::new(),
            Self::Ndjson(_) => format!(", field {}", path.replace('/', ".")),
            Self::Table(_) => {
                format!(", column {}", path.strip_prefix("data/").unwrap_or(path))
            }
        };
        let place = place.replace("~1", "/").replace("~0", "~");
        WrongLine { line, place, detail: detail.to_owned() }
    }

    fn explain(&self, line: u64, failure: &Failure) -> WrongLine {
        match failure.errors.first() {
            Some(problem) => self.wrong(line, &problem.pointer, &problem.detail),
            // Within the line there is one line.
            None => WrongLine::whole(line, failure.detail.replace("(line 1, ", "(")),
        }
    }
}
