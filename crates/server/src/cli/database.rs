//! Which database a command works on.

use std::{fmt, path::Path, str::FromStr};

use super::{End, environment::secret};
use crate::{
    config::Secret,
    storage::{self, Ends, Opened, Schema, StorageError, Store, Transaction, copy::CopyError},
};

/// Where the data is when nobody says.
const DEFAULT: &str = "sluice.db";

/// `sqlite:PATH` or `postgres://…`
#[derive(Clone, Debug)]
pub struct DatabaseUrl {
    url: storage::DatabaseUrl,
    /// Somebody said so.
    named: bool,
}

impl FromStr for DatabaseUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse().map(|url| Self { url, named: true })
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.url.fmt(formatter)
    }
}

impl DatabaseUrl {
    /// By `--database-url` or `SLUICE_DATABASE_URL`, else by the file that `SLUICE_DATABASE_URL_FILE` names: it may hold a
    /// password.
    pub fn of(named: Option<Self>) -> Result<Self, End> {
        if let Some(named) = named {
            return Ok(named);
        }
        match secret("SLUICE_DATABASE_URL")? {
            Some(Secret(url)) => {
                url.parse().map_err(|why| End::Usage(format!("SLUICE_DATABASE_URL_FILE: {why}")))
            }
            None => Ok(Self { url: storage::DatabaseUrl::Sqlite(DEFAULT.into()), named: false }),
        }
    }

    /// Where a copy goes: by `--to` or `SLUICE_TO`, else by the file that `SLUICE_TO_FILE` names.
    pub fn of_copy(named: Option<Self>) -> Result<Self, End> {
        match (named, secret("SLUICE_TO")?) {
            (Some(named), _) => Ok(named),
            (None, Some(Secret(url))) => {
                url.parse().map_err(|why| End::Usage(format!("SLUICE_TO_FILE: {why}")))
            }
            (None, None) => Err(End::Usage("--to says where the copy goes".to_owned())),
        }
    }

    /// Begins a copy of this database into another one.
    pub fn copy_into(&self, target: &Self) -> Result<Ends, CopyError> {
        self.url.copy_into(&target.url)
    }

    /// Looks how far the schema is, and changes nothing.
    pub fn schema(&self) -> storage::Result<Schema> {
        self.url.schema()
    }

    /// Opens the database, makes it if need be, and migrates it.
    pub fn open(&self) -> Result<Store, End> {
        self.opened(self.url.open())
    }

    /// Opens a database that must be there.
    pub fn open_existing(&self) -> Result<Store, End> {
        self.opened(self.url.open_existing())
    }

    /// Opens a database that nothing is in: the one that was named, else a file in this folder.
    pub async fn open_new(&self, folder: &Path) -> Result<Store, End> {
        let url = match &self.url {
            _ if !self.named => storage::DatabaseUrl::Sqlite(folder.join("demo.db")),
            storage::DatabaseUrl::Sqlite(path) if path.exists() => return Err(self.used()),
            url => url.clone(),
        };
        let store = self.opened(url.open())?;
        let agencies = store.read(|tx: &mut dyn Transaction| tx.agencies()).await;
        let agencies = agencies.map_err(|error: StorageError| End::failed(error))?;
        if agencies.is_empty() { Ok(store) } else { Err(self.used()) }
    }

    fn used(&self) -> End {
        End::Usage(format!("{self} exists; a demo wants a new database"))
    }

    fn opened(&self, opened: storage::Result<Opened>) -> Result<Store, End> {
        let opened = opened.map_err(|error| End::Failed(format!("{self}: {error}")))?;
        Ok(opened.store)
    }
}
