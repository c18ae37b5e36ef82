//! `POST /accounts/{id}/billing-requests/{rid}/resend`

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
        conditions::{idempotency_key, if_match},
        once::{Answer, once},
    },
    storage::Transaction,
};

/// Mails the open request once more.
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
    let key = idempotency_key(&headers)?;
    let seen = if_match(&headers)?;
    let route = format!("POST {}", uri.path());
    let tools = Tools::of(&app.deps);
    let write = move |tx: &mut dyn Transaction| {
        let signed_in = caller.identify(tx, tools.now)?;
        let key = Key::new(signed_in.user.id.to_string(), key.clone(), &route, &[]);
        once(tx, signed_in.scope, &key, tools.now, |tx| {
            let command = Command::ResendRequest { request };
            let origin = signed_in.origin(&tag);
            let order = Order { sub_account, command, seen: Some(seen), origin };
            Ok(execute(tx, &tools, signed_in.scope, &order)?.answer)
        })
    };
    app.deps.store.write(write).await
}
