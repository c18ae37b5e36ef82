//! `GET /sessions` and `DELETE /sessions/{session}`: one's own.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use billing::api::SessionList;

use crate::{
    execute::{Tools, sessions},
    http::{
        App, Failure, RequestTag,
        gate::{May, rights::BeSignedIn},
    },
    storage::Transaction,
};

/// Where somebody is signed in.
pub async fn list(
    caller: May<BeSignedIn>,
    State(app): State<App>,
) -> Result<Json<SessionList>, Failure> {
    let now = app.deps.clock.now();
    let read = move |tx: &mut dyn Transaction| {
        let allowed = caller.identify(tx, now)?;
        let (scope, user, current) = (allowed.scope, allowed.person()?, caller.session());
        let sessions = sessions::list(tx, scope, user, current, now)?;
        Ok::<_, Failure>(SessionList { sessions })
    };
    Ok(Json(app.deps.store.read(read).await?))
}

/// Signs out there.
pub async fn end(
    caller: May<BeSignedIn>,
    State(app): State<App>,
    tag: RequestTag,
    Path(session): Path<String>,
) -> Result<StatusCode, Failure> {
    let tools = Tools::of(&app.deps);
    let write = move |tx: &mut dyn Transaction| {
        let allowed = caller.identify(tx, tools.now)?;
        let (user, origin) = (allowed.person()?, allowed.origin(&tag));
        Ok::<_, Failure>(sessions::end(tx, &tools, allowed.scope, user, &session, &origin)?)
    };
    app.deps.store.write(write).await?;
    Ok(StatusCode::NO_CONTENT)
}
