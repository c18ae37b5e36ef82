//! A cardholder complains: the bank takes the money back until it is decided, or only asks.

use crate::{
    books::{Dispute, DisputeStatus},
    desk::Desk,
    error::ApiError,
    shelf::Record,
};

/// Opens a dispute of a charge: of all of it when no amount is given. An inquiry takes no money.
pub(crate) fn open(
    desk: &mut Desk<'_>,
    charge_id: &str,
    amount: Option<i64>,
    reason: &str,
    inquiry: bool,
) -> Result<Dispute, ApiError> {
    let charge = desk.books.charges.find(charge_id)?;
    let before: i64 = desk
        .books
        .disputes
        .iter()
        .filter(|dispute| dispute.charge == charge_id)
        .map(|dispute| dispute.amount)
        .sum();
    let most = if charge.failure.is_some() { 0 } else { charge.amount - before };
    let amount = amount.unwrap_or(most);
    if amount < 1 || amount > most {
        return Err(ApiError::invalid(format!(
            "A dispute of {amount} does not fit: {most} of the charge {charge_id} can be disputed."
        ))
        .param("amount"));
    }
    let (currency, payment_intent) = (charge.currency.clone(), charge.payment_intent.clone());
    let status =
        if inquiry { DisputeStatus::WarningNeedsResponse } else { DisputeStatus::NeedsResponse };
    let dispute = Dispute {
        id: desk.new_id("dp"),
        created: desk.now,
        amount,
        currency,
        charge: charge_id.to_owned(),
        payment_intent,
        reason: reason.to_owned(),
        status,
    };
    desk.books.disputes.put(dispute.clone());
    mark(desk, charge_id)?;
    desk.emit("charge.dispute.created", dispute.json());
    if status.takes_money() {
        desk.emit("charge.dispute.funds_withdrawn", dispute.json());
    }
    Ok(dispute)
}

/// The bank has evidence to look at, or has decided.
pub(crate) fn advance(
    desk: &mut Desk<'_>,
    dispute_id: &str,
    status: DisputeStatus,
) -> Result<Dispute, ApiError> {
    use DisputeStatus::{
        Lost, NeedsResponse, UnderReview, WarningClosed, WarningNeedsResponse, Won,
    };
    let dispute = desk.books.disputes.find_mut(dispute_id)?;
    let before = dispute.status;
    let follows = match before {
        WarningNeedsResponse => status == WarningClosed,
        NeedsResponse => matches!(status, UnderReview | Won | Lost),
        UnderReview => matches!(status, Won | Lost),
        WarningClosed | Won | Lost => false,
    };
    if !follows {
        return Err(ApiError::invalid(format!(
            "This dispute cannot become {} because it has a status of {}.",
            status.name(),
            before.name()
        ))
        .executed());
    }
    dispute.status = status;
    let dispute = dispute.clone();
    mark(desk, &dispute.charge)?;
    if before.takes_money() && !status.takes_money() {
        desk.emit("charge.dispute.funds_reinstated", dispute.json());
    }
    let kind = if status.is_over() { "charge.dispute.closed" } else { "charge.dispute.updated" };
    desk.emit(kind, dispute.json());
    Ok(dispute)
}

/// Whether money of this charge is taken back now.
fn mark(desk: &mut Desk<'_>, charge_id: &str) -> Result<(), ApiError> {
    let disputed = desk
        .books
        .disputes
        .iter()
        .any(|dispute| dispute.charge == charge_id && dispute.status.takes_money());
    desk.books.charges.find_mut(charge_id)?.disputed = disputed;
    Ok(())
}
