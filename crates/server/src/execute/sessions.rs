//! One's own sessions, listed and ended.

use std::time::Duration;

use billing::{Timestamp, api::SessionSnapshot};
use sha2::{Digest as _, Sha256};

use super::{ExecuteError, Origin, Tools};
use crate::storage::{
    Scope, StorageError, Transaction,
    audit::AuditRow,
    users::{SessionRow, UserRow},
};

/// So long after signing in somebody need not show again who they are.
const FRESH: Duration = Duration::from_secs(5 * 60);

/// Whether somebody has signed in just now, in whichever way.
pub fn is_fresh(session: &SessionRow, now: Timestamp) -> bool {
    now.since(session.created_at) <= FRESH
}

/// Names a session: a fingerprint of the hash under which it is kept, which opens nothing.
fn name(token_hash: &[u8; 32]) -> String {
    let digest = Sha256::new_with_prefix(b"session ").chain_update(token_hash).finalize();
    let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("ses_{hex}")
}

/// The sessions of somebody that were used since, newest first.
///
/// # Errors
/// When storage fails.
pub fn list(
    tx: &mut dyn Transaction,
    scope: Scope,
    user: &UserRow,
    current: Option<[u8; 32]>,
    now: Timestamp,
    used_after: Timestamp,
) -> Result<Vec<SessionSnapshot>, StorageError> {
    let rows = tx.sessions_of(scope, user.id, now)?;
    let alive = rows.into_iter().filter(|row| row.used_at > used_after);
    let told = alive.map(|row| SessionSnapshot {
        id: name(&row.token_hash),
        created_at: row.created_at,
        used_at: row.used_at,
        expires_at: row.expires_at,
        agent: row.agent,
        is_current: current == Some(row.token_hash),
    });
    Ok(told.collect())
}

/// Ends a session of somebody's own.
///
/// # Errors
/// [`ExecuteError::NotFound`] when they have none of this name.
pub fn end(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    user: &UserRow,
    id: &str,
    origin: &Origin,
) -> Result<(), ExecuteError> {
    let rows = tx.sessions_of(scope, user.id, tools.now)?;
    let row = rows.into_iter().find(|row| name(&row.token_hash) == id);
    tx.delete_session(&row.ok_or(ExecuteError::NotFound)?.token_hash)?;
    let after = Some(serde_json::json!({ "session": id }).to_string());
    let audit = AuditRow { after, ..origin.did("end_session", tools.now) };
    Ok(tx.insert_audit(scope, &audit)?)
}
