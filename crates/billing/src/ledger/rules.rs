//! One rule per business event, one file each.

mod adjustment;
mod dispute;
mod refund;
mod return_to_agency;
mod top_up;
mod unapplied_payment;
pub mod usage;

pub use adjustment::{Adjusted, adjustment};
pub use dispute::{dispute_opened, dispute_won};
pub use refund::{refund_asked, refund_failed, refund_settled};
pub use return_to_agency::return_to_agency;
pub use top_up::{agency_top_up, customer_top_up};
pub use unapplied_payment::unapplied_payment;

use super::{Book, JournalEntry, LedgerError, Posting};
use crate::{
    Money, SubAccountId,
    funding::{Event, Recorded},
};

/// The entry that follows from an event of a sub-account's funding, if it moves money.
///
/// # Errors
/// [`LedgerError`] when an amount does not fit; nothing must be stored then.
pub fn entry_for(
    sub_account: SubAccountId,
    recorded: &Recorded,
) -> Result<Option<JournalEntry>, LedgerError> {
    let at = recorded.at;
    match &recorded.event {
        Event::PaymentCredited { payment, amount, usage, .. } => {
            customer_top_up(at, sub_account, *payment, *amount, *usage).map(Some)
        }
        Event::PaymentRejected { payment, amount, .. } => {
            unapplied_payment(at, sub_account, *payment, *amount).map(Some)
        }
        Event::ReturnedToAgency { moved, refunds, .. } => {
            return_to_agency(at, sub_account, *moved, refunds)
        }
        Event::RefundAsked { refund, amount, .. } => {
            refund_asked(at, sub_account, *refund, *amount).map(Some)
        }
        Event::DisputeOpened { dispute, amount, from_customer, .. } => {
            dispute_opened(at, Some(sub_account), dispute, *amount, *from_customer).map(Some)
        }
        Event::DisputeClosed { dispute, amount, won: true, to_customer, .. } => {
            dispute_won(at, Some(sub_account), dispute, *amount, *to_customer).map(Some)
        }
        Event::RefundSettled { refund, amount } => {
            refund_settled(at, sub_account, *refund, *amount).map(Some)
        }
        Event::RefundFailed { refund, amount, to, had_settled } => {
            let from = if *had_settled { Book::Clearing } else { Book::Refunds };
            refund_failed(at, sub_account, *refund, *amount, from, *to).map(Some)
        }
        _ => Ok(None),
    }
}

/// `amount` from one book to another.
fn moved(from: Book, to: Book, amount: Money) -> Result<Vec<Posting>, LedgerError> {
    let out = amount.negated().map_err(|_| LedgerError::Amount)?;
    Ok(vec![Posting { book: to, amount }, Posting { book: from, amount: out }])
}
