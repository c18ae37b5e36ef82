//! A payment is disputed, and what becomes of that.

use crate::{
    Money, SubAccountId, Timestamp,
    ledger::{Book, EntryKind, JournalEntry, LedgerError, Posting},
};

/// The bank takes the money back: the balances that have it → clearing. Without a sub-account it is the agency's own payment.
///
/// # Errors
/// [`LedgerError`] when an amount is nothing or does not fit.
pub fn dispute_opened(
    at: Timestamp,
    sub_account: Option<SubAccountId>,
    dispute: &str,
    amount: Money,
    from_customer: Money,
) -> Result<JournalEntry, LedgerError> {
    let out = |amount: Money| amount.negated().map_err(|_| LedgerError::Amount);
    let postings = legs(sub_account, out(amount)?, out(from_customer)?)?;
    JournalEntry::new(EntryKind::Dispute, at, sub_account, dispute.to_owned(), postings)
}

/// The bank gives it back: clearing → the balances that have it now.
///
/// # Errors
/// [`LedgerError`] when an amount is nothing or does not fit.
pub fn dispute_won(
    at: Timestamp,
    sub_account: Option<SubAccountId>,
    dispute: &str,
    amount: Money,
    to_customer: Money,
) -> Result<JournalEntry, LedgerError> {
    let postings = legs(sub_account, amount, to_customer)?;
    JournalEntry::new(EntryKind::DisputeWon, at, sub_account, dispute.to_owned(), postings)
}

/// `amount` onto the balances, `customers` of it onto the customer's.
fn legs(
    sub_account: Option<SubAccountId>,
    amount: Money,
    customers: Money,
) -> Result<Vec<Posting>, LedgerError> {
    let agencys = amount.minus(customers).map_err(|_| LedgerError::Amount)?;
    let clearing = amount.negated().map_err(|_| LedgerError::Amount)?;
    let customer = sub_account
        .map(|sub_account| Posting { book: Book::Customer { sub_account }, amount: customers });
    let others = [
        Posting { book: Book::Agency, amount: agencys },
        Posting { book: Book::Clearing, amount: clearing },
    ];
    let legs = customer.into_iter().chain(others);
    Ok(legs.filter(|posting| !posting.amount.is_zero()).collect())
}
