//! What is kept beside a balance: its wallet, the links to it that were mailed, and the cards that are being saved. A balance is
//! a sub-account's own, or the agency's.

use billing::{SetupId, SubAccountId, Timestamp, text::EmailAddress, wallet::Wallet};

use super::{Result, Scope};

/// A link to the page of a balance, as it stands in letters. Only the hash of a token is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BalanceLinkRow {
    /// The hash of its token.
    pub token_hash: [u8; 32],
    /// Whose balance.
    pub account: Option<SubAccountId>,
    /// Whom it was mailed to.
    pub email: EmailAddress,
    /// Since when.
    pub created_at: Timestamp,
    /// From when it shows nothing any more.
    pub expires_at: Timestamp,
}

/// A card that is being saved, or was, and what the gateway calls that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardSetupRow {
    /// Its id.
    pub id: SetupId,
    /// To whose balance.
    pub account: Option<SubAccountId>,
    /// Since when.
    pub created_at: Timestamp,
    /// The gateway's customer, once it is known.
    pub customer: Option<String>,
    /// What the gateway's script made of the card fields; forgotten once the outcome is known.
    pub confirmation_token: Option<String>,
    /// The gateway's SetupIntent, once there is one.
    pub intent: Option<String>,
}

/// Wallets, links to balances, and cards being saved.
pub trait Wallets {
    /// The wallet of a balance; an empty one when nothing was ever put into it.
    ///
    /// # Errors
    /// When the database says no; so for every method here.
    fn wallet(&mut self, scope: Scope, account: Option<SubAccountId>) -> Result<Wallet>;

    /// Stores it.
    fn save_wallet(
        &mut self,
        scope: Scope,
        account: Option<SubAccountId>,
        wallet: &Wallet,
    ) -> Result<()>;

    /// A new link.
    fn insert_balance_link(&mut self, scope: Scope, row: &BalanceLinkRow) -> Result<()>;

    /// The link with this hash, and whose it is; also one that has expired.
    fn balance_link(&mut self, token_hash: &[u8; 32]) -> Result<Option<(Scope, BalanceLinkRow)>>;

    /// Whoever had it does not want it any more: it expires.
    fn end_balance_link(
        &mut self,
        scope: Scope,
        token_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<()>;

    /// The sub-accounts that this address pays for, whosever they are.
    fn paid_by(&mut self, email: &EmailAddress, limit: u32) -> Result<Vec<(Scope, SubAccountId)>>;

    /// A card is to be saved.
    fn insert_card_setup(&mut self, scope: Scope, row: &CardSetupRow) -> Result<()>;

    /// One of them.
    fn card_setup(&mut self, scope: Scope, id: SetupId) -> Result<Option<CardSetupRow>>;

    /// Whose it is: for the gateway's webhooks, which know no agency.
    fn card_setup_scope(&mut self, id: SetupId) -> Result<Option<Scope>>;

    /// Stores what the gateway calls it, and whether its token is still needed.
    fn save_card_setup(&mut self, scope: Scope, row: &CardSetupRow) -> Result<()>;

    /// Forgets links that have expired by then, and cards that were saved before; answers how many.
    fn prune_wallets(&mut self, before: Timestamp) -> Result<u64>;
}

/// What the threshold is that the books watch, if the auto-recharge is on.
pub(super) fn recharge_below(wallet: &Wallet) -> Option<i64> {
    let on = wallet.recharge.as_ref().filter(|recharge| recharge.is_on());
    on.map(|recharge| recharge.settings.below.micros())
}
