//! `POST /people` and `POST /people/{person}/invitation`

use axum::{
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, Uri},
};
use billing::{UserId, api::InvitePersonBody, people::parse_invitation};

use crate::{
    execute::{Tools, idempotent::Key, staff},
    http::{
        App, Failure, RequestTag,
        api::id,
        body::Json,
        conditions::idempotency_key,
        gate::{May, rights::ManagePeople},
        once::{Answer, once},
    },
    storage::Transaction,
};

/// Adds somebody and mails them the link with which they choose a password.
pub async fn answer(
    caller: May<ManagePeople>,
    State(app): State<App>,
    tag: RequestTag,
    headers: HeaderMap,
    Json { value: body, raw }: Json<InvitePersonBody>,
) -> Result<Answer, Failure> {
    let key = idempotency_key(&headers)?;
    let tools = Tools::of(&app.deps);
    let write = move |tx: &mut dyn Transaction| {
        let allowed = caller.identify(tx, tools.now)?;
        let invitation = parse_invitation(&body).map_err(Failure::invalid)?;
        let key = Key::new(allowed.name(), &key, "POST /people", &raw);
        once(tx, allowed.scope, &key, tools.now, |tx| {
            let origin = allowed.origin(&tag);
            Ok(staff::invite(tx, &tools, allowed.scope, &invitation, &origin)?)
        })
    };
    app.deps.store.write(write).await
}

/// Mails the invitation once more.
pub async fn again(
    caller: May<ManagePeople>,
    State(app): State<App>,
    tag: RequestTag,
    Path(person): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Answer, Failure> {
    let person: UserId = id(&person)?;
    let key = idempotency_key(&headers)?;
    let route = format!("POST {}", uri.path());
    let tools = Tools::of(&app.deps);
    let write = move |tx: &mut dyn Transaction| {
        let allowed = caller.identify(tx, tools.now)?;
        let key = Key::new(allowed.name(), &key, &route, &Bytes::new());
        once(tx, allowed.scope, &key, tools.now, |tx| {
            let origin = allowed.origin(&tag);
            Ok(staff::invite_again(tx, &tools, allowed.scope, person, &origin)?)
        })
    };
    app.deps.store.write(write).await
}
