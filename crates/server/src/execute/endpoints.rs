//! Endpoints of outgoing webhooks: added, with a secret that is told once, and taken away.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use billing::{
    EndpointId,
    api::{EndpointSnapshot, NewEndpoint},
};

use super::{ExecuteError, Origin, Tools};
use crate::{
    config::Secret,
    deps::EntropyExt as _,
    storage::{Scope, StorageError, Transaction, audit::AuditRow, endpoints::EndpointRow},
};

/// The most that an agency has: every one of them is told of everything.
pub const ENDPOINTS_MAX: usize = 10;
/// What every secret starts with (Standard Webhooks), so that libraries and scanners of leaked secrets know it.
pub const SECRET_PREFIX: &str = "whsec_";

/// Why an endpoint was not added.
#[derive(Debug, thiserror::Error)]
pub enum EndpointError {
    /// The agency has as many as it may.
    #[error("An agency has at most {ENDPOINTS_MAX} endpoints. Remove one first.")]
    TooMany,
    /// The agency is gone, or storage failed.
    #[error(transparent)]
    Execute(#[from] ExecuteError),
}

impl From<StorageError> for EndpointError {
    fn from(error: StorageError) -> Self {
        Self::Execute(error.into())
    }
}

/// Adds an endpoint at a URL that was checked.
///
/// # Errors
/// [`EndpointError`]; nothing is stored then.
pub fn add_endpoint(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    url: &str,
    origin: &Origin,
) -> Result<NewEndpoint, EndpointError> {
    tx.agency(scope)?.ok_or(ExecuteError::NotFound)?;
    if tx.endpoints(scope)?.len() >= ENDPOINTS_MAX {
        return Err(EndpointError::TooMany);
    }
    let secret = format!("{SECRET_PREFIX}{}", STANDARD.encode(tools.entropy.secret()));
    let row = EndpointRow {
        id: EndpointId::new(tools.now, tools.entropy.id()),
        url: url.to_owned(),
        secret: Secret(secret.clone()),
        created_at: tools.now,
        delivered_at: None,
        error: None,
    };
    tx.insert_endpoint(scope, &row)?;
    audit(tx, tools, scope, "add_endpoint", row.id, Some(url), origin)?;
    Ok(NewEndpoint { id: row.id, url: row.url, secret })
}

/// Takes an endpoint away, with all that was to be sent there.
///
/// # Errors
/// [`ExecuteError::NotFound`] when the agency has none of this id.
pub fn remove_endpoint(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    id: EndpointId,
    origin: &Origin,
) -> Result<(), ExecuteError> {
    if !tx.remove_endpoint(scope, id)? {
        return Err(ExecuteError::NotFound);
    }
    if tx.endpoints(scope)?.is_empty() {
        tx.forget_told(scope)?;
    }
    Ok(audit(tx, tools, scope, "remove_endpoint", id, None, origin)?)
}

/// The endpoints of an agency, each with how it goes.
///
/// # Errors
/// When storage fails.
pub fn list(tx: &mut dyn Transaction, scope: Scope) -> Result<Vec<EndpointSnapshot>, StorageError> {
    let mut all = Vec::new();
    for row in tx.endpoints(scope)? {
        let counts = tx.delivery_counts(scope, row.id)?;
        all.push(EndpointSnapshot {
            id: row.id,
            url: row.url,
            created_at: row.created_at,
            delivered_at: row.delivered_at,
            error: row.error,
            waiting: counts.waiting,
            failed: counts.failed,
        });
    }
    Ok(all)
}

fn audit(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    action: &str,
    id: EndpointId,
    url: Option<&str>,
    origin: &Origin,
) -> Result<(), StorageError> {
    let row = AuditRow {
        after: Some(serde_json::json!({ "id": id, "url": url }).to_string()),
        ..origin.did(action, tools.now)
    };
    tx.insert_audit(scope, &row)
}
