//! API keys: made once, told once, kept as a hash.

use billing::{KeyId, text::Name};

use super::{ExecuteError, Origin, Tools, links};
use crate::{
    deps::EntropyExt as _,
    storage::{
        Scope, Transaction,
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
    Ok(key)
}
