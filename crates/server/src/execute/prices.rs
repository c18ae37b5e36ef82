//! Prices: set once, in force from a time on, never changed.

use billing::{
    Timestamp,
    pricing::{PriceChange, PriceSubject, Setting},
};

use super::{ExecuteError, Origin};
use crate::storage::{Scope, Transaction, audit::AuditRow, prices::PriceRow};

/// Adds a version about a subject, in force from `from` on; answers it with its number. Usage that is drawn already keeps its
/// price.
///
/// # Errors
/// [`ExecuteError::NotFound`] when the sub-account it is about is not the agency's.
pub fn set_price(
    tx: &mut dyn Transaction,
    scope: Scope,
    subject: &PriceSubject,
    from: Timestamp,
    setting: &Setting,
    now: Timestamp,
    origin: &Origin,
) -> Result<PriceRow, ExecuteError> {
    // Also the lock that keeps two settings, or a setting and a draw, apart.
    tx.metering_head(scope)?;
    let sub_account = match subject {
        PriceSubject::List { .. } => None,
        PriceSubject::Override { account, .. } | PriceSubject::Markup { account } => Some(*account),
    };
    if let Some(account) = sub_account {
        tx.account(scope, account)?.ok_or(ExecuteError::NotFound)?;
    }
    let before = tx.prices_of(scope, subject)?.pop().map(|row| row.change);
    let change =
        PriceChange { number: 0, subject: subject.clone(), from, setting: setting.clone() };
    let mut row = PriceRow { change, set_at: now, set_by: origin.who.actor() };
    row.change.number = tx.insert_price(scope, &row)?;
    tx.note_metering_change(scope, None)?;
    let audit = AuditRow {
        sub_account,
        before: before.map(|change| serde_json::json!(change).to_string()),
        after: Some(serde_json::json!(row.change).to_string()),
        ..origin.did("set_price", now)
    };
    tx.insert_audit(scope, &audit)?;
    Ok(row)
}
