//! The people of agencies, and their sessions.

use std::collections::BTreeSet;

use billing::{
    SubAccountId, Timestamp, UserId,
    access::Role,
    text::{EmailAddress, Name},
};

use super::{Result, Scope, StorageError};

/// A person of an agency, or of one of its clients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserRow {
    /// Their id.
    pub id: UserId,
    /// Their name.
    pub name: Name,
    /// Where they sign in; unique in the installation, ignoring case.
    pub email: EmailAddress,
    /// Argon2id in PHC form; empty until they have accepted their invitation.
    pub password_hash: String,
    /// When they were made.
    pub created_at: Timestamp,
    /// What they are to the agency.
    pub role: Role,
    /// The sub-accounts that a client user sees; empty for everybody else.
    pub accounts: BTreeSet<SubAccountId>,
    /// Who they are to the OpenID provider that they first signed in with.
    pub provider: Option<ProviderId>,
}

/// Who somebody is to an OpenID provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderId {
    /// The provider, as it calls itself.
    pub issuer: String,
    /// What it calls the person, and nobody else, ever: `sub`.
    pub subject: String,
}

impl UserRow {
    /// Whether they have yet to accept their invitation.
    pub fn is_invited(&self) -> bool {
        self.password_hash.is_empty()
    }
}

/// A session as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// The hash of its token.
    pub token_hash: [u8; 32],
    /// Whose.
    pub user: UserId,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
    /// What the browser called itself.
    pub agent: String,
    /// When it was last used, to the hour or so.
    pub used_at: Timestamp,
    /// Whether a provider vouched for who began it.
    pub is_vouched: bool,
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

    /// Everybody of the agency, oldest first.
    fn users(&mut self, scope: Scope) -> Result<Vec<UserRow>>;

    /// One of them.
    fn user(&mut self, scope: Scope, id: UserId) -> Result<Option<UserRow>>;

    /// Stores what has become of somebody: name, password, role, sub-accounts and provider.
    fn save_user(&mut self, scope: Scope, user: &UserRow) -> Result<()>;

    /// Takes somebody away, with their sessions, tickets and second factor.
    fn delete_user(&mut self, scope: Scope, id: UserId) -> Result<()>;

    /// Starts a session under the hash of its token.
    fn insert_session(&mut self, scope: Scope, session: &SessionRow) -> Result<()>;

    /// A session that has not expired, and whose it is.
    fn session(
        &mut self,
        token_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<(Scope, UserRow, SessionRow)>>;

    /// Writes down that a session is used. An earlier use than what is written changes nothing.
    fn touch_session(&mut self, scope: Scope, token_hash: &[u8; 32], at: Timestamp) -> Result<()>;

    /// The sessions of somebody that have not expired, newest first.
    fn sessions_of(
        &mut self,
        scope: Scope,
        user: UserId,
        now: Timestamp,
    ) -> Result<Vec<SessionRow>>;

    /// Ends a session.
    fn delete_session(&mut self, token_hash: &[u8; 32]) -> Result<()>;

    /// Ends all sessions of somebody.
    fn delete_sessions_of(&mut self, scope: Scope, user: UserId) -> Result<()>;

    /// Forgets sessions that have expired, and those that nobody has used since `used_after`.
    fn prune_sessions(&mut self, now: Timestamp, used_after: Timestamp) -> Result<u64>;
}

/// The sub-accounts of somebody as one text.
pub(super) fn accounts_text(accounts: &BTreeSet<SubAccountId>) -> String {
    let ids: Vec<_> = accounts.iter().map(ToString::to_string).collect();
    ids.join(" ")
}

/// Reads who somebody is to a provider.
pub(super) fn provider(issuer: Option<String>, subject: Option<String>) -> Option<ProviderId> {
    Some(ProviderId { issuer: issuer?, subject: subject? })
}

/// Reads role and sub-accounts.
pub(super) fn access(role: &str, accounts: &str) -> Result<(Role, BTreeSet<SubAccountId>)> {
    let damaged = || StorageError::Damaged(format!("access {role:?} {accounts:?}"));
    let ids = accounts.split_whitespace().map(str::parse).collect::<std::result::Result<_, _>>();
    Ok((Role::from_name(role).ok_or_else(damaged)?, ids.map_err(|_| damaged())?))
}
