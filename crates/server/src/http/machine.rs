//! Machines: callers with an API key. A key that was looked up is remembered for a few seconds, so that a flood of events does
//! not become a flood of look-ups; a revoked one is dead by then. That it was used is written down once a minute.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use axum::http::{HeaderMap, StatusCode};
use billing::{KeyId, text::Name};
use tokio::time::Instant;

use super::{App, Failure, gate::bearer};
use crate::{
    execute::keys::key_hash,
    storage::{Scope, StorageError, Transaction, keys::KeyScope},
};

/// How long a look-up is good for.
const REMEMBER: Duration = Duration::from_secs(3);
/// How often it is written down that a key is used.
const NOTE_EVERY: Duration = Duration::from_secs(60);
/// Keys remembered at once.
const REMEMBERED_MAX: usize = 10_000;
/// Longer ones are not ours.
const KEY_MAX_BYTES: usize = 128;

/// Somebody with an API key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    /// The right to their agency's data.
    pub scope: Scope,
    /// The key.
    pub id: KeyId,
    /// What people call it.
    pub name: Name,
    /// What it allows.
    pub scopes: Vec<KeyScope>,
}

/// Keys that were looked up a moment ago, and when their use was last written down.
#[derive(Default)]
pub struct KnownKeys {
    known: Mutex<HashMap<[u8; 32], (Instant, Machine)>>,
    noted: Mutex<HashMap<KeyId, Instant>>,
}

impl Machine {
    /// Whose key the request carries.
    ///
    /// # Errors
    /// 401 without a living key.
    pub async fn of(app: &App, headers: &HeaderMap) -> Result<Self, Failure> {
        let key = bearer(headers).filter(|key| !key.is_empty() && key.len() <= KEY_MAX_BYTES);
        let hash = key_hash(key.ok_or_else(no_key)?);
        let machine = match app.keys.remembered(&hash) {
            Some(machine) => machine,
            None => {
                let read = move |tx: &mut dyn Transaction| {
                    let (scope, row) = tx.key_by_hash(&hash)?.ok_or_else(no_key)?;
                    let (id, name, scopes) = (row.id, row.name, row.scopes);
                    Ok::<_, Failure>(Self { scope, id, name, scopes })
                };
                let machine = app.deps.store.read(read).await?;
                app.keys.remember(hash, machine.clone());
                machine
            }
        };
        if app.keys.is_to_be_noted(machine.id) {
            note(app, &machine);
        }
        Ok(machine)
    }
}

/// Writes down that a key is used; nobody waits for it.
fn note(app: &App, machine: &Machine) {
    let (store, now) = (app.deps.store.clone(), app.deps.clock.now());
    let (scope, id) = (machine.scope, machine.id);
    tokio::spawn(async move {
        let noted = store.write(move |tx| tx.touch_key(scope, id, now)).await;
        if let Err(error @ (StorageError::Damaged(_) | StorageError::Database(_))) = noted {
            tracing::warn!(%error, "the use of a key could not be noted");
        }
    });
}

impl KnownKeys {
    fn remembered(&self, hash: &[u8; 32]) -> Option<Machine> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, machine) = known.get(hash)?;
        (at.elapsed() < REMEMBER).then(|| machine.clone())
    }

    fn remember(&self, hash: [u8; 32], machine: Machine) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED_MAX {
            known.clear();
        }
        known.insert(hash, (Instant::now(), machine));
    }

    /// Forgets a key that was revoked.
    pub fn forget(&self, key: KeyId) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, (_, machine)| machine.id != key);
    }

    /// Whether it is time to write down that a key is used; whoever is told so does it.
    fn is_to_be_noted(&self, key: KeyId) -> bool {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        if noted.get(&key).is_some_and(|at| at.elapsed() < NOTE_EVERY) {
            return false;
        }
        if noted.len() >= REMEMBERED_MAX {
            noted.clear();
        }
        noted.insert(key, Instant::now());
        true
    }
}

fn no_key() -> Failure {
    let detail = "Send a living API key: Authorization: Bearer sluice_….";
    Failure::new(StatusCode::UNAUTHORIZED, "unauthenticated", detail)
}
