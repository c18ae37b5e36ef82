//! The balanced record. An unbalanced one cannot be built.

use serde::{Deserialize, Serialize};

use super::Book;
use crate::{Currency, Money, SubAccountId, Timestamp};

/// One leg of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    /// The book it changes.
    pub book: Book,
    /// By how much.
    pub amount: Money,
}

/// The business event behind an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// Money came onto a balance.
    TopUp,
    /// A payment landed that no balance could take; it is on its way back.
    UnappliedPayment,
    /// Metered usage was paid for.
    Draw,
    /// The agency took billing back.
    Return,
    /// A refund reached its card.
    RefundSettled,
    /// A refund failed and went to a balance.
    RefundFailed,
    /// Some of a payment is on its way back to its card.
    Refund,
    /// A payment was disputed: its money is gone.
    Dispute,
    /// A dispute was won: the money is back.
    DisputeWon,
    /// Somebody corrected a balance by hand.
    Adjustment,
}

impl EntryKind {
    /// Every kind there is.
    pub const ALL: [Self; 10] = [
        Self::TopUp,
        Self::UnappliedPayment,
        Self::Draw,
        Self::Return,
        Self::RefundSettled,
        Self::RefundFailed,
        Self::Refund,
        Self::Dispute,
        Self::DisputeWon,
        Self::Adjustment,
    ];

    /// The name in databases and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::TopUp => "top_up",
            Self::UnappliedPayment => "unapplied_payment",
            Self::Draw => "draw",
            Self::Return => "return",
            Self::RefundSettled => "refund_settled",
            Self::RefundFailed => "refund_failed",
            Self::Refund => "refund",
            Self::Dispute => "dispute",
            Self::DisputeWon => "dispute_won",
            Self::Adjustment => "adjustment",
        }
    }

    /// The kind of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Why an entry cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LedgerError {
    /// The postings do not sum to zero.
    Unbalanced,
    /// Nothing is posted, or a posting is of nothing, or a book is named twice.
    Malformed,
    /// A currency that is not the entry's, or a sum that does not fit.
    Amount,
}

impl std::fmt::Display for LedgerError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Unbalanced => "the postings do not sum to zero",
            Self::Malformed => "the postings are empty, of nothing, or name a book twice",
            Self::Amount => "an amount does not fit the books",
        })
    }
}

impl std::error::Error for LedgerError {}

/// A balanced record: one business event, its postings, what it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct JournalEntry {
    kind: EntryKind,
    at: Timestamp,
    sub_account: Option<SubAccountId>,
    reference: String,
    postings: Vec<Posting>,
}

impl JournalEntry {
    /// A new entry. `reference` names what caused it (a payment, a refund, a day of usage), unique for its kind.
    ///
    /// # Errors
    /// [`LedgerError`] unless the postings are two or more, of something, each of another book, and sum to zero.
    pub fn new(
        kind: EntryKind,
        at: Timestamp,
        sub_account: Option<SubAccountId>,
        reference: String,
        postings: Vec<Posting>,
    ) -> Result<Self, LedgerError> {
        let first = postings.first().ok_or(LedgerError::Malformed)?;
        let twice = |(index, posting): (usize, &Posting)| {
            postings.iter().skip(index + 1).any(|other| other.book == posting.book)
        };
        if postings.iter().any(|posting| posting.amount.is_zero())
            || postings.iter().enumerate().any(twice)
        {
            return Err(LedgerError::Malformed);
        }
        let zero = Money::zero(first.amount.currency());
        let sum = postings.iter().try_fold(zero, |sum, posting| sum.plus(posting.amount));
        if !sum.map_err(|_| LedgerError::Amount)?.is_zero() {
            return Err(LedgerError::Unbalanced);
        }
        Ok(Self { kind, at, sub_account, reference, postings })
    }

    /// The business event.
    pub fn kind(&self) -> EntryKind {
        self.kind
    }

    /// When it was booked.
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// The sub-account it is about, if it is about one.
    pub fn sub_account(&self) -> Option<SubAccountId> {
        self.sub_account
    }

    /// What caused it.
    pub fn reference(&self) -> &str {
        &self.reference
    }

    /// The legs.
    pub fn postings(&self) -> &[Posting] {
        &self.postings
    }

    /// The currency of every leg.
    pub fn currency(&self) -> Currency {
        self.postings.first().map_or(Currency::Usd, |posting| posting.amount.currency())
    }

    /// What it adds to a book; nothing if it does not touch it.
    pub fn change_to(&self, book: Book) -> Money {
        let posting = self.postings.iter().find(|posting| posting.book == book);
        posting.map_or(Money::zero(self.currency()), |posting| posting.amount)
    }
}
