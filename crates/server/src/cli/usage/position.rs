//! How far an import has come: a small file beside the one that is imported.

use std::{
    ffi::OsString,
    fs::{self, File},
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use billing::AgencyId;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::file::Place;

/// What its name has after the file's.
const ENDING: &str = ".sluice-position";
/// As much of a file's beginning tells it from others.
const BEGINNING_MAX_BYTES: u64 = 64 * 1024;

/// Everything before it is durable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    agency: AgencyId,
    offset: u64,
    line: u64,
    /// How many events the agency had then: a database with fewer is an older one, and not all of the file is in it.
    events: u64,
    /// Of the bytes before the position, as far as they tell the file from others.
    beginning: String,
}

impl Position {
    /// A place in a file, for an agency that has so many events.
    pub fn of(file: &Path, agency: AgencyId, place: Place, events: u64) -> io::Result<Self> {
        let Place { offset, line } = place;
        Ok(Self { agency, offset, line, events, beginning: beginning(file, offset)? })
    }

    /// What is kept beside a file; the inner nothing when it cannot be understood.
    pub fn kept(file: &Path) -> io::Result<Option<Option<Self>>> {
        match fs::read(path(file)) {
            Ok(text) => Ok(Some(serde_json::from_slice(&text).ok())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Keeps it beside its file, whole or not at all.
    pub fn keep(&self, file: &Path) -> io::Result<()> {
        let path = path(file);
        let mut new = path.clone().into_os_string();
        new.push(".new");
        fs::write(&new, serde_json::to_vec(self)?)?;
        fs::rename(new, path)
    }

    /// Whether it is of this file, this agency, and a database that has what was imported.
    pub fn is_of(&self, file: &Path, agency: AgencyId, events: u64) -> bool {
        let same = beginning(file, self.offset).is_ok_and(|beginning| beginning == self.beginning);
        let long_enough = file.metadata().is_ok_and(|file| file.len() >= self.offset);
        same && long_enough && self.agency == agency && self.events <= events
    }

    /// The place.
    pub fn place(&self) -> Place {
        Place { offset: self.offset, line: self.line }
    }
}

/// Where the position in a file is kept.
pub fn path(file: &Path) -> PathBuf {
    let mut name: OsString = file.as_os_str().to_owned();
    name.push(ENDING);
    name.into()
}

/// The file is imported whole: its position is of no more use.
pub fn forget(file: &Path) -> io::Result<()> {
    match fs::remove_file(path(file)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// The fingerprint of what stands before a place, or of the first part of it.
fn beginning(file: &Path, offset: u64) -> io::Result<String> {
    let mut bytes = Vec::new();
    File::open(file)?.take(offset.min(BEGINNING_MAX_BYTES)).read_to_end(&mut bytes)?;
    Ok(Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use billing::Timestamp;

    use super::*;

    fn agency(number: u8) -> AgencyId {
        AgencyId::new(Timestamp::from_millis(0), [number; 10])
    }

    #[test]
    fn is_good_for_its_file_its_agency_and_its_database_only() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("events.ndjson");
        fs::write(&file, "one\ntwo\nthree\n").unwrap();
        assert_eq!(Position::kept(&file).unwrap(), None);
        let place = Place { offset: 8, line: 2 };
        let position = Position::of(&file, agency(1), place, 10).unwrap();
        position.keep(&file).unwrap();
        let kept = Position::kept(&file).unwrap().unwrap().unwrap();
        assert_eq!(kept, position);
        assert!(kept.is_of(&file, agency(1), 10) && kept.is_of(&file, agency(1), 11));
        assert!(!kept.is_of(&file, agency(2), 10), "another agency");
        assert!(!kept.is_of(&file, agency(1), 9), "an older database");
        fs::write(&file, "one\ntwo\nthree\nfour\n").unwrap();
        assert!(kept.is_of(&file, agency(1), 10), "a file that has grown");
        fs::write(&file, "one\nTWO\nthree\n").unwrap();
        assert!(!kept.is_of(&file, agency(1), 10), "another file");
        fs::write(&file, "one\n").unwrap();
        assert!(!kept.is_of(&file, agency(1), 10), "a shorter one");
        fs::write(path(&file), "{").unwrap();
        assert_eq!(Position::kept(&file).unwrap(), Some(None));
        forget(&file).unwrap();
        forget(&file).unwrap();
        assert_eq!(Position::kept(&file).unwrap(), None);
    }
}
