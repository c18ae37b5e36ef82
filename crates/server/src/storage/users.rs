//! The people of agencies, and their sessions.

use billing::{
    Timestamp, UserId,
    text::{EmailAddress, Name},
};

use super::{Result, Scope};

/// A person of an agency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserRow {
    /// Their id.
    pub id: UserId,
    /// Their name.
    pub name: Name,
    /// Where they sign in; unique in the installation, ignoring case.
    pub email: EmailAddress,
    /// Argon2id in PHC form.
    pub password_hash: String,
    /// When they were made.
    pub created_at: Timestamp,
}

/// The people and who of them is signed in.
pub trait Users {
    /// A new person.
    ///
    /// # Errors
    /// `Conflict` when the address is taken.
    fn insert_user(&mut self, scope: Scope, user: &UserRow) -> Result<()>;

    /// Whoever signs in with this address, and of which agency they are.
    ///
    /// # Errors
    /// When the database says no; so for every method that follows.
    fn user_by_email(&mut self, email: &EmailAddress) -> Result<Option<(Scope, UserRow)>>;

    /// Everybody of the agency, oldest first: the first is its owner.
    fn users(&mut self, scope: Scope) -> Result<Vec<UserRow>>;

    /// Starts a session under the hash of its token.
    fn insert_session(
        &mut self,
        scope: Scope,
        token_hash: &[u8; 32],
        user: UserId,
        expires_at: Timestamp,
    ) -> Result<()>;

    /// Whose session it is, unless it has expired.
    fn session(
        &mut self,
        token_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<(Scope, UserRow)>>;

    /// Ends a session.
    fn delete_session(&mut self, token_hash: &[u8; 32]) -> Result<()>;

    /// Forgets sessions that have expired.
    fn prune_sessions(&mut self, now: Timestamp) -> Result<u64>;
}
