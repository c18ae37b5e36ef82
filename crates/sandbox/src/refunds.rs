//! Money that goes back to its card.

use crate::{
    books::{Refund, RefundStatus},
    cards::Behaviour,
    desk::Desk,
    error::ApiError,
    shelf::Record,
};

/// Gives money back, never more than is left of the charge.
pub(crate) fn refund(desk: &mut Desk<'_>, mut refund: Refund) -> Result<Refund, ApiError> {
    let charge = desk.books.charges.find_mut(&refund.charge)?;
    let remaining = charge.remaining();
    if charge.failure.is_some() {
        return Err(ApiError::invalid(format!("Charge {} did not succeed.", charge.id)).executed());
    }
    if charge.disputed {
        return Err(ApiError::invalid(format!(
            "Charge {} has been charged back; cannot issue a refund.",
            charge.id
        ))
        .code("charge_disputed")
        .executed());
    }
    if remaining == 0 {
        return Err(ApiError::invalid(format!("Charge {} has already been refunded.", charge.id))
            .code("charge_already_refunded")
            .executed());
    }
    if refund.amount > remaining {
        return Err(ApiError::invalid(format!(
            "Refund amount ({}) is greater than unrefunded amount on charge ({remaining}).",
            refund.amount
        ))
        .code("amount_too_large")
        .param("amount")
        .executed());
    }
    refund.status = RefundStatus::Succeeded;
    charge.amount_refunded += refund.amount;
    let will_fail = charge.card.kind.behaviour == Behaviour::RefundsFail;
    let charged = charge.json();
    desk.books.refunds.put(refund.clone());
    desk.emit("charge.refunded", charged);
    desk.emit("refund.created", refund.json());
    desk.emit("refund.updated", refund.json());
    if will_fail {
        desk.failing_refunds.push(refund.id.clone());
    }
    Ok(refund)
}

/// The bank sends a refund back: the amount is ours again.
pub(crate) fn fail_refund(desk: &mut Desk<'_>, refund_id: &str) -> Result<(), ApiError> {
    let refund = desk.books.refunds.find_mut(refund_id)?;
    if refund.status == RefundStatus::Failed {
        return Ok(());
    }
    refund.status = RefundStatus::Failed;
    let (amount, charge, snapshot) = (refund.amount, refund.charge.clone(), refund.json());
    desk.books.charges.find_mut(&charge)?.amount_refunded -= amount;
    desk.emit("refund.updated", snapshot.clone());
    desk.emit("refund.failed", snapshot);
    Ok(())
}
