//! Agencies, their people, and who is signed in.

use std::{collections::BTreeSet, time::Duration};

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version,
    password_hash::phc::PasswordHash,
};
use billing::{
    AgencyId, Currency, Money, SubAccountId, Timestamp, UserId,
    access::Role,
    api::AccountCounts,
    people::PASSWORD_MAX_BYTES,
    text::{EmailAddress, Name},
};

use super::{ExecuteError, Tools, links};
use crate::{
    deps::EntropyExt,
    storage::{
        Scope, StorageError, Transaction,
        agencies::AgencyRow,
        users::{SessionRow, UserRow},
    },
};

/// How long somebody stays signed in, in days.
const SESSION_DAYS: u64 = 14;
/// So much is kept of what a browser calls itself, in characters.
const AGENT_MAX_CHARS: usize = 200;
/// OWASP's parameters for argon2id (Password Storage Cheat Sheet): 19 MiB, 2 passes, 1 lane.
fn argon2() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Hashes a password that was found to be one ([`billing::people::check_password`]). Slow on purpose: not on a thread that others
/// wait for.
///
/// # Errors
/// A sentence when it cannot be hashed.
pub fn hash_password(password: &str, tools: &Tools) -> Result<String, String> {
    let mut salt = [0u8; 16];
    tools.entropy.fill(&mut salt);
    let hash = argon2().hash_password_with_salt(password.as_bytes(), &salt);
    hash.map(|hash| hash.to_string()).map_err(|error| error.to_string())
}

/// Whether a password is the one that was hashed. Slow on purpose, also when there is no hash to compare with: an attacker
/// must not learn who exists.
pub fn verify_password(password: &str, hash: Option<&str>) -> bool {
    // Of a password nobody has: the work is the same.
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$\
                          AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    if password.len() > PASSWORD_MAX_BYTES {
        return false;
    }
    let parsed = PasswordHash::new(hash.unwrap_or(NOBODY));
    let same =
        parsed.is_ok_and(|parsed| argon2().verify_password(password.as_bytes(), &parsed).is_ok());
    same && hash.is_some()
}

/// A new agency.
///
/// # Errors
/// [`ExecuteError::Storage`].
pub fn create_agency(
    tx: &mut dyn Transaction,
    tools: &Tools,
    name: &Name,
    currency: Currency,
    now: Timestamp,
) -> Result<Scope, ExecuteError> {
    let id = AgencyId::new(now, tools.entropy.id());
    let row = AgencyRow {
        id,
        name: name.clone(),
        currency,
        low_below: Money::from_micros(100_000_000, currency),
        created_at: now,
        balance: Money::zero(currency),
        counts: AccountCounts { all: 0, agency: 0, customer: 0, between: 0 },
        change_seq: 0,
    };
    tx.insert_agency(&row)?;
    Ok(Scope::of(id))
}

/// Who is to be added.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// Their name.
    pub name: Name,
    /// Where they sign in.
    pub email: EmailAddress,
    /// Of [`hash_password`]; empty until they have accepted an invitation.
    pub password_hash: String,
    /// What they are to the agency.
    pub role: Role,
    /// The sub-accounts of a client user; empty for everybody else.
    pub accounts: BTreeSet<SubAccountId>,
}

impl NewPerson {
    /// An owner.
    pub fn owner(name: &Name, email: &EmailAddress, password_hash: String) -> Self {
        let (name, email) = (name.clone(), email.clone());
        Self { name, email, password_hash, role: Role::Owner, accounts: BTreeSet::new() }
    }
}

/// A new person of an agency.
///
/// # Errors
/// `Conflict` when the address is taken.
pub fn create_user(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    new: NewPerson,
) -> Result<UserRow, ExecuteError> {
    let NewPerson { name, email, password_hash, role, accounts } = new;
    let id = UserId::new(tools.now, tools.entropy.id());
    let (created_at, provider) = (tools.now, None);
    let row = UserRow { id, name, email, password_hash, created_at, role, accounts, provider };
    tx.insert_user(scope, &row)?;
    Ok(row)
}

/// Whoever answers for the agency: its first owner.
///
/// # Errors
/// When storage fails.
pub fn owner(tx: &mut dyn Transaction, scope: Scope) -> Result<Option<UserRow>, StorageError> {
    let is_owner = |user: &UserRow| user.role == Role::Owner && !user.is_invited();
    Ok(tx.users(scope)?.into_iter().find(is_owner))
}

/// Signs somebody in; answers the session's token for the cookie and when it ends. `agent` is what their browser calls itself.
///
/// # Errors
/// [`ExecuteError::Storage`].
pub fn start_session(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    user: UserId,
    agent: &str,
) -> Result<(String, Timestamp), ExecuteError> {
    start(tx, tools, scope, user, agent, false)
}

/// The same for somebody whom a provider vouches for: what they show beside a password is the provider's matter.
///
/// # Errors
/// [`ExecuteError::Storage`].
pub fn start_vouched_session(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    user: UserId,
    agent: &str,
) -> Result<(String, Timestamp), ExecuteError> {
    start(tx, tools, scope, user, agent, true)
}

fn start(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    user: UserId,
    agent: &str,
    is_vouched: bool,
) -> Result<(String, Timestamp), ExecuteError> {
    let token = links::new_token(tools.entropy.as_ref());
    let expires_at = tools.now.plus(Duration::from_secs(SESSION_DAYS * 24 * 60 * 60));
    let session = SessionRow {
        token_hash: links::token_hash(&token),
        user,
        created_at: tools.now,
        expires_at,
        used_at: tools.now,
        is_vouched,
        agent: agent.chars().filter(|c| !c.is_control()).take(AGENT_MAX_CHARS).collect(),
    };
    tx.insert_session(scope, &session)?;
    Ok((token, expires_at))
}
