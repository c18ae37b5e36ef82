//! The entry that neither a command of the funding machine nor usage makes: a balance corrected by hand.

use billing::{
    Money, Timestamp,
    ledger::rules::{Adjusted, adjustment},
};

use super::{ExecuteError, Origin, standing, tell, tell_agency};
use crate::storage::{Scope, Transaction, audit::AuditRow};

/// Corrects a balance by hand, for the operator; clients are told.
///
/// # Errors
/// [`ExecuteError`] when the sub-account is gone, the reference was used before, or the amount does not fit.
pub fn adjust(
    tx: &mut dyn Transaction,
    scope: Scope,
    whose: Adjusted,
    amount: Money,
    reference: String,
    now: Timestamp,
    origin: &Origin,
) -> Result<(), ExecuteError> {
    standing::book(tx, scope, &adjustment(now, whose, amount, reference.clone())?, now)?;
    let sub_account = match whose {
        Adjusted::Agency => None,
        Adjusted::Customer(sub_account) => Some(sub_account),
    };
    let row = AuditRow {
        sub_account,
        after: Some(serde_json::json!({ "amount": amount, "reference": reference }).to_string()),
        ..origin.did("adjust", now)
    };
    tx.insert_audit(scope, &row)?;
    match sub_account {
        Some(sub_account) => tell(tx, scope, sub_account, now).map(|_| ()),
        None => tell_agency(tx, scope, now).map(|_| ()),
    }
}
