//! PostgreSQL: many servers on one database, every commit synced.
//!
//! **A writer** runs its group of commands in READ COMMITTED. The first touch of an agency locks the agency's row and sets
//! `sluice.agency`, in one statement (`sluice_enter`): from there on the agency is this transaction's alone, so that commands
//! need no other locks and see what the last one committed. Only the first command of a group waits for its agency; one that
//! comes later and would have to wait is put back, so that groups never wait for one another in a circle.
//!
//! **A reader** works on a snapshot (REPEATABLE READ, READ ONLY) and sets `sluice.agency` only.
//!
//! **Row-level security** is on, and forced, for every table of agencies' rows: they are seen by whoever entered the agency.
//! The connections work as `sluice_app`, which owns nothing. What knows no agency (a session's token, a link's, the gateway's
//! id of a payment, an address that signs in, the jobs that are due, what is old) goes through functions with the owner's
//! rights, each of which says exactly what it finds; see `postgres/access.sql`.
//!
//! **Trouble.** A deadlock, a serialization failure, or a connection lost before the commit undoes the whole group, certainly,
//! and the store runs it again. A connection that is lost during the commit leaves the outcome unknown: that is answered as an
//! error and never run again; the caller's idempotency key finds out.

use postgres::{
    Client, Row, Statement,
    error::{Severity, SqlState},
    types::ToSql,
};

type Params<'a> = &'a [&'a (dyn ToSql + Sync)];

/// The values of a statement.
macro_rules! params {
    ($($value:expr),* $(,)?) => {
        &[$(&$value as &(dyn postgres::types::ToSql + Sync)),*]
    };
}

mod accounts;
mod address;
mod agencies;
mod audit;
mod brands;
mod changes;
mod connection;
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
mod listen;
mod mailbox;
mod migrate;
mod notices;
mod payments;
mod prices;
mod requests;
mod second_factors;
mod statements;
mod tickets;
mod tls;
mod top_ups;
mod treasuries;
mod usage;
mod usage_days;
mod users;
mod values;
mod wallets;
mod webhooks;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI32, AtomicU64, Ordering},
    },
};

use billing::{AgencyId, Currency};

pub use address::Address;
pub use copy::Copying;

use super::{Connection, Fate, Opened, Result, Schema, Scope, StorageError, Store, Transaction};

/// Groups of commands that can be under way at once.
const WRITERS: usize = 4;
/// Snapshots that can be read at once.
const READERS: usize = 4;
/// Where servers tell one another of changes.
const CHANNEL: &str = "sluice";

/// Opens a database and brings its schema up to date.
///
/// # Errors
/// When it cannot be reached or used, or was made by a newer program; without `make` also when there is nothing of ours in it.
pub fn open(address: &Address, make: bool) -> Result<Opened> {
    let statements = Arc::new(AtomicU64::new(0));
    let shared = Shared::new(address, &statements);
    // The client blocks: it must not do so on a thread that others' requests wait for.
    let opening = std::thread::spawn(move || {
        migrate::migrate(&shared.address, make)?;
        let listening = listen::Listening::start(Arc::clone(&shared))?;
        let connections = |count, write| -> Vec<Box<dyn Connection>> {
            let one =
                |_| Box::new(Postgres::new(Arc::clone(&shared), write)) as Box<dyn Connection>;
            (0..count).map(one).collect()
        };
        let store = Store::start(connections(WRITERS, true), connections(READERS, false));
        let store = store.map_err(|error| StorageError::Database(error.to_string()))?;
        listening.ring_for(store.ringer())?;
        Ok(store)
    });
    let crashed = |_| Err(StorageError::Database("opening it failed".to_owned()));
    let store = opening.join().unwrap_or_else(crashed)?;
    Ok(Opened { store, statements })
}

/// How far the schema of this database is; changes nothing.
///
/// # Errors
/// When it cannot be reached.
pub fn schema(address: &Address) -> Result<Schema> {
    let address = address.clone();
    // The client blocks: it must not do so on a thread that others' requests wait for.
    let looking = std::thread::spawn(move || migrate::schema(&address));
    let crashed = |_| Err(StorageError::Database("looking at it failed".to_owned()));
    looking.join().unwrap_or_else(crashed)
}

/// What the connections of one store share.
struct Shared {
    address: Address,
    statements: Arc<AtomicU64>,
    /// The backends of our own writers: what they tell is known here already.
    writers: Mutex<BTreeSet<i32>>,
    /// The backend that listens, which also says that this server is there.
    listener: AtomicI32,
}

impl Shared {
    fn new(address: &Address, statements: &Arc<AtomicU64>) -> Arc<Self> {
        Arc::new(Self {
            address: address.clone(),
            statements: Arc::clone(statements),
            writers: Mutex::new(BTreeSet::new()),
            listener: AtomicI32::new(0),
        })
    }

    fn with_writers<T>(&self, look: impl FnOnce(&mut BTreeSet<i32>) -> T) -> T {
        look(&mut self.writers.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A connection of one thread. It connects when it is first used, and again when it was lost.
struct Postgres {
    shared: Arc<Shared>,
    write: bool,
    client: Option<(Client, i32)>,
    prepared: HashMap<String, Statement>,
    /// Transaction control that goes out with the next.
    pending: &'static str,
    fate: Fate,
    /// A statement failed: nothing more can be done in this command.
    aborted: bool,
    /// Whose rows are seen.
    entered: Option<AgencyId>,
    /// Locked by commands of this group that are kept.
    held: BTreeSet<AgencyId>,
    /// Locked by the command under way.
    taken: BTreeSet<AgencyId>,
    /// Whether the group holds anything: then it waits for nothing.
    holding: bool,
    /// By how much the counts of sub-accounts change, by agency and phase: one update for many.
    counts: BTreeMap<(AgencyId, String), i64>,
    /// Agencies whose clients have something to hear once the transaction is durable.
    told: BTreeSet<AgencyId>,
    /// How the database carried each statement out: for the tests that guard its plans.
    #[cfg(test)]
    explained: Vec<tests::Explained>,
}

impl Postgres {
    fn new(shared: Arc<Shared>, write: bool) -> Self {
        Self {
            shared,
            write,
            client: None,
            prepared: HashMap::new(),
            pending: "",
            fate: Fate::Fine,
            aborted: false,
            entered: None,
            held: BTreeSet::new(),
            taken: BTreeSet::new(),
            holding: false,
            counts: BTreeMap::new(),
            told: BTreeSet::new(),
            #[cfg(test)]
            explained: Vec::new(),
        }
    }

    fn execute(&mut self, sql: &str, params: Params<'_>) -> Result<u64> {
        self.run(sql, params, |client, statement| client.execute(statement, params))
    }

    fn rows(&mut self, sql: &str, params: Params<'_>) -> Result<Vec<Row>> {
        self.run(sql, params, |client, statement| client.query(statement, params))
    }

    fn one<T>(
        &mut self,
        sql: &str,
        params: Params<'_>,
        read: impl FnOnce(&Row) -> Result<T>,
    ) -> Result<Option<T>> {
        self.rows(sql, params)?.first().map(read).transpose()
    }

    fn all<T>(
        &mut self,
        sql: &str,
        params: Params<'_>,
        read: impl FnMut(&Row) -> Result<T>,
    ) -> Result<Vec<T>> {
        self.rows(sql, params)?.iter().map(read).collect()
    }

    fn run<T>(
        &mut self,
        sql: &str,
        params: Params<'_>,
        run: impl FnOnce(&mut Client, &Statement) -> std::result::Result<T, postgres::Error>,
    ) -> Result<T> {
        self.shared.statements.fetch_add(1, Ordering::Relaxed);
        debug_assert!(params.len() < 64, "a statement has few values");
        #[cfg(test)]
        self.explain(sql, params);
        let Some((client, _)) = &mut self.client else { return Err(self.lost()) };
        let statement = match self.prepared.get(sql) {
            Some(statement) => Ok(statement.clone()),
            None => client.prepare(sql),
        };
        let done = statement.and_then(|statement| {
            let done = run(client, &statement)?;
            self.prepared.entry(sql.to_owned()).or_insert(statement);
            Ok(done)
        });
        done.map_err(|error| self.failed(&error))
    }

    /// Transaction control: not counted, nothing prepared.
    fn control(&mut self, sql: &str) -> Result<()> {
        let Some((client, _)) = &mut self.client else { return Err(self.lost()) };
        client.batch_execute(sql).map_err(|error| self.failed(&error))
    }

    /// Enters an agency, if this is not where we are.
    fn within(&mut self, scope: Scope) -> Result<&mut Self> {
        let agency = scope.agency();
        if self.entered == Some(agency) {
            return Ok(self);
        }
        let locked = !self.write || self.held.contains(&agency) || self.taken.contains(&agency);
        // The id's own form needs no quoting.
        let sql = if locked {
            format!("SELECT set_config('sluice.agency', '{agency}', true) IS NOT NULL")
        } else {
            format!("SELECT sluice_enter('{agency}', {})", !self.holding)
        };
        let Some((client, _)) = &mut self.client else { return Err(self.lost()) };
        let entered = match client.simple_query(&sql) {
            Ok(messages) => messages.iter().any(
                |message| matches!(message, postgres::SimpleQueryMessage::Row(row) if row.get(0) == Some("t")),
            ),
            Err(error) => return Err(self.failed(&error)),
        };
        if !entered {
            self.fate = Fate::PutBack;
            return Err(StorageError::Busy);
        }
        self.entered = Some(agency);
        self.taken.insert(agency);
        Ok(self)
    }

    fn currency(&mut self, scope: Scope) -> Result<Currency> {
        let sql = "SELECT currency FROM agencies WHERE id = $1";
        self.within(scope)?
            .one(sql, params![agency(scope)], |row| values::parsed(row, 0))?
            .ok_or_else(|| StorageError::Damaged(format!("no agency {}", scope.agency())))
    }

    /// Clients of the agency will have something to hear.
    fn tell(&mut self, agency: AgencyId) {
        self.told.insert(agency);
    }

    /// One sub-account more or less in this phase, of the agency that was entered.
    fn count_phase(&mut self, phase: &str, by: i64) -> Result<()> {
        if let Some(agency) = self.entered {
            *self.counts.entry((agency, phase.to_owned())).or_default() += by;
        }
        Ok(())
    }

    /// Writes the counts that changed.
    fn store_counts(&mut self) -> Result<&mut Self> {
        let entered = self.entered;
        for ((agency, phase), by) in std::mem::take(&mut self.counts) {
            let column = match phase.as_str() {
                "agency" | "requested" | "paying" | "customer" | "returning" => &phase,
                _ => return Err(StorageError::Damaged(format!("phase {phase:?}"))),
            };
            let sql = format!("UPDATE agencies SET in_{column} = in_{column} + $2 WHERE id = $1");
            self.within(Scope::of(agency))?.execute(&sql, params![agency.to_string(), by])?;
        }
        match entered {
            Some(agency) => self.within(Scope::of(agency)),
            None => Ok(self),
        }
    }

    fn listener(&self) -> i32 {
        self.shared.listener.load(Ordering::Relaxed)
    }

    fn connect(&mut self) -> Result<()> {
        if self.client.is_some() {
            return Ok(());
        }
        match self.shared.address.work(if self.write { "sluice-writer" } else { "sluice-reader" }) {
            Ok((client, backend)) => {
                if self.write {
                    self.shared.with_writers(|writers| writers.insert(backend));
                }
                self.client = Some((client, backend));
                Ok(())
            }
            Err(error) => {
                tracing::warn!(error = %words(&error), "the database cannot be reached");
                Err(self.lost())
            }
        }
    }

    /// There is no connection: what was not committed is gone, and can be done again.
    fn lost(&mut self) -> StorageError {
        if let Some((_, backend)) = self.client.take() {
            self.shared.with_writers(|writers| writers.remove(&backend));
        }
        self.prepared.clear();
        self.aborted = true;
        self.fate = Fate::Again;
        StorageError::Busy
    }

    /// What an error of a statement means, for the transaction and for the caller.
    fn failed(&mut self, error: &postgres::Error) -> StorageError {
        self.aborted = true;
        if is_lost(error) {
            tracing::warn!(error = %words(error), "a database connection was lost");
            return self.lost();
        }
        let Some(code) = error.code() else { return StorageError::Database(words(error)) };
        match *code {
            SqlState::T_R_SERIALIZATION_FAILURE | SqlState::T_R_DEADLOCK_DETECTED => {
                tracing::info!(error = %words(error), "a transaction was undone by the database");
                self.fate = Fate::Again;
                StorageError::Busy
            }
            SqlState::LOCK_NOT_AVAILABLE
            | SqlState::QUERY_CANCELED
            | SqlState::OUT_OF_MEMORY
            | SqlState::TOO_MANY_CONNECTIONS => {
                tracing::warn!(error = %words(error), "the database is overloaded");
                StorageError::Busy
            }
            SqlState::UNIQUE_VIOLATION => StorageError::Conflict(words(error)),
            SqlState::NUMERIC_VALUE_OUT_OF_RANGE => StorageError::Damaged(words(error)),
            _ => StorageError::Database(words(error)),
        }
    }
}

impl Transaction for Postgres {}

/// Whether an error says that there is no connection any more.
fn is_lost(error: &postgres::Error) -> bool {
    match error.as_db_error() {
        Some(told) => matches!(told.parsed_severity(), Some(Severity::Fatal | Severity::Panic)),
        None => {
            let source = std::error::Error::source(error);
            error.is_closed() || source.is_some_and(|source| source.is::<std::io::Error>())
        }
    }
}

/// An error in words, without the values of rows that PostgreSQL gives as its details.
fn words(error: &postgres::Error) -> String {
    match error.as_db_error() {
        Some(told) => told.message().to_owned(),
        None => match std::error::Error::source(error) {
            Some(source) => format!("{error}: {source}"),
            None => error.to_string(),
        },
    }
}

fn agency(scope: Scope) -> String {
    scope.agency().to_string()
}

#[cfg(test)]
mod tests;
