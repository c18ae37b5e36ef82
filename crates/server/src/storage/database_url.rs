//! Where the data is: the one place where a database is chosen.

use std::{
    fmt,
    path::PathBuf,
    str::FromStr,
    sync::{Arc, atomic::AtomicU64},
};

use super::{
    Result, Store,
    copy::{CopyError, Source, Target},
    postgres, sqlite,
};

/// `sqlite:PATH` or `postgres://…`. Shown without its password.
#[derive(Clone, Debug)]
pub enum DatabaseUrl {
    /// A file.
    Sqlite(PathBuf),
    /// A database of a PostgreSQL cluster.
    Postgres(Box<postgres::Address>),
}

/// An open database, with the counters that budgets are checked by.
pub struct Opened {
    /// The database.
    pub store: Store,
    /// Statements run so far on all connections, transaction control left out.
    pub statements: Arc<AtomicU64>,
}

/// How far a database's schema is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    /// There is no database, or nothing of ours in it.
    Missing,
    /// Made by an older program: whoever opens it brings it up to date.
    Behind,
    /// As this program has it.
    Current,
    /// Made by a newer program.
    Newer,
}

impl Schema {
    /// By the migrations that a database has seen, and those there are.
    pub(super) fn of(seen: usize, all: usize) -> Self {
        match seen.cmp(&all) {
            _ if seen == 0 => Self::Missing,
            std::cmp::Ordering::Less => Self::Behind,
            std::cmp::Ordering::Equal => Self::Current,
            std::cmp::Ordering::Greater => Self::Newer,
        }
    }
}

/// The two ends of a copy.
pub type Ends = (Box<dyn Source>, Box<dyn Target>);

impl FromStr for DatabaseUrl {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return text.parse().map(|address| Self::Postgres(Box::new(address)));
        }
        match text.strip_prefix("sqlite:") {
            Some(path) if !path.is_empty() => Ok(Self::Sqlite(path.into())),
            _ => Err("expected sqlite:PATH or postgres://USER@HOST/NAME".to_owned()),
        }
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(formatter, "{}", path.display()),
            Self::Postgres(address) => address.fmt(formatter),
        }
    }
}

impl DatabaseUrl {
    /// Opens the database, makes it if need be (a file; the tables in a PostgreSQL database), and migrates it.
    ///
    /// # Errors
    /// When it cannot be used, or was made by a newer program.
    pub fn open(&self) -> Result<Opened> {
        match self {
            Self::Sqlite(path) => sqlite::open(path),
            Self::Postgres(address) => postgres::open(address, true),
        }
    }

    /// Opens a database that must be there.
    ///
    /// # Errors
    /// When it is not, or cannot be used.
    pub fn open_existing(&self) -> Result<Opened> {
        match self {
            Self::Sqlite(path) => sqlite::open_existing(path),
            Self::Postgres(address) => postgres::open(address, false),
        }
    }

    /// Looks how far the schema is, and changes nothing.
    ///
    /// # Errors
    /// When the database cannot be looked at.
    pub fn schema(&self) -> Result<Schema> {
        match self {
            Self::Sqlite(path) => sqlite::schema(path),
            Self::Postgres(address) => postgres::schema(address),
        }
    }

    /// Takes a snapshot of this database, and begins a copy of it into another one, which is migrated.
    ///
    /// # Errors
    /// When copies do not go that way, or the other one is not empty, or one of them is in use or cannot be used.
    pub fn copy_into(&self, target: &Self) -> std::result::Result<Ends, CopyError> {
        match (self, target) {
            (Self::Sqlite(path), Self::Postgres(address)) => Ok((
                Box::new(sqlite::Snapshot::take(path)?),
                Box::new(postgres::Copying::begin(address)?),
            )),
            _ => Err(CopyError::Direction),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_a_file_of_sqlite_or_a_database_of_postgresql() {
        let shown = |text: &str| text.parse::<DatabaseUrl>().map(|url| url.to_string());
        assert_eq!(shown("sqlite:a/b.db"), Ok("a/b.db".into()));
        assert_eq!(shown("sqlite:/a/b.db"), Ok("/a/b.db".into()));
        assert_eq!(
            shown("postgres://ada:secret@db.example:5433/sluice"),
            Ok("postgres://ada@db.example:5433/sluice".into())
        );
        for wrong in ["sqlite:", "mysql://x", "a.db", "postgres://", "postgres://ada@db.example"] {
            assert!(shown(wrong).is_err(), "{wrong}");
        }
        let debug = format!("{:?}", "postgres://a:secret@b/c".parse::<DatabaseUrl>());
        assert!(!debug.contains("secret"), "{debug}");
    }
}
