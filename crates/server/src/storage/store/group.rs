//! What the store's threads do all day: a group of commands in one commit, or one read on a snapshot.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        TryLockError,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use billing::AgencyId;
use tokio::sync::broadcast;

use super::{BoxedTask, Connection, Fate, Queue, lock};
use crate::storage::{Result, StorageError};

/// Commands in one commit.
const GROUP_LIMIT: usize = 256;
/// How often a group is run before its callers are told that the database is busy.
const TRIES: u32 = 5;
/// The pause before the second try; each one after that is twice as long.
const PAUSE: Duration = Duration::from_millis(50);

/// A command of a group, and what has to be said of it besides its own words.
struct Member {
    task: BoxedTask,
    verdict: Result<()>,
}

/// Commits groups until the store is gone.
pub(super) fn write_loop(
    mut connection: Box<dyn Connection>,
    queue: &Queue,
    bell: &broadcast::Sender<AgencyId>,
    commits: &AtomicU64,
) {
    let mut put_back = Vec::new();
    while let Some(group) = next_group(queue, std::mem::take(&mut put_back)) {
        let (group, outcome) = settle(connection.as_mut(), group, &mut put_back);
        if let Ok(agencies) = &outcome {
            commits.fetch_add(1, Ordering::Relaxed);
            for agency in agencies {
                // No listener is no error.
                let _ = bell.send(*agency);
            }
        }
        for Member { task, verdict } in group {
            task.deliver(outcome.as_ref().map(|_| ()).map_err(copy).and(verdict));
        }
    }
}

/// What was put back begins the next group; what waits fills it.
fn next_group(queue: &Queue, mut group: Vec<BoxedTask>) -> Option<Vec<BoxedTask>> {
    let waiting = if group.is_empty() {
        let waiting = lock(queue);
        group.push(waiting.recv().ok()?);
        waiting
    } else {
        // An idle writer holds the queue until something comes: what was put back does not wait for that.
        match queue.try_lock() {
            Ok(waiting) => waiting,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return Some(group),
        }
    };
    let room = GROUP_LIMIT.saturating_sub(group.len());
    group.extend(waiting.try_iter().take(room));
    Some(group)
}

/// Runs a group until it is durable, or known not to be.
fn settle(
    connection: &mut dyn Connection,
    group: Vec<BoxedTask>,
    put_back: &mut Vec<BoxedTask>,
) -> (Vec<Member>, Result<Vec<AgencyId>>) {
    let mut group: Vec<_> =
        group.into_iter().map(|task| Member { task, verdict: Ok(()) }).collect();
    let mut pause = PAUSE;
    for tries_left in (0..TRIES).rev() {
        let error = match commit_group(connection, &mut group, put_back) {
            Ok(agencies) => return (group, Ok(agencies)),
            Err(error) => error,
        };
        let again = connection.fate() == Fate::Again && tries_left > 0;
        connection.rollback();
        if !again {
            tracing::error!(%error, "a commit failed");
            return (group, Err(error));
        }
        tracing::info!(%error, tries_left, "a group of commands runs again");
        thread::sleep(pause);
        pause = pause.saturating_mul(2);
    }
    (group, Err(StorageError::Busy))
}

fn commit_group(
    connection: &mut dyn Connection,
    group: &mut Vec<Member>,
    put_back: &mut Vec<BoxedTask>,
) -> Result<Vec<AgencyId>> {
    connection.begin(true)?;
    let mut index = 0;
    while let Some(member) = group.get_mut(index) {
        connection.savepoint()?;
        // A panic in one command must not take the others of its group, or the thread, with it.
        let task = &mut member.task;
        let ran = catch_unwind(AssertUnwindSafe(|| task.run(connection.as_transaction())));
        match (connection.fate(), ran) {
            (Fate::Again, _) => return Err(StorageError::Busy),
            (_, Err(_)) => {
                tracing::error!("a command panicked and was undone");
                connection.rollback_to_savepoint()?;
                drop(group.remove(index));
            }
            (Fate::PutBack, _) => {
                connection.rollback_to_savepoint()?;
                put_back.push(group.remove(index).task);
            }
            (Fate::Fine, Ok(keep)) => {
                member.verdict = if keep { connection.release() } else { Ok(()) };
                if !keep || member.verdict.is_err() {
                    connection.rollback_to_savepoint()?;
                }
                index += 1;
            }
        }
    }
    connection.commit()
}

/// Reads until the store is gone.
pub(super) fn read_loop(mut connection: Box<dyn Connection>, queue: &Queue) {
    loop {
        let task = lock(queue).recv();
        let Ok(mut task) = task else { return };
        if let Err(error) = connection.begin(false) {
            connection.rollback();
            task.deliver(Err(error));
            continue;
        }
        match catch_unwind(AssertUnwindSafe(|| task.run(connection.as_transaction()))) {
            Ok(_) => task.deliver(Ok(())),
            Err(_) => tracing::error!("a read panicked"),
        }
        connection.rollback();
    }
}

fn copy(error: &StorageError) -> StorageError {
    match error {
        StorageError::Busy => StorageError::Busy,
        other => StorageError::Database(other.to_string()),
    }
}
