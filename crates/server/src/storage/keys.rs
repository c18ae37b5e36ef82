//! API keys: how machines sign in. Only hashes are kept.

use billing::{KeyId, Timestamp, text::Name};

use super::{Result, Scope};

/// What a key lets its holder do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyScope {
    /// Send usage.
    UsageWrite,
    /// Read sub-accounts, their standing and their usage.
    AccountsRead,
    /// Mint tokens for the widget.
    EmbedMint,
}

impl KeyScope {
    /// Every scope.
    pub const ALL: [Self; 3] = [Self::UsageWrite, Self::AccountsRead, Self::EmbedMint];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::UsageWrite => "usage:write",
            Self::AccountsRead => "accounts:read",
            Self::EmbedMint => "embed:mint",
        }
    }

    /// The scope of this word.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }
}

/// A key as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRow {
    /// Its id.
    pub id: KeyId,
    /// What people call it.
    pub name: Name,
    /// The hash of its secret.
    pub hash: [u8; 32],
    /// What it allows.
    pub scopes: Vec<KeyScope>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// The keys of an agency.
pub trait Keys {
    /// A new one.
    ///
    /// # Errors
    /// `Conflict` when the hash is taken.
    fn insert_key(&mut self, scope: Scope, key: &KeyRow) -> Result<()>;

    /// Whose key has this hash.
    ///
    /// # Errors
    /// When the database says no.
    fn key_by_hash(&mut self, hash: &[u8; 32]) -> Result<Option<(Scope, KeyRow)>>;
}
