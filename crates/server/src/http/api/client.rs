//! What a client user sees: their sub-accounts, the usage of these, and the balance while it is their own. Routes of their
//! own, so that no answer to the agency's people has to be cut down to what a client may know.

pub mod accounts;
pub mod ledger;
pub mod report;
pub mod usage;

use billing::SubAccountId;

use crate::{
    http::{Failure, gate::Allowed},
    storage::{Transaction, accounts::AccountRow},
};

/// A sub-account of the path, which the gate has found to be theirs.
fn account(
    tx: &mut dyn Transaction,
    allowed: &Allowed,
    id: SubAccountId,
) -> Result<AccountRow, Failure> {
    let user = allowed.person()?;
    let own = user.accounts.contains(&id);
    let row = if own { tx.account(allowed.scope, id)? } else { None };
    row.ok_or_else(Failure::not_found)
}
