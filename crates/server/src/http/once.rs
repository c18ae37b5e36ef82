//! A repeat has one effect and the same answer: the key, the effect and the answer are one transaction.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use billing::Timestamp;
use serde::Serialize;

use super::Failure;
use crate::{
    execute::idempotent::{self, Key, Seen},
    storage::{Scope, StorageError, Transaction},
};

/// An answer whose exact text is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    status: u16,
    json: String,
}

impl Answer {
    /// 200 with this.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn ok(value: &impl Serialize) -> Result<Self, Failure> {
        let json = serde_json::to_string(value)
            .map_err(|error| StorageError::Damaged(error.to_string()))?;
        Ok(Self { status: 200, json })
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let json = HeaderValue::from_static("application/json");
        (status, [(header::CONTENT_TYPE, json)], self.json).into_response()
    }
}

/// Does `work` unless it was done under this key before. A no is not kept: it may be a yes next time.
///
/// # Errors
/// What `work` says; 409 while the first request is under way; 422 when the key was for something else.
pub fn once<T: Serialize>(
    tx: &mut dyn Transaction,
    scope: Scope,
    key: &Key,
    now: Timestamp,
    work: impl FnOnce(&mut dyn Transaction) -> Result<T, Failure>,
) -> Result<Answer, Failure> {
    match idempotent::look(tx, scope, key)? {
        Seen::Answered(status, json) => return Ok(Answer { status, json }),
        Seen::InFlight => return Err(Failure::in_flight()),
        Seen::Mismatch => return Err(Failure::mismatch()),
        Seen::New => {}
    }
    let answer = Answer::ok(&work(tx)?)?;
    idempotent::answer(tx, scope, key, answer.status, &answer.json, now)?;
    Ok(answer)
}
