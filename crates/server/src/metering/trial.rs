//! What would happen to usage, with nothing stored: the same transaction as in earnest, undone at its end.

use std::sync::{Arc, Mutex, PoisonError};

use super::{Batch, MeterError, Refused, draw, known, memory::Memory};
use crate::{
    deps::Clock,
    storage::{StorageError, Store, Transaction},
};

/// Tries batches one by one. They do not know of each other: of two that disagree, neither is refused.
pub struct Trial {
    store: Store,
    clock: Arc<dyn Clock>,
    /// Its own, so that nothing it reads reaches a meter.
    memory: Arc<Mutex<Memory>>,
}

/// Why the transaction was undone.
enum Undone {
    /// It was only a try.
    Tried(Result<(), Refused>),
    Storage(StorageError),
}

impl From<StorageError> for Undone {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

impl Trial {
    /// On a database.
    pub fn new(store: Store, clock: Arc<dyn Clock>) -> Self {
        let memory = Arc::new(Mutex::new(Memory::new(known::SEGMENT_EVENTS)));
        Self { store, clock, memory }
    }

    /// Whether a batch would be taken now.
    ///
    /// # Errors
    /// [`MeterError`], as it would be told in earnest.
    pub async fn check(&self, batch: Batch) -> Result<(), MeterError> {
        let (memory, now, batches) = (Arc::clone(&self.memory), self.clock.now(), [batch]);
        let write = move |tx: &mut dyn Transaction| -> Result<(), Undone> {
            let mut memory = memory.lock().unwrap_or_else(PoisonError::into_inner);
            let drawn = draw::group(tx, &mut memory, &batches, now, || false)?;
            Err(Undone::Tried(drawn.results.into_iter().flatten().next().unwrap_or(Ok(()))))
        };
        match self.store.write(write).await {
            Ok(()) | Err(Undone::Tried(Ok(()))) => Ok(()),
            Err(Undone::Tried(Err(refused))) => Err(MeterError::Refused(refused)),
            Err(Undone::Storage(error)) => {
                tracing::error!(%error, "usage could not be tried");
                Err(MeterError::Busy)
            }
        }
    }
}
