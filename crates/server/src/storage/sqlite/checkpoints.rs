//! Checkpoints: pages go from the write-ahead log back into the file on a thread of their own, so that commands do not wait for
//! tens of megabytes. The writer goes on meanwhile, and so never lets this thread come to the end of the log, which is the only
//! time when the log can begin anew: that last bit is the writer's, once the log is long and little is left to do.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
};

use super::{Sqlite, database};
use crate::storage::{Result, StorageError};

/// When there is a checkpoint, in pages.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    /// So many have come to the log since the last one.
    pub(super) every: i64,
    /// A log of so many should begin anew: from then on there is a checkpoint after every commit.
    pub(super) long: i64,
    /// One of no more than this leaves little to the writer.
    pub(super) short: i64,
}

/// In earnest: 64 MiB, 192 MiB and 32 MiB.
pub(super) const LIMITS: Limits = Limits { every: 16_384, long: 49_152, short: 8_192 };

/// The writer's end.
pub(super) struct Checkpoints {
    committed: SyncSender<()>,
    is_writers_turn: Arc<AtomicBool>,
}

/// What is in the log.
struct Log {
    pages: i64,
    /// Of them those that are in the file, too.
    copied: i64,
}

impl Checkpoints {
    /// Starts the thread. It ends with the writer.
    ///
    /// # Errors
    /// When the file cannot be opened once more, or a thread cannot be started.
    pub(super) fn start(path: &Path, limits: Limits) -> Result<Self> {
        let connection = super::connect(path)?;
        // One notice is enough, however many commits there were.
        let (committed, commits) = sync_channel(1);
        let is_writers_turn = Arc::new(AtomicBool::new(false));
        let turn = Arc::clone(&is_writers_turn);
        thread::Builder::new()
            .name("sluice-checkpoints".to_owned())
            .spawn(move || watch(&connection, limits, &commits, &turn))
            .map_err(|error| StorageError::Database(error.to_string()))?;
        Ok(Self { committed, is_writers_turn })
    }

    /// The writer has committed. What fails here is tried again after the next commit.
    pub(super) fn after_commit(&self, writer: &Sqlite) {
        if self.is_writers_turn.swap(false, Ordering::Relaxed) {
            report(checkpoint(&writer.connection, "PASSIVE"));
        }
        // A full channel holds the notice already.
        let _noticed = self.committed.try_send(());
    }
}

fn watch(
    connection: &rusqlite::Connection,
    limits: Limits,
    commits: &Receiver<()>,
    is_writers_turn: &AtomicBool,
) {
    while commits.recv().is_ok() {
        let Some(before) = report(checkpoint(connection, "NOOP")) else { continue };
        let is_long = before.pages >= limits.long;
        if (is_long || before.pages - before.copied >= limits.every)
            && let Some(after) = report(checkpoint(connection, "PASSIVE"))
        {
            let was_short = after.copied - before.copied <= limits.short;
            is_writers_turn.store(is_long && was_short, Ordering::Relaxed);
        }
    }
}

/// <https://sqlite.org/pragma.html#pragma_wal_checkpoint>: `PASSIVE` waits for nobody and copies what it can, `NOOP` only looks.
fn checkpoint(connection: &rusqlite::Connection, mode: &str) -> Result<Log> {
    let sql = format!("PRAGMA wal_checkpoint({mode})");
    let mut statement = connection.prepare_cached(&sql).map_err(database)?;
    let log = statement.query_row([], |row| Ok(Log { pages: row.get(1)?, copied: row.get(2)? }));
    log.map_err(database)
}

fn report(log: Result<Log>) -> Option<Log> {
    match log {
        // The thread and the writer cannot both copy; whoever came second is not needed.
        Err(StorageError::Busy) => None,
        Err(error) => {
            tracing::warn!(%error, "the write-ahead log was not copied back");
            None
        }
        Ok(log) => Some(log),
    }
}
