//! `Idempotency-Key`: the same request again gets the same answer and has no second effect.

use std::collections::HashMap;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::error::ApiError;

/// How long a key is remembered.
const LIFETIME_SECONDS: i64 = 24 * 3_600;
const MAX_KEY_LENGTH: usize = 255;

/// An answer that was given once and will be given again.
#[derive(Debug, Clone)]
pub(crate) struct Recorded {
    pub status: u16,
    pub body: Value,
    pub request_id: String,
}

#[derive(Debug)]
struct Entry {
    request: [u8; 32],
    since: i64,
    /// None while the first request is still under way.
    answer: Option<Recorded>,
}

/// Every key of the last day.
#[derive(Debug, Default)]
pub(crate) struct IdempotencyKeys {
    entries: HashMap<String, Entry>,
}

impl IdempotencyKeys {
    /// Starts a request under `key`, or tells what it answered before.
    pub fn begin(
        &mut self,
        key: &str,
        path: &str,
        body: &[u8],
        now: i64,
    ) -> Result<Option<Recorded>, ApiError> {
        if key.is_empty() || key.len() > MAX_KEY_LENGTH {
            return Err(ApiError::idempotency(
                400,
                format!("Idempotency keys must be 1 to {MAX_KEY_LENGTH} characters long."),
            ));
        }
        let request = Sha256::new().chain_update(path).chain_update([0]).chain_update(body);
        let request: [u8; 32] = request.finalize().into();
        self.entries.retain(|_, entry| now - entry.since < LIFETIME_SECONDS);
        match self.entries.get(key) {
            None => {
                let entry = Entry { request, since: now, answer: None };
                self.entries.insert(key.to_owned(), entry);
                Ok(None)
            }
            Some(entry) if entry.request != request => Err(ApiError::idempotency(
                400,
                format!(
                    "Keys for idempotent requests can only be used with the same parameters they \
                     were first used with. Try using a key other than '{key}' if you meant to \
                     execute a different request."
                ),
            )),
            Some(Entry { answer: Some(answer), .. }) => Ok(Some(answer.clone())),
            Some(Entry { answer: None, .. }) => Err(ApiError::idempotency(
                409,
                format!(
                    "There is currently another in-progress request using this Idempotent Key \
                     ({key}). Please try again later."
                ),
            )
            .code("idempotency_key_in_use")),
        }
    }

    /// Ends a request: its answer is remembered, or (none) the key is as good as new.
    pub fn end(&mut self, key: &str, answer: Option<Recorded>) {
        match (answer, self.entries.get_mut(key)) {
            (Some(answer), Some(entry)) => entry.answer = Some(answer),
            (None, _) => {
                self.entries.remove(key);
            }
            (Some(_), None) => {}
        }
    }
}
