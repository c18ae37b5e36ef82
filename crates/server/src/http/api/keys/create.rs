//! `POST /api-keys`

use std::collections::BTreeSet;

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use billing::{access::KeyScope, api::CreateKeyBody, people::parse_name};

use crate::{
    execute::{
        Tools,
        keys::{KEYS_MAX, make_key},
    },
    http::{
        App, Failure, RequestTag, body,
        gate::{May, rights::ManageKeys},
    },
    storage::Transaction,
};

/// Makes a key and tells it, once: that is why a repeat is not answered from memory, and makes another one.
pub async fn answer(
    caller: May<ManageKeys>,
    State(app): State<App>,
    tag: RequestTag,
    body::Json { value, .. }: body::Json<CreateKeyBody>,
) -> Result<Response, Failure> {
    let scopes: BTreeSet<KeyScope> = value.scopes.into_iter().collect();
    let scopes: Vec<_> = scopes.into_iter().collect();
    let tools = Tools::of(&app.deps);
    let write = move |tx: &mut dyn Transaction| {
        let allowed = caller.identify(tx, tools.now)?;
        let name = parse_name(&value.name).map_err(|wrong| Failure::invalid(vec![wrong]))?;
        if scopes.is_empty() {
            return Err(Failure::field("/scopes", "required", "A key allows something: name it."));
        }
        if tx.keys(allowed.scope)?.len() >= KEYS_MAX {
            let detail = format!("An agency has at most {KEYS_MAX} keys. Revoke one first.");
            return Err(Failure::new(StatusCode::CONFLICT, "too_many_keys", detail));
        }
        let origin = allowed.origin(&tag);
        Ok(make_key(tx, &tools, allowed.scope, &name, &scopes, &origin)?)
    };
    let made = app.deps.store.write(write).await?;
    let never = [(header::CACHE_CONTROL, "no-store")];
    Ok((StatusCode::CREATED, never, axum::Json(made)).into_response())
}
