//! A repeated `Idempotency-Key` has one effect and the same answer (DESIGN §5, 7).

use billing::Timestamp;
use sha2::{Digest, Sha256};

use crate::storage::{Result, Scope, Transaction, idempotency::IdempotencyRow};

/// A key as it came with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Whose: a user's id or a request's. Keys of different people do not meet.
    pub by: String,
    /// The header's value.
    pub key: String,
    /// A hash over the route and the body.
    pub fingerprint: [u8; 32],
}

impl Key {
    /// A key for this route and body.
    pub fn new(by: impl Into<String>, key: impl Into<String>, route: &str, body: &[u8]) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(route.as_bytes());
        hasher.update([0]);
        hasher.update(body);
        Self { by: by.into(), key: key.into(), fingerprint: hasher.finalize().into() }
    }
}

/// What a key says about the request that carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Never seen: go on.
    New,
    /// Done before: the answer is this one.
    Answered(u16, String),
    /// The first request is still under way.
    InFlight,
    /// Used before with another route or body.
    Mismatch,
}

/// Looks a key up.
///
/// # Errors
/// When storage fails; so for every function here.
pub fn look(tx: &mut dyn Transaction, scope: Scope, key: &Key) -> Result<Seen> {
    Ok(match tx.idempotency(scope, &key.by, &key.key)? {
        None => Seen::New,
        Some(row) if row.fingerprint != key.fingerprint => Seen::Mismatch,
        Some(IdempotencyRow { answer: Some((status, body)), .. }) => Seen::Answered(status, body),
        Some(_) => Seen::InFlight,
    })
}

/// Remembers a key as under way, in the transaction that starts the work.
pub fn start(tx: &mut dyn Transaction, scope: Scope, key: &Key, now: Timestamp) -> Result<()> {
    save(tx, scope, key, None, now)
}

/// Remembers the answer, in the transaction that has the effect.
pub fn answer(
    tx: &mut dyn Transaction,
    scope: Scope,
    key: &Key,
    status: u16,
    body: &str,
    now: Timestamp,
) -> Result<()> {
    save(tx, scope, key, Some((status, body.to_owned())), now)
}

fn save(
    tx: &mut dyn Transaction,
    scope: Scope,
    key: &Key,
    answer: Option<(u16, String)>,
    now: Timestamp,
) -> Result<()> {
    let row = IdempotencyRow { fingerprint: key.fingerprint, answer };
    tx.save_idempotency(scope, &key.by, &key.key, &row, now)
}
