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

/// Signs out there. Whoever finds a page open shuts nobody out: the password is asked for, or that one has signed in just now,
/// which is how those show who they are who sign in with a provider.
pub async fn end(
    signed_in: May<BeSignedIn>,
    State(app): State<App>,
    caller: Option<Extension<Caller>>,
    tag: RequestTag,
    Path(session): Path<String>,
    body::Json { value: body, .. }: body::Json<EndSessionBody>,
) -> Result<StatusCode, Failure> {
    let (who, now) = (signed_in.clone(), app.deps.clock.now());
    let look = move |tx: &mut dyn Transaction| {
        let user = who.identify(tx, now)?.person()?.clone();
        let found = who.session().map(|hash| tx.session(&hash, now)).transpose()?;
        let is_fresh = found.flatten().is_some_and(|(_, _, row)| sessions::is_fresh(&row, now));
        Ok::<_, Failure>((user, is_fresh))
    };
    let (user, is_fresh) = app.deps.store.read(look).await?;
    match body.current_password {
        Some(password) => passwords::known(&app, &user, caller, password).await?,
        None if is_fresh => {}
        None => {
            let detail = "Give your password. If you have none, sign in again: for five minutes after that you need none.";
            return Err(Failure::field("/current_password", "required", detail));
        }
    }
    let tools = Tools::of(&app.deps);
    let write = move |tx: &mut dyn Transaction| {
        let allowed = signed_in.identify(tx, tools.now)?;
        let (user, origin) = (allowed.person()?, allowed.origin(&tag));
        Ok::<_, Failure>(sessions::end(tx, &tools, allowed.scope, user, &session, &origin)?)
    };
    app.deps.store.write(write).await?;
    Ok(StatusCode::NO_CONTENT)
}
