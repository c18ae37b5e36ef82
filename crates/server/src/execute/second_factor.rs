//! An authenticator app beside the password: turned on with its first code, asked for when signing in, turned off with a code.
//! Whoever has lost the app has ten recovery codes, each good once.

use billing::api::{NewSecondFactor, RecoveryCodes, SecondFactorView};
use sha2::{Digest as _, Sha256};

use super::{Origin, Tools, totp};
use crate::{
    deps::{Entropy, EntropyExt as _},
    storage::{
        Scope, StorageError, Transaction,
        second_factors::{HASH_BYTES, SecondFactorRow},
        users::UserRow,
    },
};

/// How many recovery codes somebody gets.
const RECOVERY_CODES: usize = 10;
/// How much chance is in each: more than 112 bits, so that a plain hash keeps it (ASVS 6.5.2).
const RECOVERY_BYTES: usize = 15;
/// They are written in groups of so many letters.
const GROUP: usize = 6;
/// Longer than anything that is a code.
const TYPED_MAX_BYTES: usize = 64;

/// Why a code was not taken, or nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum FactorError {
    /// There is an app already.
    #[error("a second factor is on already")]
    On,
    /// There is none, or none was begun with.
    #[error("there is no second factor")]
    Off,
    /// It is another, or was used.
    #[error("the code is wrong")]
    WrongCode,
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Whether somebody has one, since when, and how many recovery codes are left.
///
/// # Errors
/// When storage fails.
pub fn view(
    tx: &mut dyn Transaction,
    scope: Scope,
    user: &UserRow,
) -> Result<SecondFactorView, StorageError> {
    let row = tx.second_factor(scope, user.id)?;
    let on = row.and_then(|row| row.on_since.map(|since| (since, row.recovery.len())));
    Ok(SecondFactorView {
        on_since: on.map(|(since, _)| since),
        recovery_codes_left: on.map_or(0, |(_, left)| u32::try_from(left).unwrap_or(u32::MAX)),
    })
}

/// Whether a code is asked of somebody.
///
/// # Errors
/// When storage fails.
pub fn is_on(tx: &mut dyn Transaction, scope: Scope, user: &UserRow) -> Result<bool, StorageError> {
    Ok(tx.second_factor(scope, user.id)?.is_some_and(|row| row.on_since.is_some()))
}

/// Makes a secret for an app; it is asked for nothing before [`turn_on`]. A secret that nobody has confirmed is replaced.
///
/// # Errors
/// [`FactorError::On`]
pub fn begin(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    user: &UserRow,
) -> Result<NewSecondFactor, FactorError> {
    if is_on(tx, scope, user)? {
        return Err(FactorError::On);
    }
    let mut secret = vec![0; totp::SECRET_BYTES];
    tools.entropy.fill(&mut secret);
    let (text, uri) = (totp::base32(&secret), totp::uri(&secret, user.email.as_str()));
    let (on_since, last_step, recovery) = (None, 0, Vec::new());
    let row = SecondFactorRow { user: user.id, secret, on_since, last_step, recovery };
    tx.save_second_factor(scope, &row)?;
    let picture = super::qr::picture(&uri);
    Ok(NewSecondFactor { secret: text, uri, picture })
}

/// From now on a code is asked for: the app has shown one. Answers the recovery codes, told this once. Every other session of
/// theirs is over: they began with a password alone.
///
/// # Errors
/// [`FactorError`]
pub fn turn_on(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    user: &UserRow,
    typed: &str,
    here: Option<[u8; 32]>,
    origin: &Origin,
) -> Result<RecoveryCodes, FactorError> {
    let mut row = tx.second_factor(scope, user.id)?.ok_or(FactorError::Off)?;
    if row.on_since.is_some() {
        return Err(FactorError::On);
    }
    let step = totp::taken(&row.secret, &plain(typed), row.last_step, tools.now);
    row.last_step = step.ok_or(FactorError::WrongCode)?;
    row.on_since = Some(tools.now);
    let codes: Vec<String> =
        (0..RECOVERY_CODES).map(|_| recovery_code(tools.entropy.as_ref())).collect();
    row.recovery = codes.iter().map(|code| hash(&plain(code))).collect();
    tx.save_second_factor(scope, &row)?;
    end_others(tx, tools, scope, user, here)?;
    tx.insert_audit(scope, &origin.did("turn_on_second_factor", tools.now))?;
    Ok(RecoveryCodes { codes })
}

/// No code is asked for any more. Takes a code, and ends every other session.
///
/// # Errors
/// [`FactorError`]
pub fn turn_off(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    user: &UserRow,
    typed: &str,
    here: Option<[u8; 32]>,
    origin: &Origin,
) -> Result<(), FactorError> {
    show(tx, tools, scope, user, typed, origin)?;
    tx.delete_second_factor(scope, user.id)?;
    end_others(tx, tools, scope, user, here)?;
    Ok(tx.insert_audit(scope, &origin.did("turn_off_second_factor", tools.now))?)
}

/// Somebody shows a code, of their app or for recovery; it is used up.
///
/// # Errors
/// [`FactorError`]
pub fn show(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    user: &UserRow,
    typed: &str,
    origin: &Origin,
) -> Result<(), FactorError> {
    let found = tx.second_factor(scope, user.id)?.filter(|row| row.on_since.is_some());
    let mut row = found.ok_or(FactorError::Off)?;
    let typed = plain(typed);
    if let Some(step) = totp::taken(&row.secret, &typed, row.last_step, tools.now) {
        row.last_step = step;
        return Ok(tx.save_second_factor(scope, &row)?);
    }
    let shown = hash(&typed);
    let place = row.recovery.iter().position(|kept| *kept == shown);
    row.recovery.remove(place.ok_or(FactorError::WrongCode)?);
    tx.save_second_factor(scope, &row)?;
    Ok(tx.insert_audit(scope, &origin.did("use_recovery_code", tools.now))?)
}

/// A code as it is compared: what people add when they copy one is no part of it.
fn plain(typed: &str) -> String {
    let kept = typed.chars().take(TYPED_MAX_BYTES).filter(|c| c.is_ascii_alphanumeric());
    kept.map(|c| c.to_ascii_lowercase()).collect()
}

fn hash(plain: &str) -> [u8; HASH_BYTES] {
    Sha256::new_with_prefix(b"recovery ").chain_update(plain).finalize().into()
}

/// `abcdef-ghijkl-mnopqr-stuvwx`
fn recovery_code(entropy: &dyn Entropy) -> String {
    let secret = entropy.secret();
    let letters = totp::base32(secret.get(..RECOVERY_BYTES).unwrap_or(&secret));
    let letters: Vec<char> = letters.to_ascii_lowercase().chars().collect();
    let groups: Vec<String> = letters.chunks(GROUP).map(|group| group.iter().collect()).collect();
    groups.join("-")
}

fn end_others(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    user: &UserRow,
    here: Option<[u8; 32]>,
) -> Result<(), StorageError> {
    for session in tx.sessions_of(scope, user.id, tools.now)? {
        if Some(session.token_hash) != here {
            tx.delete_session(&session.token_hash)?;
        }
    }
    Ok(())
}
