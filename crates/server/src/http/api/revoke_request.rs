//! `DELETE /accounts/{id}/billing-requests/{rid}`

use axum::{
    extract::{Path, State},
    http::{HeaderMap, Uri},
};
use billing::{RequestId, SubAccountId, funding::Command};

use super::id;
use crate::{
    execute::{Order, Tools, execute, idempotent::Key},
    http::{
        App, Failure, RequestTag,
        caller::Caller,
        conditions::{if_match, optional_idempotency_key},
        once::{Answer, once},
    },
    storage::Transaction,
};

/// Calls the open request off: its links are dead from now on.
pub async fn answer(
    State(app): State<App>,
    caller: Caller,
    tag: RequestTag,
    Path((sub_account, request)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Answer, Failure> {
    let sub_account: SubAccountId = id(&sub_account)?;
    let request: RequestId = id(&request)?;
    let key = optional_idempotency_key(&headers)?;
    let seen = if_match(&headers)?;
    let route = format!("DELETE {}", uri.path());
    let tools = Tools::of(&app.deps);
    let write = move |tx: &mut dyn Transaction| {
        let signed_in = caller.identify(tx, tools.now)?;
        let scope = signed_in.scope;
        let command = Command::RevokeRequest { request };
        let origin = signed_in.origin(&tag);
        let order = Order { sub_account, command, seen: Some(seen), origin };
        let revoke = |tx: &mut dyn Transaction| Ok(execute(tx, &tools, scope, &order)?.answer);
        match &key {
            Some(key) => {
                let key = Key::new(signed_in.user.id.to_string(), key.clone(), &route, &[]);
                once(tx, scope, &key, tools.now, revoke)
            }
            None => Answer::ok(&revoke(tx)?),
        }
    };
    app.deps.store.write(write).await
}
