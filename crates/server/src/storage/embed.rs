//! The widget: sites that may show balances of an agency's accounts, the short-lived tokens minted for them, and one-time
//! tickets to live streams. Of tokens and tickets only the hash is kept.

use billing::{SubAccountId, Timestamp, api::EmbedComponent};

use super::{Result, Scope};

/// What a token is good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmbedSessionRow {
    /// The hash of its token.
    pub token_hash: [u8; 32],
    /// The one account that it shows.
    pub account: SubAccountId,
    /// What of it.
    pub components: Vec<EmbedComponent>,
    /// On which sites.
    pub origins: Vec<String>,
    /// From when it shows nothing.
    pub expires_at: Timestamp,
}

/// The widgets of an agency.
pub trait Embedding {
    /// The sites that may show balances, in order.
    ///
    /// # Errors
    /// When the database says no; so for every method here.
    fn embed_origins(&mut self, scope: Scope) -> Result<Vec<String>>;

    /// Replaces them.
    fn save_embed_origins(&mut self, scope: Scope, origins: &[String]) -> Result<()>;

    /// The sites that may frame a page about this account, whosever it is; none when there is no such account.
    fn embed_origins_for(&mut self, account: SubAccountId) -> Result<Vec<String>>;

    /// A new token.
    fn insert_embed_session(&mut self, scope: Scope, session: &EmbedSessionRow) -> Result<()>;

    /// What the token with this hash is good for, if it has not expired.
    fn embed_session(
        &mut self,
        token_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<(Scope, EmbedSessionRow)>>;

    /// A new ticket to a stream of the token with this hash.
    fn insert_embed_ticket(
        &mut self,
        scope: Scope,
        ticket_hash: &[u8; 32],
        token_hash: &[u8; 32],
        expires_at: Timestamp,
    ) -> Result<()>;

    /// Takes a ticket, which nobody can do again; answers the hash of its token.
    fn take_embed_ticket(
        &mut self,
        ticket_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<[u8; 32]>>;

    /// Forgets tokens and tickets that have expired by then; answers how many.
    fn prune_embedding(&mut self, before: Timestamp) -> Result<u64>;
}

/// Words with spaces between them, as a column holds them.
pub(super) fn joined(components: &[EmbedComponent]) -> String {
    components.iter().map(|component| component.name()).collect::<Vec<_>>().join(" ")
}

/// The other way.
pub(super) fn components(words: &str) -> Vec<EmbedComponent> {
    words.split(' ').filter_map(EmbedComponent::from_name).collect()
}

/// Origins hold no spaces.
pub(super) fn origins(words: &str) -> Vec<String> {
    words.split(' ').map(ToOwned::to_owned).collect()
}
