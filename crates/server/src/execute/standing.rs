//! Entries into the books, and what they do to standings. Every entry is booked here: when it takes a balance across a threshold,
//! the notice that somebody has to tell of it is in the same transaction, so that no crash can lose it.

use billing::{
    Standing, Timestamp,
    ledger::{Book, JournalEntry},
};

use super::wallet;
use crate::storage::{Result, Scope, StorageError, Transaction};

/// Books an entry; answers its number. Looks at each balance it touches once, however much usage the entry stands for.
///
/// # Errors
/// `Conflict` when an entry of this kind and reference exists; `Damaged` when a balance does not fit.
pub fn book(
    tx: &mut dyn Transaction,
    scope: Scope,
    entry: &JournalEntry,
    now: Timestamp,
) -> Result<u64> {
    let number = tx.append(scope, entry)?;
    for posting in entry.postings() {
        let account = match posting.book {
            Book::Agency => None,
            Book::Customer { sub_account } => Some(sub_account),
            Book::Revenue | Book::Clearing | Book::Refunds | Book::Adjustments => continue,
        };
        // A customer's balance says nothing while the customer does not pay.
        let Some(level) = tx.level(scope, account)? else { continue };
        let before = level.balance.minus(posting.amount);
        let before = before.map_err(|error| StorageError::Damaged(error.to_string()))?;
        let from = Standing::of(before, level.low_below);
        if from != level.standing() {
            tx.insert_notice(scope, account, from, now)?;
        }
        if level.recharge_below.is_some_and(|below| before >= below && level.balance < below) {
            let key = format!("low/{number}");
            wallet::ask_recharge(tx, scope, account, &key, now)?;
        }
    }
    Ok(number)
}
