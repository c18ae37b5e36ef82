//! API keys: made once, told once, kept as a hash.

use billing::{
    KeyId,
    api::{KeySnapshot, NewKey},
    text::Name,
};

use super::{ExecuteError, Origin, Tools, links};
use crate::{
    deps::EntropyExt as _,
    storage::{
        Scope, StorageError, Transaction,
        audit::AuditRow,
        keys::{KeyRow, KeyScope},
    },
};

/// What every key starts with, so that scanners of leaked secrets know it.
const PREFIX: &str = "sluice_";

/// The hash under which a key is kept.
pub fn key_hash(key: &str) -> [u8; 32] {
    links::token_hash(key)
}

/// The most that an agency has.
pub const KEYS_MAX: usize = 100;

/// Makes a key; answers it, which nobody can do again.
///
/// # Errors
/// [`ExecuteError`] when the agency is gone or storage fails.
pub fn create_key(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    name: &Name,
    scopes: &[KeyScope],
    origin: &Origin,
) -> Result<String, ExecuteError> {
    Ok(make_key(tx, tools, scope, name, scopes, origin)?.key)
}

/// The same; answers it with its id.
///
/// # Errors
/// [`ExecuteError`] when the agency is gone or storage fails.
pub fn make_key(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    name: &Name,
    scopes: &[KeyScope],
    origin: &Origin,
) -> Result<NewKey, ExecuteError> {
    tx.agency(scope)?.ok_or(ExecuteError::NotFound)?;
    let key = format!("{PREFIX}{}", links::new_token(tools.entropy.as_ref()));
    let row = KeyRow {
        id: KeyId::new(tools.now, tools.entropy.id()),
        name: name.clone(),
        hash: key_hash(&key),
        scopes: scopes.to_vec(),
        created_at: tools.now,
        used_at: None,
    };
    tx.insert_key(scope, &row)?;
    let words: Vec<_> = scopes.iter().map(|scope| scope.name()).collect();
    let audit = AuditRow {
        after: Some(serde_json::json!({ "id": row.id, "name": name, "scopes": words }).to_string()),
        ..origin.did("create_key", tools.now)
    };
    tx.insert_audit(scope, &audit)?;
    Ok(NewKey { id: row.id, name: row.name, scopes: row.scopes, key })
}

/// Takes a key away. Servers that have just looked it up forget it within seconds.
///
/// # Errors
/// [`ExecuteError::NotFound`] when the agency has none of this id.
pub fn revoke_key(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    id: KeyId,
    origin: &Origin,
) -> Result<(), ExecuteError> {
    let row = tx.keys(scope)?.into_iter().find(|row| row.id == id);
    let row = row.ok_or(ExecuteError::NotFound)?;
    tx.delete_key(scope, id)?;
    let before = serde_json::json!({ "id": id, "name": row.name, "scopes": row.scopes });
    let audit =
        AuditRow { before: Some(before.to_string()), ..origin.did("revoke_key", tools.now) };
    Ok(tx.insert_audit(scope, &audit)?)
}

/// The keys of an agency.
///
/// # Errors
/// When storage fails.
pub fn list(tx: &mut dyn Transaction, scope: Scope) -> Result<Vec<KeySnapshot>, StorageError> {
    let told = tx.keys(scope)?.into_iter().map(|row| KeySnapshot {
        id: row.id,
        name: row.name,
        scopes: row.scopes,
        created_at: row.created_at,
        used_at: row.used_at,
    });
    Ok(told.collect())
}
