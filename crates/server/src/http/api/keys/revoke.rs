//! `DELETE /api-keys/{key}`

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use billing::KeyId;

use crate::{
    execute::{Tools, keys::revoke_key},
    http::{
        App, Failure, RequestTag,
        api::id,
        gate::{May, rights::ManageKeys},
    },
    storage::Transaction,
};

/// Revokes a key: dead at once here, within seconds on other servers.
pub async fn answer(
    caller: May<ManageKeys>,
    State(app): State<App>,
    tag: RequestTag,
    Path(key): Path<String>,
) -> Result<StatusCode, Failure> {
    let key: KeyId = id(&key)?;
    let tools = Tools::of(&app.deps);
    let write = move |tx: &mut dyn Transaction| {
        let allowed = caller.identify(tx, tools.now)?;
        let origin = allowed.origin(&tag);
        Ok::<_, Failure>(revoke_key(tx, &tools, allowed.scope, key, &origin)?)
    };
    app.deps.store.write(write).await?;
    app.keys.forget(key);
    Ok(StatusCode::NO_CONTENT)
}
