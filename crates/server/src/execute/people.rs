//! Agencies, their people, and who is signed in.

use std::time::Duration;

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version,
    password_hash::phc::PasswordHash,
};
use billing::{
    AgencyId, Currency, Money, Timestamp, UserId,
    api::AccountCounts,
    text::{EmailAddress, Name},
};

use super::{ExecuteError, Tools, links};
use crate::{
    deps::EntropyExt,
    storage::{Scope, Transaction, agencies::AgencyRow, users::UserRow},
};

/// How long somebody stays signed in, in days.
const SESSION_DAYS: u64 = 14;
/// The shortest password (NIST SP 800-63B §5.1.1 asks for 8; 12 costs nobody anything with a password manager).
pub const PASSWORD_MIN_CHARS: usize = 12;
/// The longest password, so that hashing one is no attack.
pub const PASSWORD_MAX_BYTES: usize = 1024;

/// OWASP's parameters for argon2id (Password Storage Cheat Sheet): 19 MiB, 2 passes, 1 lane.
fn argon2() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Hashes a password. Slow on purpose: not on a thread that others wait for.
///
/// # Errors
/// A sentence when the password is too short or too long.
pub fn hash_password(password: &str, tools: &Tools) -> Result<String, String> {
    if password.chars().count() < PASSWORD_MIN_CHARS {
        return Err(format!("A password has at least {PASSWORD_MIN_CHARS} characters."));
    }
    if password.len() > PASSWORD_MAX_BYTES {
        return Err(format!("A password has at most {PASSWORD_MAX_BYTES} bytes."));
    }
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

/// A new person of an agency.
///
/// # Errors
/// `Conflict` when the address is taken.
pub fn create_user(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    name: &Name,
    email: &EmailAddress,
    password_hash: String,
) -> Result<UserRow, ExecuteError> {
    let row = UserRow {
        id: UserId::new(tools.now, tools.entropy.id()),
        name: name.clone(),
        email: email.clone(),
        password_hash,
        created_at: tools.now,
    };
    tx.insert_user(scope, &row)?;
    Ok(row)
}

/// Signs somebody in; answers the session's token for the cookie and when it ends.
///
/// # Errors
/// [`ExecuteError::Storage`].
pub fn start_session(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    user: UserId,
) -> Result<(String, Timestamp), ExecuteError> {
    let token = links::new_token(tools.entropy.as_ref());
    let expires_at = tools.now.plus(Duration::from_secs(SESSION_DAYS * 24 * 60 * 60));
    tx.insert_session(scope, &links::token_hash(&token), user, expires_at)?;
    Ok((token, expires_at))
}
