//! The threads that own database connections: one writer that groups waiting commands into one commit, a few readers.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
    thread,
};

use billing::AgencyId;
use tokio::sync::{broadcast, oneshot};

use super::{Result, StorageError, Transaction};

/// Commands that may wait for the writer; past it the answer is [`StorageError::Busy`].
const QUEUE_LIMIT: usize = 4096;
/// Commands in one commit.
const GROUP_LIMIT: usize = 256;
/// Streams that lag further behind than this are told to look for themselves.
const BELL_CAPACITY: usize = 1024;

/// A database connection that a thread of the store owns.
pub trait Connection: Transaction + Send {
    /// Starts a transaction: for writing at once, or a snapshot for reading.
    ///
    /// # Errors
    /// When the database says no; so for every method here.
    fn begin(&mut self, write: bool) -> Result<()>;
    /// Starts one command of a group.
    fn savepoint(&mut self) -> Result<()>;
    /// Keeps the command.
    fn release(&mut self) -> Result<()>;
    /// Undoes the command.
    fn rollback_to_savepoint(&mut self) -> Result<()>;
    /// Makes the transaction durable, and names the agencies whose clients have something to hear.
    fn commit(&mut self) -> Result<Vec<AgencyId>>;
    /// Undoes the transaction.
    fn rollback(&mut self);
    /// Sees itself as what commands use.
    fn as_transaction(&mut self) -> &mut dyn Transaction;
}

/// Tells the waiting caller, once it is known whether the transaction is durable.
type Deliver = Box<dyn FnOnce(Result<()>) + Send>;
/// Runs a command; says whether to keep what it did.
type Task = Box<dyn FnOnce(&mut dyn Transaction) -> (bool, Deliver) + Send>;

/// The database. Cheap to clone; its threads end when the last clone is gone.
#[derive(Clone)]
pub struct Store {
    writer: mpsc::SyncSender<Task>,
    readers: mpsc::SyncSender<Task>,
    bell: broadcast::Sender<AgencyId>,
    commits: Arc<AtomicU64>,
}

impl Store {
    /// Starts the threads on the connections given.
    ///
    /// # Errors
    /// When a thread cannot be started.
    pub fn start(
        writer: Box<dyn Connection>,
        readers: Vec<Box<dyn Connection>>,
    ) -> std::io::Result<Self> {
        let (write, write_queue) = mpsc::sync_channel(QUEUE_LIMIT);
        let (read, read_queue) = mpsc::sync_channel(QUEUE_LIMIT);
        let (bell, _) = broadcast::channel(BELL_CAPACITY);
        let commits = Arc::new(AtomicU64::new(0));
        let (ring, count) = (bell.clone(), Arc::clone(&commits));
        thread::Builder::new()
            .name("sluice-writer".to_owned())
            .spawn(move || write_loop(writer, &write_queue, &ring, &count))?;
        let read_queue = Arc::new(Mutex::new(read_queue));
        for reader in readers {
            let queue = Arc::clone(&read_queue);
            thread::Builder::new()
                .name("sluice-reader".to_owned())
                .spawn(move || read_loop(reader, &queue))?;
        }
        Ok(Self { writer: write, readers: read, bell, commits })
    }

    /// Runs `work` in a transaction and answers once it is durable. An `Err` from `work` undoes all it did.
    ///
    /// # Errors
    /// What `work` says, or a [`StorageError`].
    pub async fn write<R, E>(
        &self,
        work: impl FnOnce(&mut dyn Transaction) -> std::result::Result<R, E> + Send + 'static,
    ) -> std::result::Result<R, E>
    where
        R: Send + 'static,
        E: From<StorageError> + Send + 'static,
    {
        submit(&self.writer, work).await
    }

    /// Runs `work` on a snapshot. What it tries to write is refused.
    ///
    /// # Errors
    /// What `work` says, or a [`StorageError`].
    pub async fn read<R, E>(
        &self,
        work: impl FnOnce(&mut dyn Transaction) -> std::result::Result<R, E> + Send + 'static,
    ) -> std::result::Result<R, E>
    where
        R: Send + 'static,
        E: From<StorageError> + Send + 'static,
    {
        submit(&self.readers, work).await
    }

    /// Rings with an agency's id whenever its clients have something to hear. A hint: the rows are the truth.
    pub fn bell(&self) -> broadcast::Receiver<AgencyId> {
        self.bell.subscribe()
    }

    /// How many write transactions were committed since the start.
    pub fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }
}

async fn submit<R, E>(
    queue: &mpsc::SyncSender<Task>,
    work: impl FnOnce(&mut dyn Transaction) -> std::result::Result<R, E> + Send + 'static,
) -> std::result::Result<R, E>
where
    R: Send + 'static,
    E: From<StorageError> + Send + 'static,
{
    let (answer, answered) = oneshot::channel();
    let task: Task = Box::new(move |transaction| {
        let result = work(transaction);
        let keep = result.is_ok();
        let deliver: Deliver = Box::new(move |durable| {
            // Nobody may be waiting any more; what was committed stays committed.
            let _ = answer.send(match (result, durable) {
                (Ok(_), Err(error)) => Err(error.into()),
                (result, _) => result,
            });
        });
        (keep, deliver)
    });
    queue.try_send(task).map_err(|error| match error {
        mpsc::TrySendError::Full(_) => StorageError::Busy,
        mpsc::TrySendError::Disconnected(_) => StorageError::Closed,
    })?;
    answered.await.unwrap_or_else(|_| Err(StorageError::Closed.into()))
}

fn write_loop(
    mut connection: Box<dyn Connection>,
    queue: &mpsc::Receiver<Task>,
    bell: &broadcast::Sender<AgencyId>,
    commits: &AtomicU64,
) {
    while let Ok(first) = queue.recv() {
        let mut group = vec![first];
        group.extend(queue.try_iter().take(GROUP_LIMIT - 1));
        let mut deliveries = Vec::with_capacity(group.len());
        let outcome = commit_group(connection.as_mut(), group, &mut deliveries);
        match &outcome {
            Ok(agencies) => {
                commits.fetch_add(1, Ordering::Relaxed);
                for agency in agencies {
                    // No listener is no error.
                    let _ = bell.send(*agency);
                }
            }
            Err(error) => {
                tracing::error!(%error, "a commit failed");
                connection.rollback();
            }
        }
        for deliver in deliveries {
            deliver(outcome.as_ref().map(|_| ()).map_err(copy));
        }
    }
}

fn commit_group(
    connection: &mut dyn Connection,
    group: Vec<Task>,
    deliveries: &mut Vec<Deliver>,
) -> Result<Vec<AgencyId>> {
    connection.begin(true)?;
    for task in group {
        connection.savepoint()?;
        // A panic in one command must not take the others of its group, or the thread, with it.
        match catch_unwind(AssertUnwindSafe(|| task(connection.as_transaction()))) {
            Ok((true, deliver)) => {
                connection.release()?;
                deliveries.push(deliver);
            }
            Ok((false, deliver)) => {
                connection.rollback_to_savepoint()?;
                deliveries.push(deliver);
            }
            Err(_) => {
                tracing::error!("a command panicked and was undone");
                connection.rollback_to_savepoint()?;
            }
        }
    }
    connection.commit()
}

fn read_loop(mut connection: Box<dyn Connection>, queue: &Mutex<mpsc::Receiver<Task>>) {
    loop {
        let task = match queue.lock() {
            Ok(queue) => queue.recv(),
            Err(poisoned) => poisoned.into_inner().recv(),
        };
        let Ok(task) = task else { return };
        let begun = connection.begin(false);
        let done = catch_unwind(AssertUnwindSafe(|| task(connection.as_transaction())));
        connection.rollback();
        match done {
            Ok((_, deliver)) => deliver(begun),
            Err(_) => tracing::error!("a read panicked"),
        }
    }
}

fn copy(error: &StorageError) -> StorageError {
    match error {
        StorageError::Busy => StorageError::Busy,
        other => StorageError::Database(other.to_string()),
    }
}
