//! Machines: callers with an API key. A key that was looked up is remembered for a few seconds, so that a flood of events does
//! not become a flood of look-ups; a revoked one is dead by then.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use axum::http::{HeaderMap, StatusCode};
use tokio::time::Instant;

use super::{App, Failure, caller::bearer};
use crate::{
    execute::keys::key_hash,
    storage::{Scope, Transaction, keys::KeyScope},
};

/// How long a look-up is good for.
const REMEMBER: Duration = Duration::from_secs(3);
/// Keys remembered at once.
const REMEMBERED_MAX: usize = 10_000;
/// Longer ones are not ours.
const KEY_MAX_BYTES: usize = 128;

/// Somebody with an API key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    /// The right to their agency's data.
    pub scope: Scope,
    scopes: Vec<KeyScope>,
}

/// Keys that were looked up a moment ago.
#[derive(Default)]
pub struct KnownKeys(Mutex<HashMap<[u8; 32], (Instant, Machine)>>);

impl Machine {
    /// Whose key the request carries, if it may do this.
    ///
    /// # Errors
    /// 401 without a living key, 403 when the key may not.
    pub async fn with(app: &App, headers: &HeaderMap, needed: KeyScope) -> Result<Self, Failure> {
        let key = bearer(headers).filter(|key| !key.is_empty() && key.len() <= KEY_MAX_BYTES);
        let hash = key_hash(key.ok_or_else(no_key)?);
        let machine = match app.keys.remembered(&hash) {
            Some(machine) => machine,
            None => {
                let read = move |tx: &mut dyn Transaction| {
                    let (scope, row) = tx.key_by_hash(&hash)?.ok_or_else(no_key)?;
                    Ok::<_, Failure>(Self { scope, scopes: row.scopes })
                };
                let machine = app.deps.store.read(read).await?;
                app.keys.remember(hash, machine.clone());
                machine
            }
        };
        if machine.scopes.contains(&needed) {
            return Ok(machine);
        }
        let detail = format!("This key lacks the scope {}.", needed.name());
        Err(Failure::new(StatusCode::FORBIDDEN, "scope_missing", detail))
    }
}

impl KnownKeys {
    fn remembered(&self, hash: &[u8; 32]) -> Option<Machine> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, machine) = known.get(hash)?;
        (at.elapsed() < REMEMBER).then(|| machine.clone())
    }

    fn remember(&self, hash: [u8; 32], machine: Machine) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED_MAX {
            known.clear();
        }
        known.insert(hash, (Instant::now(), machine));
    }
}

fn no_key() -> Failure {
    let detail = "Send a living API key: Authorization: Bearer sluice_….";
    Failure::new(StatusCode::UNAUTHORIZED, "unauthenticated", detail)
}
