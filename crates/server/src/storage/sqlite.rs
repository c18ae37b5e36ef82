//! The embedded database: one SQLite file, WAL, every commit synced.

mod accounts;
mod agencies;
mod audit;
mod brands;
mod changes;
mod checkpoints;
mod copy;
mod deliveries;
mod embed;
mod endpoints;
mod funding_log;
mod idempotency;
mod jobs;
mod journal;
mod keys;
mod links;
mod mailbox;
mod notices;
mod payments;
mod prices;
mod requests;
mod second_factors;
mod statements;
mod tickets;
mod top_ups;
mod treasuries;
mod usage;
mod usage_days;
mod users;
mod wallets;
mod webhooks;

use std::{
    collections::BTreeSet,
    path::Path,
    str::FromStr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use billing::{AgencyId, Currency, Money, Timestamp};
use rusqlite::{OpenFlags, OptionalExtension as _, Params, Row, config::DbConfig};
use serde::{Serialize, de::DeserializeOwned};

pub use copy::Snapshot;

use checkpoints::Checkpoints;

use super::{Connection, Opened, Result, Schema, Scope, StorageError, Store, Transaction};

/// The schema, by version: the file's `user_version` counts how many of them it has.
const MIGRATIONS: [&str; 12] = [
    include_str!("sqlite/schema.sql"),
    include_str!("sqlite/usage.sql"),
    include_str!("sqlite/standing.sql"),
    include_str!("sqlite/people.sql"),
    include_str!("sqlite/embed.sql"),
    include_str!("sqlite/top_ups.sql"),
    include_str!("sqlite/brands.sql"),
    include_str!("sqlite/ways_in.sql"),
    include_str!("sqlite/statements.sql"),
    include_str!("sqlite/closing.sql"),
    include_str!("sqlite/wallets.sql"),
    include_str!("sqlite/treasury.sql"),
];
/// Older ones can lose commits when the write-ahead log is reset (DESIGN §6).
const SQLITE_MIN_VERSION: i32 = 3_051_003;
/// Snapshots that can be read at once.
const READERS: usize = 2;

/// A connection of one thread.
pub struct Sqlite {
    connection: rusqlite::Connection,
    /// Agencies whose clients have something to hear once the transaction is durable.
    told: BTreeSet<AgencyId>,
    statements: Arc<AtomicU64>,
    /// The transaction has done something that must survive when its next command is undone.
    has_kept: bool,
    /// The writer's only.
    checkpoints: Option<Checkpoints>,
}

/// Opens a database file, makes it if need be, and brings its schema up to date.
///
/// # Errors
/// When the file cannot be used, or was made by a newer program.
pub fn open(path: &Path) -> Result<Opened> {
    if rusqlite::version_number() < SQLITE_MIN_VERSION {
        let version = rusqlite::version();
        return Err(StorageError::Database(format!("SQLite {version} is too old")));
    }
    let statements = Arc::new(AtomicU64::new(0));
    let mut writer = Sqlite::connect(path, &statements)?;
    writer.migrate()?;
    writer.checkpoints = Some(Checkpoints::start(path, checkpoints::LIMITS)?);
    let mut readers: Vec<Box<dyn Connection>> = Vec::new();
    for _ in 0..READERS {
        let reader = Sqlite::connect(path, &statements)?;
        reader.connection.pragma_update(None, "query_only", true).map_err(database)?;
        readers.push(Box::new(reader));
    }
    let store = Store::start(vec![Box::new(writer)], readers)
        .map_err(|error| StorageError::Database(error.to_string()))?;
    Ok(Opened { store, statements })
}

/// Opens a database file that exists.
///
/// # Errors
/// When there is none, or it cannot be used.
pub fn open_existing(path: &Path) -> Result<Opened> {
    if !path.is_file() {
        return Err(StorageError::Database(format!("there is no database at {}", path.display())));
    }
    open(path)
}

/// How far the schema of this file is; changes nothing.
///
/// # Errors
/// When it cannot be read, or is no database.
pub fn schema(path: &Path) -> Result<Schema> {
    if !path.is_file() {
        return Ok(Schema::Missing);
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = rusqlite::Connection::open_with_flags(path, flags).map_err(database)?;
    connection.busy_timeout(Duration::from_secs(5)).map_err(database)?;
    Ok(Schema::of(version(&connection)?, MIGRATIONS.len()))
}

/// How many migrations the file has seen.
fn version(connection: &rusqlite::Connection) -> Result<usize> {
    connection
        .query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0))
        .map(|version| usize::try_from(version).unwrap_or(usize::MAX))
        .map_err(database)
}

impl Sqlite {
    fn connect(path: &Path, statements: &Arc<AtomicU64>) -> Result<Self> {
        let connection = connect(path)?;
        let (told, statements) = (BTreeSet::new(), Arc::clone(statements));
        Ok(Self { connection, told, statements, has_kept: false, checkpoints: None })
    }

    fn migrate(&mut self) -> Result<()> {
        let version = version(&self.connection)?;
        if version > MIGRATIONS.len() {
            let detail = "the database was made by a newer version of this program";
            return Err(StorageError::Database(detail.to_owned()));
        }
        for (number, migration) in MIGRATIONS.iter().enumerate().skip(version) {
            let next = number + 1;
            let batch =
                format!("BEGIN IMMEDIATE;\n{migration}\nPRAGMA user_version = {next};\nCOMMIT;");
            self.connection.execute_batch(&batch).map_err(database)?;
        }
        Ok(())
    }

    fn count(&self) {
        self.statements.fetch_add(1, Ordering::Relaxed);
    }

    fn execute(&self, sql: &str, params: impl Params) -> Result<usize> {
        self.count();
        let mut statement = self.connection.prepare_cached(sql).map_err(database)?;
        statement.execute(params).map_err(database)
    }

    fn one<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        self.count();
        let mut statement = self.connection.prepare_cached(sql).map_err(database)?;
        let row = statement.query_row(params, |row| Ok(read(row))).optional().map_err(database)?;
        row.transpose()
    }

    fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        mut read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        self.count();
        let mut statement = self.connection.prepare_cached(sql).map_err(database)?;
        let mut rows = statement.query(params).map_err(database)?;
        let mut all = Vec::new();
        while let Some(row) = rows.next().map_err(database)? {
            all.push(read(row)?);
        }
        Ok(all)
    }

    fn currency(&self, scope: Scope) -> Result<Currency> {
        self.one("SELECT currency FROM agencies WHERE id = ?1", [agency(scope)], |row| {
            parsed(row, 0)
        })?
        .ok_or_else(|| StorageError::Damaged(format!("no agency {}", scope.agency())))
    }
}

impl Transaction for Sqlite {}

impl Connection for Sqlite {
    fn begin(&mut self, write: bool) -> Result<()> {
        self.told.clear();
        self.has_kept = false;
        let begin = if write { "BEGIN IMMEDIATE" } else { "BEGIN" };
        self.connection.execute_batch(begin).map_err(database)
    }

    /// Behind a savepoint every page is copied before it changes. The first command needs none: until it is kept, undoing the
    /// whole transaction undoes nothing else.
    fn savepoint(&mut self) -> Result<()> {
        match self.has_kept {
            true => self.connection.execute_batch("SAVEPOINT command").map_err(database),
            false => Ok(()),
        }
    }

    fn release(&mut self) -> Result<()> {
        if self.has_kept {
            self.connection.execute_batch("RELEASE command").map_err(database)?;
        }
        self.has_kept = true;
        Ok(())
    }

    fn rollback_to_savepoint(&mut self) -> Result<()> {
        let undo = match self.has_kept {
            true => "ROLLBACK TO command; RELEASE command",
            false => "ROLLBACK; BEGIN IMMEDIATE",
        };
        self.connection.execute_batch(undo).map_err(database)
    }

    fn commit(&mut self) -> Result<Vec<AgencyId>> {
        self.connection.execute_batch("COMMIT").map_err(database)?;
        if let Some(checkpoints) = &self.checkpoints {
            checkpoints.after_commit(self);
        }
        Ok(std::mem::take(&mut self.told).into_iter().collect())
    }

    fn rollback(&mut self) {
        if !self.connection.is_autocommit()
            && let Err(error) = self.connection.execute_batch("ROLLBACK")
        {
            tracing::error!(%error, "a rollback failed");
        }
    }

    fn as_transaction(&mut self) -> &mut dyn Transaction {
        self
    }
}

/// Opens the file as every thread here does.
fn connect(path: &Path) -> Result<rusqlite::Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = rusqlite::Connection::open_with_flags(path, flags).map_err(database)?;
    connection.busy_timeout(Duration::from_secs(5)).map_err(database)?;
    connection.set_prepared_statement_cache_capacity(128);
    // Never `temp_store = MEMORY`: it keeps the statement journal in memory, too, as a list that SQLite walks from its
    // beginning at the end of every statement behind a savepoint. Large transactions would take quadratic time.
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768;
             PRAGMA mmap_size = 33554432; PRAGMA wal_autocheckpoint = 131072;",
        )
        .map_err(database)?;
    // Statements are planned once. Without this guarantee SQLite plans many of them anew for every new value.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(database)?;
    Ok(connection)
}

fn database(error: rusqlite::Error) -> StorageError {
    use rusqlite::ffi::ErrorCode;
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StorageError::Busy,
        Some(ErrorCode::ConstraintViolation) => StorageError::Conflict(error.to_string()),
        _ => StorageError::Database(error.to_string()),
    }
}

fn agency(scope: Scope) -> String {
    scope.agency().to_string()
}

fn get<T: rusqlite::types::FromSql>(row: &Row<'_>, index: usize) -> Result<T> {
    row.get(index).map_err(|error| StorageError::Damaged(error.to_string()))
}

/// A column that holds the text form of something.
fn parsed<T: FromStr>(row: &Row<'_>, index: usize) -> Result<T>
where
    T::Err: std::fmt::Display,
{
    let text: String = get(row, index)?;
    text.parse().map_err(|error: T::Err| StorageError::Damaged(format!("{text:?}: {error}")))
}

/// A column that holds JSON.
fn json<T: DeserializeOwned>(row: &Row<'_>, index: usize) -> Result<T> {
    let text: String = get(row, index)?;
    serde_json::from_str(&text).map_err(|error| StorageError::Damaged(error.to_string()))
}

fn to_json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| StorageError::Damaged(error.to_string()))
}

fn timestamp(row: &Row<'_>, index: usize) -> Result<Timestamp> {
    get(row, index).map(Timestamp::from_millis)
}

fn money(row: &Row<'_>, index: usize, currency: Currency) -> Result<Money> {
    get(row, index).map(|micros| Money::from_micros(micros, currency))
}

/// A count or a number, which SQLite keeps signed.
fn number(row: &Row<'_>, index: usize) -> Result<u64> {
    let number: i64 = get(row, index)?;
    u64::try_from(number).map_err(|_| StorageError::Damaged(format!("{number} is negative")))
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
