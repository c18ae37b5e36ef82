//! Payments of which the gateway told what cannot be: they wait for a person, who compares the two sides and says so here.

use billing::PaymentId;

use super::{ExecuteError, Origin, Tools};
use crate::storage::{Transaction, audit::AuditRow};

/// Has the gateway asked once more about a payment that was put aside, and about its refunds and disputes. If it still tells the
/// same, the payment is put aside again: nothing is believed that was not before.
///
/// # Errors
/// `NotFound` when there is no such payment, or it is not put aside; when the database says no.
pub fn look_again(
    tx: &mut dyn Transaction,
    tools: &Tools,
    payment: PaymentId,
    origin: &Origin,
) -> Result<(), ExecuteError> {
    let scope = tx.payment_scope(payment)?.ok_or(ExecuteError::NotFound)?;
    let row = tx.payment(scope, payment)?.ok_or(ExecuteError::NotFound)?;
    let why = row.quarantined.ok_or(ExecuteError::NotFound)?;
    tx.quarantine(scope, payment, None)?;
    let refunds = row.payment.refunds.iter().map(|refund| format!("refund/{}", refund.key));
    let disputes = row.payment.disputes.iter().map(|dispute| format!("dispute/{}", dispute.id));
    for key in [format!("confirm/{payment}")].into_iter().chain(refunds).chain(disputes) {
        tx.revive_job(scope, &key, tools.now)?;
    }
    let audit = AuditRow {
        sub_account: row.account,
        before: Some(serde_json::json!({ "payment": payment, "why": why }).to_string()),
        ..origin.did("look_again_at_payment", tools.now)
    };
    Ok(tx.insert_audit(scope, &audit)?)
}
