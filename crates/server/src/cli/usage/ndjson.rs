//! Usage as lines of JSON, one CloudEvent each.

use std::{
    fs::File,
    io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom},
    path::Path,
};

use super::file::{LINE_MAX_BYTES, Place, Said, Wrong};
use crate::http::cloud_events;

/// Such a file.
pub struct Ndjson {
    reader: BufReader<File>,
    length: u64,
    place: Place,
    line: Vec<u8>,
}

impl Ndjson {
    /// Opens a file.
    pub fn open(path: &Path) -> Result<Self, Wrong> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        let reader = BufReader::new(file);
        Ok(Self { reader, length, place: Place::default(), line: Vec::new() })
    }

    pub fn length(&self) -> u64 {
        self.length
    }

    pub fn place(&self) -> Place {
        self.place
    }

    pub fn seek(&mut self, place: Place) -> Result<(), Wrong> {
        self.reader.seek(SeekFrom::Start(place.offset))?;
        self.place = place;
        Ok(())
    }

    /// The next line that says something, and what it says; nothing at the end.
    pub fn next(&mut self) -> Result<Option<Said>, Wrong> {
        loop {
            self.line.clear();
            let mut rest = (&mut self.reader).take(LINE_MAX_BYTES as u64);
            let read = rest.read_until(b'\n', &mut self.line)?;
            if read == 0 {
                return Ok(None);
            }
            let begin = self.place.offset == 0;
            self.place.offset += read as u64;
            self.place.line += 1;
            if read == LINE_MAX_BYTES && self.line.last() != Some(&b'\n') {
                // What follows is the rest of it: there is no next line to go on with.
                let detail = format!("line {}: a line is at most 1 MiB", self.place.line);
                return Err(io::Error::new(io::ErrorKind::InvalidData, detail).into());
            }
            let bom = if begin { &b"\xEF\xBB\xBF"[..] } else { &[] };
            let text = self.line.strip_prefix(bom).unwrap_or(&self.line).trim_ascii();
            if !text.is_empty() {
                return Ok(Some((self.place.line, cloud_events::single(text))));
            }
        }
    }
}
