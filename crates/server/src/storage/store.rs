//! The threads that own database connections: writers that group waiting commands into one commit, a few readers.

mod group;

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicU64, AtomicUsize, Ordering},
        mpsc,
    },
    thread,
};

use billing::AgencyId;
use tokio::sync::{broadcast, oneshot};

use super::{Result, StorageError, Transaction};

/// Commands that may wait for a writer; past it the answer is [`StorageError::Busy`].
const QUEUE_LIMIT: usize = 4096;
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
    /// What the database has made of the transaction since it began. An embedded database makes nothing of it.
    fn fate(&self) -> Fate {
        Fate::Fine
    }
}

/// What a database that others work on, too, has made of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It goes on.
    Fine,
    /// The last command needs what somebody else holds, and its group holds something already: waiting could become a circle.
    /// The command is undone and begins a group of its own.
    PutBack,
    /// It is undone, certainly: a circle was broken, or the connection was lost before the commit. The group runs again.
    Again,
}

/// Something that waits for its turn with a connection.
trait Task: Send {
    /// Does it; says whether to keep what it did. A task may run more than once: only what the last run did is stored.
    fn run(&mut self, transaction: &mut dyn Transaction) -> bool;
    /// Tells the waiting caller, once it is known whether the transaction is durable.
    fn deliver(self: Box<Self>, durable: Result<()>);
}

type BoxedTask = Box<dyn Task>;
type Queue = Mutex<mpsc::Receiver<BoxedTask>>;

/// The database. Cheap to clone; its threads end when the last clone is gone.
#[derive(Clone)]
pub struct Store {
    writers: mpsc::SyncSender<BoxedTask>,
    readers: mpsc::SyncSender<BoxedTask>,
    bell: broadcast::Sender<AgencyId>,
    commits: Arc<AtomicU64>,
    waiting: Arc<AtomicUsize>,
    alive: Arc<()>,
}

impl Store {
    /// Starts a thread for each of the connections.
    ///
    /// # Errors
    /// When a thread cannot be started.
    pub fn start(
        writers: Vec<Box<dyn Connection>>,
        readers: Vec<Box<dyn Connection>>,
    ) -> std::io::Result<Self> {
        let (write, write_queue) = mpsc::sync_channel(QUEUE_LIMIT);
        let (read, read_queue) = mpsc::sync_channel(QUEUE_LIMIT);
        let (bell, _) = broadcast::channel(BELL_CAPACITY);
        let commits = Arc::new(AtomicU64::new(0));
        let write_queue = Arc::new(Mutex::new(write_queue));
        for connection in writers {
            let (queue, ring) = (Arc::clone(&write_queue), bell.clone());
            let count = Arc::clone(&commits);
            thread::Builder::new()
                .name("sluice-writer".to_owned())
                .spawn(move || group::write_loop(connection, &queue, &ring, &count))?;
        }
        let read_queue = Arc::new(Mutex::new(read_queue));
        for connection in readers {
            let queue = Arc::clone(&read_queue);
            thread::Builder::new()
                .name("sluice-reader".to_owned())
                .spawn(move || group::read_loop(connection, &queue))?;
        }
        let waiting = Arc::new(AtomicUsize::new(0));
        Ok(Self { writers: write, readers: read, bell, commits, waiting, alive: Arc::new(()) })
    }

    /// Runs `work` in a transaction and answers once it is durable. An `Err` from `work` undoes all it did. When the database
    /// undoes the transaction for reasons of its own, `work` runs again from the start.
    ///
    /// # Errors
    /// What `work` says, or a [`StorageError`].
    pub async fn write<R, E>(
        &self,
        work: impl FnMut(&mut dyn Transaction) -> std::result::Result<R, E> + Send + 'static,
    ) -> std::result::Result<R, E>
    where
        R: Send + 'static,
        E: From<StorageError> + Send + 'static,
    {
        let _waiting = Waits::begin(&self.waiting);
        self.write_without_haste(work).await
    }

    /// The same for work that can wait: nobody else makes room for it.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub async fn write_without_haste<R, E>(
        &self,
        work: impl FnMut(&mut dyn Transaction) -> std::result::Result<R, E> + Send + 'static,
    ) -> std::result::Result<R, E>
    where
        R: Send + 'static,
        E: From<StorageError> + Send + 'static,
    {
        submit(&self.writers, work).await
    }

    /// Whether a call of [`write`](Self::write) waits for its answer at this moment.
    pub fn somebody_waits(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) > 0
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
        let mut work = Some(work);
        let once = move |transaction: &mut dyn Transaction| match work.take() {
            Some(work) => work(transaction),
            None => Err(StorageError::Closed.into()),
        };
        submit(&self.readers, once).await
    }

    /// Rings with an agency's id whenever its clients have something to hear. A hint: the rows are the truth.
    pub fn bell(&self) -> broadcast::Receiver<AgencyId> {
        self.bell.subscribe()
    }

    /// How many write transactions were committed since the start.
    pub fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    /// For a thread that hears of other servers' changes.
    pub(super) fn ringer(&self) -> Ringer {
        Ringer { bell: self.bell.clone(), alive: Arc::downgrade(&self.alive) }
    }
}

/// Counts a caller for as long as it lives.
struct Waits(Arc<AtomicUsize>);

impl Waits {
    fn begin(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(count))
    }
}

impl Drop for Waits {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Rings the bell of a store, and knows when there is nobody left to ring for.
pub(super) struct Ringer {
    bell: broadcast::Sender<AgencyId>,
    alive: Weak<()>,
}

impl Ringer {
    /// The clients of this agency have something to hear.
    pub(super) fn ring(&self, agency: AgencyId) {
        // No listener is no error.
        let _ = self.bell.send(agency);
    }

    /// Whether the store is still there.
    pub(super) fn is_needed(&self) -> bool {
        self.alive.strong_count() > 0
    }
}

/// A caller that waits for an answer.
struct Waiting<W, R, E> {
    work: W,
    said: Option<std::result::Result<R, E>>,
    answer: oneshot::Sender<std::result::Result<R, E>>,
}

impl<W, R, E> Task for Waiting<W, R, E>
where
    W: FnMut(&mut dyn Transaction) -> std::result::Result<R, E> + Send,
    R: Send,
    E: From<StorageError> + Send,
{
    fn run(&mut self, transaction: &mut dyn Transaction) -> bool {
        let said = (self.work)(transaction);
        let keep = said.is_ok();
        self.said = Some(said);
        keep
    }

    fn deliver(self: Box<Self>, durable: Result<()>) {
        let said = match (self.said, durable) {
            (Some(Err(refused)), _) => Err(refused),
            (_, Err(error)) => Err(error.into()),
            (Some(done), Ok(())) => done,
            (None, Ok(())) => Err(StorageError::Closed.into()),
        };
        // Nobody may be waiting any more; what was committed stays committed.
        let _ = self.answer.send(said);
    }
}

async fn submit<R, E>(
    queue: &mpsc::SyncSender<BoxedTask>,
    work: impl FnMut(&mut dyn Transaction) -> std::result::Result<R, E> + Send + 'static,
) -> std::result::Result<R, E>
where
    R: Send + 'static,
    E: From<StorageError> + Send + 'static,
{
    let (answer, answered) = oneshot::channel();
    queue.try_send(Box::new(Waiting { work, said: None, answer })).map_err(
        |error| match error {
            mpsc::TrySendError::Full(_) => StorageError::Busy,
            mpsc::TrySendError::Disconnected(_) => StorageError::Closed,
        },
    )?;
    answered.await.unwrap_or_else(|_| Err(StorageError::Closed.into()))
}

fn lock(queue: &Queue) -> MutexGuard<'_, mpsc::Receiver<BoxedTask>> {
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}
