//! `GET /sessions` and `DELETE /sessions/{session}`: one's own.

use axum::{
    Extension, Json,
    extract::{Path, State},
    http::StatusCode,
};
use billing::api::{EndSessionBody, SessionList};

use crate::{
    execute::{Tools, sessions},
    http::{
        App, Failure, RequestTag, body,
        gate::{May, rights::BeSignedIn},
        passwords,
        proxies::Caller,
    },
    storage::Transaction,
};

/// Where somebody is signed in.
pub async fn list(
    caller: May<BeSignedIn>,
    State(app): State<App>,
) -> Result<Json<SessionList>, Failure> {
    let now = app.deps.clock.now();
    let used_after = app.in_use.used_after(now);
    let read = move |tx: &mut dyn Transaction| {
        let allowed = caller.identify(tx, now)?;
        let (scope, user, current) = (allowed.scope, allowed.person()?, caller.session());
        let sessions = sessions::list(tx, scope, user, current, now, used_after)?;
        Ok::<_, Failure>(SessionList { sessions })
    };
    Ok(Json(app.deps.store.read(read).await?))
}

/// Signs out there. Whoever finds a page open shuts nobody out: one shows again who one is.
pub async fn end(
    signed_in: May<BeSignedIn>,
    State(app): State<App>,
    caller: Option<Extension<Caller>>,
    tag: RequestTag,
    Path(session): Path<String>,
    body::Json { value: body, .. }: body::Json<EndSessionBody>,
) -> Result<StatusCode, Failure> {
    passwords::again(&app, &signed_in, caller, body.current_password).await?;
    let tools = Tools::of(&app.deps);
    let write = move |tx: &mut dyn Transaction| {
        let allowed = signed_in.identify(tx, tools.now)?;
        let (user, origin) = (allowed.person()?, allowed.origin(&tag));
        Ok::<_, Failure>(sessions::end(tx, &tools, allowed.scope, user, &session, &origin)?)
    };
    app.deps.store.write(write).await?;
    Ok(StatusCode::NO_CONTENT)
}
