//! Wallets: each can be read, holds something only while somebody pays for its balance, and waits for nothing that has ended.

use billing::{funding::Payer, wallet::RechargeState};

use super::Check;
use crate::storage::{Scope, StorageError, Transaction, accounts::AccountRow};

pub(super) fn verify(
    tx: &mut dyn Transaction,
    scope: Scope,
    account: &AccountRow,
    check: &mut Check,
) -> Result<(), StorageError> {
    let id = account.id;
    let wallet = match tx.wallet(scope, Some(id)) {
        Ok(wallet) => wallet,
        Err(StorageError::Damaged(what)) => {
            check.see(false, || format!("{id}: the wallet cannot be read: {what}"));
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    let is_empty = wallet.backup.is_none() && wallet.setup.is_none() && wallet.recharge.is_none();
    check.see(is_empty || account.funding.payer() == Payer::Customer, || {
        format!("{id}: nobody pays for its balance, and its wallet is not empty")
    });
    if let Some(setup) = &wallet.setup {
        let row = tx.card_setup(scope, setup.id)?;
        check.see(row.is_some_and(|row| row.account == Some(id)), || {
            format!("{id}: {} is being saved, and nothing is known of it", setup.id)
        });
    }
    let state = wallet.recharge.as_ref().map(|recharge| &recharge.state);
    if let Some(RechargeState::Charging { payment, .. }) = state {
        let row = tx.payment(scope, *payment)?.filter(|row| row.sub_account == id);
        check.see(row.is_some_and(|row| row.payment.status.is_open()), || {
            format!("{id}: its auto-recharge waits for {payment}, which is not under way")
        });
    }
    Ok(())
}
