//! A letter, and what the mail server made of it.

use billing::{
    api::{LetterState, LetterView},
    funding::{Effect, Letter},
    text::EmailAddress,
};
use serde_json::Value;

use crate::storage::{
    Scope, StorageError, Transaction,
    jobs::{JobState, LetterRow},
};

/// The letter that this row is about; none if it is about something else.
pub(super) fn view(
    tx: &mut dyn Transaction,
    scope: Scope,
    row: LetterRow,
) -> Result<Option<LetterView>, StorageError> {
    let Effect::Mail { letter } = row.effect else { return Ok(None) };
    let state = match (row.state, row.attempts, &row.error) {
        (JobState::Open, 0, _) => LetterState::Waiting,
        (JobState::Open, _, _) => LetterState::Deferred,
        (JobState::Done, _, None) => LetterState::Accepted,
        (JobState::Done, _, Some(_)) => LetterState::Dropped,
        (JobState::Failed, _, _) => LetterState::Refused,
    };
    let failed = matches!(state, LetterState::Deferred | LetterState::Refused);
    Ok(Some(LetterView {
        at: row.created_at,
        kind: kind(&letter)?,
        to: recipient(tx, scope, &letter)?,
        state,
        detail: row.error.filter(|_| failed),
        next_try: (state == LetterState::Deferred).then_some(row.run_at),
    }))
}

/// The letter's name, as it is stored.
fn kind(letter: &Letter) -> Result<String, StorageError> {
    let value = serde_json::to_value(letter);
    let value = value.map_err(|error| StorageError::Damaged(error.to_string()))?;
    Ok(value.get("letter").and_then(Value::as_str).unwrap_or_default().to_owned())
}

/// Whom it is for, if that is not the agency's owner.
fn recipient(
    tx: &mut dyn Transaction,
    scope: Scope,
    letter: &Letter,
) -> Result<Option<EmailAddress>, StorageError> {
    Ok(match letter {
        Letter::BillingRequest { request, .. } => {
            tx.request(scope, *request)?.map(|row| row.request.email)
        }
        Letter::Receipt { to, .. }
        | Letter::PaymentReturned { to, .. }
        | Letter::BillingEnded { to, .. }
        | Letter::RefundOnItsWay { to, .. }
        | Letter::BalanceDown { to, .. }
        | Letter::CardSaved { to, .. }
        | Letter::CardRemoved { to, .. }
        | Letter::CardExpiring { to, .. }
        | Letter::RechargeOn { to, .. }
        | Letter::RechargeOff { to, .. }
        | Letter::RechargeDeclined { to, .. }
        | Letter::RechargeCapped { to, .. }
        | Letter::ConfirmRecharge { to, .. }
        | Letter::BalanceLink { to } => Some(to.clone()),
        _ => None,
    })
}
