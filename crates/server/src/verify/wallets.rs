//! Wallets: each can be read, holds something only while somebody pays for its balance, and waits for nothing that has ended.

use billing::{
    SubAccountId,
    funding::Payer,
    wallet::{RechargeState, Wallet},
};

use super::Check;
use crate::storage::{Scope, StorageError, Transaction, accounts::AccountRow};

/// A sub-account's own.
pub(super) fn of_account(
    tx: &mut dyn Transaction,
    scope: Scope,
    account: &AccountRow,
    check: &mut Check,
) -> Result<(), StorageError> {
    let id = account.id;
    let Some(wallet) = verify(tx, scope, Some(id), check)? else { return Ok(()) };
    let is_empty = wallet.backup.is_none() && wallet.setup.is_none() && wallet.recharge.is_none();
    check.see(is_empty || account.funding.payer() == Payer::Customer, || {
        format!("{id}: nobody pays for its balance, and its wallet is not empty")
    });
    Ok(())
}

/// The agency's.
pub(super) fn of_agency(
    tx: &mut dyn Transaction,
    scope: Scope,
    check: &mut Check,
) -> Result<(), StorageError> {
    verify(tx, scope, None, check).map(drop)
}

/// Answers it, if it can be read.
fn verify(
    tx: &mut dyn Transaction,
    scope: Scope,
    account: Option<SubAccountId>,
    check: &mut Check,
) -> Result<Option<Wallet>, StorageError> {
    let whose = || account.map_or_else(|| scope.agency().to_string(), |id| id.to_string());
    let wallet = match tx.wallet(scope, account) {
        Ok(wallet) => wallet,
        Err(StorageError::Damaged(what)) => {
            check.see(false, || format!("{}: the wallet cannot be read: {what}", whose()));
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    if let Some(setup) = &wallet.setup {
        let row = tx.card_setup(scope, setup.id)?;
        check.see(row.is_some_and(|row| row.account == account), || {
            format!("{}: {} is being saved, and nothing is known of it", whose(), setup.id)
        });
    }
    let state = wallet.recharge.as_ref().map(|recharge| &recharge.state);
    if let Some(RechargeState::Charging { payment, .. }) = state {
        let row = tx.payment(scope, *payment)?.filter(|row| row.account == account);
        check.see(row.is_some_and(|row| row.payment.status.is_open()), || {
            format!("{}: its auto-recharge waits for {payment}, which is not under way", whose())
        });
    }
    Ok(Some(wallet))
}
