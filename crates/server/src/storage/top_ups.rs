//! Secure links to top up a balance: what the widget's button opens. Only the hash of a token is kept.

use billing::{PaymentId, SubAccountId, Timestamp, text::EmailAddress};

use super::{Result, Scope};

/// A link, and what was paid by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopUpRow {
    /// The hash of its token.
    pub token_hash: [u8; 32],
    /// Whose balance it tops up.
    pub sub_account: SubAccountId,
    /// Who paid for the account when it was made.
    pub email: EmailAddress,
    /// Since when.
    pub created_at: Timestamp,
    /// From when it takes no payment any more.
    pub expires_at: Timestamp,
    /// The payments that were tried, oldest first.
    pub payments: Vec<PaymentId>,
}

/// The links.
pub trait TopUps {
    /// A new one.
    ///
    /// # Errors
    /// When the database says no; so for every method here.
    fn insert_top_up(&mut self, scope: Scope, row: &TopUpRow) -> Result<()>;

    /// The link with this hash, and whose it is; also one that has expired.
    fn top_up(&mut self, token_hash: &[u8; 32]) -> Result<Option<(Scope, TopUpRow)>>;

    /// Stores which payments were tried.
    fn save_top_up_payments(&mut self, scope: Scope, row: &TopUpRow) -> Result<()>;

    /// How many links of an account still take a payment.
    fn live_top_ups(&mut self, scope: Scope, account: SubAccountId, now: Timestamp) -> Result<u32>;

    /// Forgets links that have expired by then; answers how many.
    fn prune_top_ups(&mut self, before: Timestamp) -> Result<u64>;
}

/// Reads an address.
pub(super) fn email(text: &str) -> Result<EmailAddress> {
    EmailAddress::parse(text)
        .map_err(|error| super::StorageError::Damaged(format!("{text:?}: {error}")))
}

/// Ids hold no spaces.
pub(super) fn joined(payments: &[PaymentId]) -> String {
    payments.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// The other way.
pub(super) fn payments(words: &str) -> Result<Vec<PaymentId>> {
    let damaged = || super::StorageError::Damaged(format!("payments {words:?}"));
    words.split_whitespace().map(|id| id.parse().map_err(|_| damaged())).collect()
}
