//! Receipts: one for each payment that settled, numbered in the transaction that settled it. What is paid back later is told
//! beside it, from the books.

use billing::{
    PaymentId, SubAccountId, Timestamp,
    api::{Receipt, ReceiptRefund},
    funding::{Payment, PaymentStatus},
    ledger::EntryKind,
    statements::receipt_number,
};

use super::statements;
use crate::{
    storage::{
        Result as Stored, Scope, StorageError, Transaction,
        statements::{ReceiptRow, digest},
    },
    zone::Zone,
};

/// Issues the receipt for a payment, unless there is one; nothing while it has not settled.
///
/// # Errors
/// When storage fails.
pub fn issue(
    tx: &mut dyn Transaction,
    scope: Scope,
    account: Option<SubAccountId>,
    payment: &Payment,
    now: Timestamp,
) -> Stored<()> {
    let Some(paid_at) = payment.settled_at.filter(|_| payment.status == PaymentStatus::Settled)
    else {
        return Ok(());
    };
    if tx.receipt(scope, payment.id)?.is_some() {
        return Ok(());
    }
    let zone = statements::zone(tx, scope)?;
    let Some(agency) = tx.agency(scope)? else { return Ok(()) };
    let named = match account {
        Some(account) => match statements::name(tx, scope, account)? {
            Some(named) => Some(named),
            None => return Ok(()),
        },
        None => None,
    };
    let (serial, day) = (tx.next_receipt(scope)?, zone.day(paid_at));
    let receipt = Receipt {
        number: receipt_number(day, serial),
        payment: payment.id,
        paid_at,
        day: day.text(),
        time_zone: zone.name().to_owned(),
        agency: agency.name,
        account: named,
        email: payment.email.clone(),
        card: payment.card.as_ref().map(billing::funding::Card::label),
        amount: payment.amount,
        usage: payment.usage(),
        refunds: Vec::new(),
    };
    let content = serde_json::to_string(&receipt).map_err(damaged)?;
    let digest = digest(&content);
    let row = ReceiptRow { serial, payment: payment.id, account, issued_at: now, content, digest };
    tx.insert_receipt(scope, &row)
}

/// Issues the receipts that a balance lacks: its payments settled before there were receipts.
///
/// # Errors
/// When storage fails.
pub fn issue_missing(
    tx: &mut dyn Transaction,
    scope: Scope,
    account: Option<SubAccountId>,
    now: Timestamp,
) -> Stored<()> {
    let mut payments = tx.payments_of(scope, account)?;
    payments.sort_by_key(|row| row.payment.settled_at);
    for row in payments {
        issue(tx, scope, account, &row.payment, now)?;
    }
    Ok(())
}

/// The receipts of an account, or of the agency's own balance, newest first; nothing when some are yet to be issued ([`issue_missing`]).
///
/// # Errors
/// When storage fails.
pub fn list(
    tx: &mut dyn Transaction,
    scope: Scope,
    account: Option<SubAccountId>,
) -> Stored<Option<Vec<Receipt>>> {
    let mut receipts = Vec::new();
    for row in tx.payments_of(scope, account)? {
        if row.payment.status != PaymentStatus::Settled {
            continue;
        }
        match tx.receipt(scope, row.payment.id)? {
            Some(found) => receipts.push(with_refunds(tx, scope, read(&found)?, &row.payment)?),
            None => return Ok(None),
        }
    }
    receipts.sort_by_key(|receipt| std::cmp::Reverse(receipt.paid_at));
    Ok(Some(receipts))
}

/// A balance's receipt for a payment.
///
/// # Errors
/// When storage fails.
pub fn find(
    tx: &mut dyn Transaction,
    scope: Scope,
    account: Option<SubAccountId>,
    payment: PaymentId,
) -> Stored<Option<Receipt>> {
    let paid = tx.payment(scope, payment)?.filter(|row| row.account == account);
    match (paid, tx.receipt(scope, payment)?) {
        (Some(paid), Some(row)) => with_refunds(tx, scope, read(&row)?, &paid.payment).map(Some),
        _ => Ok(None),
    }
}

/// Reads an issued receipt.
///
/// # Errors
/// When it is not what was issued.
pub fn read(row: &ReceiptRow) -> Stored<Receipt> {
    if digest(&row.content) != row.digest {
        return Err(StorageError::Damaged(format!("receipt {} was changed", row.serial)));
    }
    serde_json::from_str(&row.content).map_err(damaged)
}

fn with_refunds(
    tx: &mut dyn Transaction,
    scope: Scope,
    mut receipt: Receipt,
    payment: &Payment,
) -> Stored<Receipt> {
    let zone = Zone::parse(&receipt.time_zone);
    for refund in &payment.refunds {
        let settled = tx.entry_named(scope, EntryKind::RefundSettled, &refund.key.to_string())?;
        let day = settled.zip(zone.as_ref()).map(|(row, zone)| zone.day(row.entry.at()).text());
        receipt.refunds.push(ReceiptRefund { day, status: refund.status, amount: refund.amount });
    }
    Ok(receipt)
}

fn damaged(error: serde_json::Error) -> StorageError {
    StorageError::Damaged(error.to_string())
}
