//! Second factors: what somebody shows beside their password.

use billing::{Timestamp, UserId};

use super::{Result, Scope, StorageError};

/// How long the hash of a recovery code is.
pub const HASH_BYTES: usize = 32;

/// Somebody's authenticator app, and their recovery codes.
#[derive(Clone, PartialEq, Eq)]
pub struct SecondFactorRow {
    /// Whose.
    pub user: UserId,
    /// What the app and we share. As it is, since checking a code needs it.
    pub secret: Vec<u8>,
    /// Since when it is asked for; nothing before its first code was shown.
    pub on_since: Option<Timestamp>,
    /// The number of the half minute whose code was taken last: none of it or before is taken again.
    pub last_step: u64,
    /// The hashes of the recovery codes that were not used.
    pub recovery: Vec<[u8; HASH_BYTES]>,
}

impl std::fmt::Debug for SecondFactorRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SecondFactorRow")
            .field("user", &self.user)
            .field("on_since", &self.on_since)
            .field("last_step", &self.last_step)
            .field("recovery", &self.recovery.len())
            .finish_non_exhaustive()
    }
}

/// The second factors of people.
pub trait SecondFactors {
    /// Somebody's.
    ///
    /// # Errors
    /// When the database says no; so for every method that follows.
    fn second_factor(&mut self, scope: Scope, user: UserId) -> Result<Option<SecondFactorRow>>;

    /// Stores somebody's, in place of the one that there was.
    fn save_second_factor(&mut self, scope: Scope, row: &SecondFactorRow) -> Result<()>;

    /// Takes somebody's away.
    fn delete_second_factor(&mut self, scope: Scope, user: UserId) -> Result<()>;
}

/// Cuts the stored hashes apart.
pub(super) fn hashes(stored: &[u8]) -> Result<Vec<[u8; HASH_BYTES]>> {
    let (hashes, rest) = stored.as_chunks();
    match rest {
        [] => Ok(hashes.to_vec()),
        _ => Err(StorageError::Damaged(format!("{} bytes of recovery codes", stored.len()))),
    }
}
