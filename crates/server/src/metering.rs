//! Metering: usage events in, draws out. Many requests become one transaction with one entry per touched balance.
//!
//! [`Meter::record`] queues a batch and answers once it is durable. A single task takes whatever waits, hands it to the
//! store's writer as one group ([`draw::group`]) and lets the next group gather meanwhile: the busier it is, the larger the
//! groups. A group ends early when somebody else waits for the writer: a person who moves money does not wait for a flood. What is remembered between groups ([`memory`]) is a cache of the database and nothing more: who is who, who pays,
//! what it costs, which identities are known.

pub mod cost;
pub mod draw;
mod event;
pub mod known;
pub mod memory;
mod refusal;
mod sums;
mod trial;
mod waiting;

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use billing::{AgencyId, SubAccountId};
use tokio::sync::{Semaphore, mpsc, oneshot};

use crate::{
    deps::Clock,
    execute,
    storage::{Scope, StorageError, Store, Transaction},
};

pub use event::{Fields, NewEvent, data_fields};
pub use refusal::{Refusal, Refused};
pub use trial::Trial;

use memory::Memory;

/// Events that may wait; past it the answer is "busy".
const WAITING_MAX: usize = 200_000;
/// Events in one transaction.
const GROUP_MAX: usize = 20_000;
/// Batches in one transaction.
const GROUP_BATCHES_MAX: usize = 4_096;
/// The most often that an agency's clients are told of balances that usage moves.
const TELL_EVERY: Duration = Duration::from_millis(250);
/// Sub-accounts told at once.
const TELL_AT_ONCE: usize = 100;

/// Why a batch was not stored.
#[derive(Clone, Debug, thiserror::Error)]
pub enum MeterError {
    /// An event of it cannot be taken, so none is.
    #[error("event {}: {}", .0.index, .0.why)]
    Refused(Refused),
    /// Too much waits already, or the database is in trouble; nothing is stored.
    #[error("the server is busy")]
    Busy,
}

/// A batch on its way.
pub struct Batch {
    /// Whose.
    pub scope: Scope,
    /// What.
    pub events: Vec<NewEvent>,
    /// Usage as old as this is taken, whatever its age: history that the operator loads.
    pub any_age: bool,
}

struct Waiting {
    batch: Arc<Batch>,
    answer: oneshot::Sender<Result<(), MeterError>>,
}

/// The way in for usage. Cheap to clone.
#[derive(Clone)]
pub struct Meter {
    queue: mpsc::UnboundedSender<Waiting>,
    room: Arc<Semaphore>,
    shared: Arc<Shared>,
}

struct Shared {
    store: Store,
    clock: Arc<dyn Clock>,
    memory: Mutex<Memory>,
    /// What clients have not been told yet.
    untold: Mutex<BTreeMap<AgencyId, BTreeSet<SubAccountId>>>,
}

impl Meter {
    /// Starts the task that draws.
    pub fn start(store: Store, clock: Arc<dyn Clock>) -> Self {
        Self::with_segments_of(store, clock, known::SEGMENT_EVENTS)
    }

    /// The same with smaller segments in the index of identities, for tests.
    pub fn with_segments_of(store: Store, clock: Arc<dyn Clock>, events: u64) -> Self {
        let (queue, waiting) = mpsc::unbounded_channel();
        let memory = Mutex::new(Memory::new(events));
        let untold = Mutex::default();
        let shared = Arc::new(Shared { store, clock, memory, untold });
        let room = Arc::new(Semaphore::new(WAITING_MAX));
        tokio::spawn(collect(Arc::clone(&shared), waiting));
        Self { queue, room, shared }
    }

    /// Stores and draws a batch, whole or not at all; answers once it is durable.
    ///
    /// # Errors
    /// [`MeterError`]; nothing of the batch is stored then.
    pub async fn record(&self, batch: Batch) -> Result<(), MeterError> {
        if batch.events.is_empty() {
            return Ok(());
        }
        let size = u32::try_from(batch.events.len()).map_err(|_| MeterError::Busy)?;
        let room = Arc::clone(&self.room).try_acquire_many_owned(size);
        let _room = room.map_err(|_| MeterError::Busy)?;
        let (answer, answered) = oneshot::channel();
        let waiting = Waiting { batch: Arc::new(batch), answer };
        self.queue.send(waiting).map_err(|_| MeterError::Busy)?;
        answered.await.unwrap_or(Err(MeterError::Busy))
    }

    /// Draws usage that waited for a price, where there is one now.
    ///
    /// # Errors
    /// When storage fails; what is left waits for the next time.
    pub async fn price_waiting(&self, scope: Scope) -> Result<(), StorageError> {
        let mut position = None;
        loop {
            let (now, at) = (self.shared.clock.now(), position.take());
            let write = move |tx: &mut dyn Transaction| waiting::step(tx, scope, at.clone(), now);
            let step = self.shared.store.write_without_haste(write).await?;
            self.shared.untold().entry(scope.agency()).or_default().extend(step.accounts);
            match step.next {
                Some(next) => position = Some(next),
                None => return Ok(()),
            }
        }
    }

    /// The same for every agency: what was cut off when the server stopped.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn price_all_waiting(&self) -> Result<(), StorageError> {
        for scope in self.shared.store.read(|tx: &mut dyn Transaction| tx.agencies()).await? {
            self.price_waiting(scope).await?;
        }
        Ok(())
    }

    /// Tells clients of balances that usage has moved since they were last told.
    ///
    /// # Errors
    /// When storage fails; what was not told is told next time.
    pub async fn tell(&self) -> Result<(), StorageError> {
        self.shared.tell().await
    }
}

impl Shared {
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn untold(&self) -> MutexGuard<'_, BTreeMap<AgencyId, BTreeSet<SubAccountId>>> {
        self.untold.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Draws a group and answers everybody in it, but for those at its end that it did not come to: they are given back.
    async fn draw(self: &Arc<Self>, group: Vec<Waiting>) -> VecDeque<Waiting> {
        let batches: Vec<_> = group.iter().map(|waiting| Arc::clone(&waiting.batch)).collect();
        let (shared, now) = (Arc::clone(self), self.clock.now());
        let mut again = false;
        let write = move |tx: &mut dyn Transaction| {
            let mut memory = shared.memory();
            // What a run that was undone has read in its transaction may never have been.
            if std::mem::replace(&mut again, true) {
                memory.forget();
            }
            let must_end = || shared.store.somebody_waits();
            draw::group(tx, &mut memory, &batches, now, must_end)
        };
        let mut left = VecDeque::new();
        match self.store.write_without_haste(write).await {
            Ok(drawn) => {
                self.memory().keep(drawn.learned);
                let mut untold = self.untold();
                for (scope, accounts) in drawn.touched {
                    untold.entry(scope.agency()).or_default().extend(accounts);
                }
                drop(untold);
                for (waiting, result) in group.into_iter().zip(drawn.results) {
                    match result {
                        Some(result) => {
                            let _nobody_waits =
                                waiting.answer.send(result.map_err(MeterError::Refused));
                        }
                        None => left.push_back(waiting),
                    }
                }
            }
            Err(error) => {
                // What was read inside an undone transaction may never have been.
                self.memory().forget();
                tracing::error!(%error, "usage could not be stored");
                for waiting in group {
                    let _nobody_waits = waiting.answer.send(Err(MeterError::Busy));
                }
            }
        }
        left
    }

    async fn tell(self: &Arc<Self>) -> Result<(), StorageError> {
        let untold = std::mem::take(&mut *self.untold());
        for (agency, mut accounts) in untold {
            let scope = Scope::of(agency);
            let later = accounts.iter().nth(TELL_AT_ONCE).copied();
            let later = later.map(|first| accounts.split_off(&first)).unwrap_or_default();
            if !later.is_empty() {
                // The larger set takes in the smaller: there can be a hundred thousand.
                let mut untold = self.untold();
                let arrived = untold.insert(agency, later);
                untold.entry(agency).or_default().extend(arrived.into_iter().flatten());
            }
            let now = self.clock.now();
            let told = accounts.clone();
            let write = move |tx: &mut dyn Transaction| {
                for account in &told {
                    execute::tell(tx, scope, *account, now)?;
                }
                if told.is_empty() {
                    execute::tell_agency(tx, scope, now)?;
                }
                Ok::<_, execute::ExecuteError>(())
            };
            if let Err(error) = self.store.write_without_haste(write).await {
                self.untold().entry(agency).or_default().extend(accounts);
                return Err(match error {
                    execute::ExecuteError::Storage(error) => error,
                    other => StorageError::Damaged(other.to_string()),
                });
            }
        }
        Ok(())
    }
}

/// Takes whatever waits, draws it, and again; tells clients now and then.
async fn collect(shared: Arc<Shared>, mut queue: mpsc::UnboundedReceiver<Waiting>) {
    let mut tell = tokio::time::interval(TELL_EVERY);
    tell.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    // What a group that ended early did not come to: it is first in the next.
    let mut left = VecDeque::new();
    loop {
        tokio::select! {
            first = next(&mut left, &mut queue) => {
                let Some(first) = first else { return };
                let mut size = first.batch.events.len();
                let mut group = vec![first];
                while size < GROUP_MAX && group.len() < GROUP_BATCHES_MAX {
                    let Some(next) = left.pop_front().or_else(|| queue.try_recv().ok()) else { break };
                    size += next.batch.events.len();
                    group.push(next);
                }
                let mut rest = shared.draw(group).await;
                rest.append(&mut left);
                left = rest;
            }
            _ = tell.tick() => {
                if let Err(error) = shared.tell().await {
                    tracing::warn!(%error, "clients could not be told of usage");
                }
            }
        }
    }
}

async fn next(
    left: &mut VecDeque<Waiting>,
    queue: &mut mpsc::UnboundedReceiver<Waiting>,
) -> Option<Waiting> {
    match left.pop_front() {
        Some(waiting) => Some(waiting),
        None => queue.recv().await,
    }
}
