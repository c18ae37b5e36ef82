//! Sessions in use, and what they have to be. One that nobody has used for so long is over. That it is used is written down now and then, not with each
//! request, and nobody waits for it.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use billing::{Timestamp, access::Role};
use tokio::runtime::Handle;

use crate::{
    config::Limits,
    execute::second_factor,
    storage::{
        Scope, StorageError, Store, Transaction,
        users::{SessionRow, UserRow},
    },
};

/// The longest between two notes that a session is used; with a short limit, a tenth of it.
const NOTE_EVERY: Duration = Duration::from_secs(60 * 60);

/// What is to be known of sessions in use.
pub struct InUse {
    idle: Duration,
    /// Whether a password alone is too little.
    second_factor: bool,
    store: Store,
    /// The sessions of which it is being written down, and which moment.
    noting: Mutex<BTreeMap<[u8; 32], Timestamp>>,
}

impl std::fmt::Debug for InUse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InUse").field("idle", &self.idle).finish_non_exhaustive()
    }
}

impl InUse {
    /// Sessions within these limits.
    pub fn new(limits: &Limits, store: Store) -> Self {
        let Limits { session_idle: idle, second_factor, .. } = *limits;
        Self { idle, second_factor, store, noting: Mutex::default() }
    }

    /// Whether somebody has shown too little: a password alone, where the operator asks for more. Client users only read, and
    /// nobody asks them for an app.
    ///
    /// # Errors
    /// When storage fails.
    pub fn shows_too_little(
        &self,
        tx: &mut dyn Transaction,
        scope: Scope,
        user: &UserRow,
        session: &SessionRow,
    ) -> Result<bool, StorageError> {
        let is_asked = self.second_factor && user.role != Role::Client && !session.is_vouched;
        // Sessions that began before there was an app ended with its first code.
        Ok(is_asked && !second_factor::is_on(tx, scope, user)?)
    }

    /// A session that was last used then, or earlier, is over.
    pub fn used_after(&self, now: Timestamp) -> Timestamp {
        now.minus(self.idle)
    }

    /// Has it written down that a session is used, if the last note is old.
    pub fn note(
        self: &Arc<Self>,
        scope: Scope,
        session: &SessionRow,
        now: Timestamp,
        runtime: &Handle,
    ) {
        let (every, hash) = (NOTE_EVERY.min(self.idle / 10), session.token_hash);
        if now.since(session.used_at) < every {
            return;
        }
        let mut noting = self.noting();
        if noting.get(&hash).is_some_and(|noted| now.since(*noted) < every) {
            return;
        }
        noting.insert(hash, now);
        drop(noting);
        let here = Arc::clone(self);
        runtime.spawn(async move {
            let noted = here.store.write(move |tx| tx.touch_session(scope, &hash, now)).await;
            if let Err(error @ (StorageError::Damaged(_) | StorageError::Database(_))) = noted {
                tracing::warn!(%error, "the use of a session could not be noted");
            }
            let mut noting = here.noting();
            if noting.get(&hash) == Some(&now) {
                noting.remove(&hash);
            }
        });
    }

    fn noting(&self) -> std::sync::MutexGuard<'_, BTreeMap<[u8; 32], Timestamp>> {
        self.noting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
