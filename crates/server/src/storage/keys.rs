//! API keys: how machines sign in. Only hashes are kept.

use billing::{KeyId, Timestamp, text::Name};

use super::{Result, Scope};

pub use billing::access::KeyScope;

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
    /// When it was last used, to the minute.
    pub used_at: Option<Timestamp>,
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

    /// All of them, oldest first.
    ///
    /// # Errors
    /// When the database says no; so for every method that follows.
    fn keys(&mut self, scope: Scope) -> Result<Vec<KeyRow>>;

    /// Notes that a key was used.
    fn touch_key(&mut self, scope: Scope, id: KeyId, at: Timestamp) -> Result<()>;

    /// Takes a key away.
    fn delete_key(&mut self, scope: Scope, id: KeyId) -> Result<()>;
}
