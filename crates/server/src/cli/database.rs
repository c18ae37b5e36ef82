//! Where the data is.

use std::{path::PathBuf, str::FromStr};

use super::End;
use crate::storage::{Store, sqlite};

/// `sqlite:PATH`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseUrl {
    /// The file.
    pub path: PathBuf,
}

impl FromStr for DatabaseUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.strip_prefix("sqlite:") {
            Some(path) if !path.is_empty() => Ok(Self { path: path.into() }),
            _ => Err("expected sqlite:PATH".to_owned()),
        }
    }
}

impl DatabaseUrl {
    /// Opens the database, makes it if need be, and migrates it.
    pub fn open(&self) -> Result<Store, End> {
        let opened = sqlite::open(&self.path);
        opened.map(|opened| opened.store).map_err(|error| self.failed(&error))
    }

    /// Opens a database that must be there.
    pub fn open_existing(&self) -> Result<Store, End> {
        let opened = sqlite::open_existing(&self.path);
        opened.map(|opened| opened.store).map_err(|error| self.failed(&error))
    }

    fn failed(&self, error: &dyn std::fmt::Display) -> End {
        End::Failed(format!("{}: {error}", self.path.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_a_file_of_sqlite() {
        let url = |text: &str| text.parse::<DatabaseUrl>().map(|url| url.path);
        assert_eq!(url("sqlite:a/b.db"), Ok("a/b.db".into()));
        assert_eq!(url("sqlite:/a/b.db"), Ok("/a/b.db".into()));
        assert!(url("sqlite:").is_err() && url("postgres://x").is_err() && url("a.db").is_err());
    }
}
