//! Usage as CSV: columns for the attributes of the event, and one for each field of its data.

use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    path::Path,
    rc::Rc,
};

use serde::Serialize;
use serde_json::value::RawValue;

use super::file::{LINE_MAX_BYTES, Place, Said, Wrong, WrongLine};
use crate::http::cloud_events;

/// The columns that are no data; all of them are needed.
const ATTRIBUTES: [&str; 5] = ["id", "source", "type", "subject", "time"];

/// Such a file.
pub struct Table {
    reader: csv::Reader<Bounded>,
    columns: Vec<String>,
    row: csv::ByteRecord,
    length: u64,
    /// Whether the last row ends with its line.
    terminated: bool,
    /// Bytes read since the last row ended.
    since: Rc<Cell<usize>>,
}

/// An event as JSON has it.
#[derive(Serialize)]
struct Event<'a> {
    specversion: &'a str,
    #[serde(flatten)]
    attributes: BTreeMap<&'a str, &'a str>,
    data: BTreeMap<&'a str, Box<RawValue>>,
}

impl Table {
    /// Opens a file and reads its header.
    pub fn open(path: &Path) -> Result<Self, Wrong> {
        let mut file = File::open(path)?;
        let length = file.metadata()?.len();
        let terminated = ends_a_line(&mut file, length)?;
        let since = Rc::new(Cell::new(0));
        let bounded = Bounded { file, since: Rc::clone(&since) };
        // The reader's own idea of a line's end would count the two bytes of Windows' one apart.
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .terminator(csv::Terminator::Any(b'\n'))
            .from_reader(bounded);
        let headers = reader.byte_headers().map_err(explain)?;
        let columns: Option<Vec<_>> = headers.iter().map(text).collect();
        let columns: Vec<_> =
            columns.ok_or_else(|| not_utf8(1))?.into_iter().map(str::to_owned).collect();
        check(&columns)?;
        Ok(Self { reader, columns, row: csv::ByteRecord::new(), length, terminated, since })
    }

    pub fn length(&self) -> u64 {
        self.length
    }

    pub fn place(&self) -> Place {
        let position = self.reader.position();
        Place { offset: position.byte(), line: position.line() - 1 }
    }

    pub fn seek(&mut self, place: Place) -> Result<(), Wrong> {
        let mut position = csv::Position::new();
        position.set_byte(place.offset).set_line(place.line + 1).set_record(place.line);
        self.reader.seek(position).map_err(explain)
    }

    /// The next row, and what it says; nothing at the end.
    pub fn next(&mut self) -> Result<Option<Said>, Wrong> {
        loop {
            self.since.set(0);
            if !self.reader.read_byte_record(&mut self.row).map_err(explain)? {
                return Ok(None);
            }
            let line = self.line();
            let cells: Option<Vec<_>> = self.row.iter().map(text).collect();
            let cells = cells.ok_or_else(|| not_utf8(line))?;
            if cells == [""] {
                continue;
            }
            if cells.len() != self.columns.len() {
                let detail = "the number of cells is not that of the header";
                return Err(WrongLine::whole(line, detail).into());
            }
            let json = serde_json::to_vec(&self.event(&cells)).map_err(io::Error::from)?;
            return Ok(Some((line, cloud_events::single(&json))));
        }
    }

    /// The line on which the row that was read begins. The reader's own word for it counts from the empty lines before it.
    fn line(&self) -> u64 {
        let after = self.reader.position();
        let ended = self.terminated || after.byte() < self.length;
        let within = self.row.as_slice().iter().filter(|byte| **byte == b'\n').count() as u64;
        after.line() - u64::from(ended) - within
    }

    fn event<'a>(&'a self, cells: &[&'a str]) -> Event<'a> {
        let mut event =
            Event { specversion: "1.0", attributes: BTreeMap::new(), data: BTreeMap::new() };
        for (column, cell) in self.columns.iter().zip(cells).filter(|(_, cell)| !cell.is_empty()) {
            if ATTRIBUTES.contains(&column.as_str()) {
                event.attributes.insert(column, cell);
            } else if let Some(value) = value(cell) {
                event.data.insert(column, value);
            }
        }
        event
    }
}

/// A cell without the white space around it; nothing when it is not UTF-8.
fn text(cell: &[u8]) -> Option<&str> {
    std::str::from_utf8(cell).ok().map(str::trim)
}

fn not_utf8(line: u64) -> Wrong {
    WrongLine::whole(line, "this is not UTF-8; save the file as CSV UTF-8").into()
}

fn ends_a_line(file: &mut File, length: u64) -> io::Result<bool> {
    let mut last = [b'\n'];
    if length > 0 {
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
        file.rewind()?;
    }
    Ok(last == *b"\n")
}

/// A cell as JSON: a number as it stands there, anything else as a text.
fn value(cell: &str) -> Option<Box<RawValue>> {
    let numeric = cell.starts_with(|first: char| first.is_ascii_digit() || first == '-');
    let number = numeric.then(|| RawValue::from_string(cell.to_owned()).ok()).flatten();
    number.or_else(|| serde_json::value::to_raw_value(cell).ok())
}

fn check(columns: &[String]) -> Result<(), WrongLine> {
    let wrong = |column: &str, detail: &str| WrongLine {
        line: 1,
        place: format!(", column {column}"),
        detail: detail.to_owned(),
    };
    let mut seen = BTreeSet::new();
    for column in columns {
        if column.is_empty() {
            return Err(WrongLine::whole(1, "a column has no name"));
        }
        if !seen.insert(column.as_str()) {
            return Err(wrong(column, "the column stands twice"));
        }
    }
    let missing = ATTRIBUTES.into_iter().find(|name| !seen.contains(name));
    missing.map_or(Ok(()), |name| Err(wrong(name, "the column is missing")))
}

fn explain(error: csv::Error) -> Wrong {
    Wrong::Io(error.into())
}

/// A file of which a row is never longer than it may be: a quote that nobody closes would be the whole rest of the file.
struct Bounded {
    file: File,
    since: Rc<Cell<usize>>,
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.since.get() > LINE_MAX_BYTES {
            let detail = "a row is longer than 1 MiB; is a quote not closed?";
            return Err(io::Error::new(io::ErrorKind::InvalidData, detail));
        }
        let read = self.file.read(buffer)?;
        self.since.set(self.since.get() + read);
        Ok(read)
    }
}

impl Seek for Bounded {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_become_numbers_where_they_are_numbers() {
        for (cell, json) in [
            ("2", "2"),
            ("-0.50", "-0.50"),
            ("1e3", "1e3"),
            ("007", r#""007""#),
            ("1,000", r#""1,000""#),
            ("2026-11-22", r#""2026-11-22""#),
            ("true", r#""true""#),
            ("{}", r#""{}""#),
            ("say \"hi\"", r#""say \"hi\"""#),
        ] {
            assert_eq!(value(cell).unwrap().get(), json);
        }
    }

    #[test]
    fn rows_are_known_by_the_line_they_begin_on_and_can_be_returned_to() {
        let rows = [
            "a,s,t,u,2024-02-29T10:00:00Z,1",
            "b,s,t,u,2024-02-29T10:00:00Z,\"x\ny\"",
            "",
            "c,s,t,u,2024-02-29T10:00:00Z,3",
        ];
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        for (end, last) in
            [("\n", ""), ("\n", "\n"), ("\r\n", ""), ("\r\n", "\r\n"), ("\n\n", "\n\n")]
        {
            let text =
                format!("\u{feff}id,source,type,subject,time,n{end}{}{last}", rows.join(end));
            std::fs::write(&path, text).unwrap();
            let mut table = Table::open(&path).unwrap();
            let mut found = Vec::new();
            let mut places = vec![table.place()];
            while let Some((line, event)) = table.next().unwrap() {
                found.push((line, event.unwrap().id));
                places.push(table.place());
            }
            let apart = end.matches('\n').count() as u64;
            // b's second line, and the empty one.
            let expected = [(1 + apart, "a"), (1 + 2 * apart, "b"), (2 + 4 * apart, "c")]
                .map(|(line, id)| (line, id.to_owned()));
            assert_eq!(found, expected, "{end:?} {last:?}");
            for (place, expected) in places.iter().zip(&expected) {
                let mut again = Table::open(&path).unwrap();
                again.seek(*place).unwrap();
                let (line, event) = again.next().unwrap().unwrap();
                assert_eq!((line, event.unwrap().id), *expected, "{end:?} {last:?} {place:?}");
            }
        }
    }
}
