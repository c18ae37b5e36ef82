//! `PUT /me/password`: a new password for somebody who is signed in and knows the one until now.

use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use billing::api::ChangePasswordBody;

use super::sign_in::agent;
use crate::{
    execute::{Tools, passwords as rules},
    http::{
        App, Failure, RequestTag,
        body::Json,
        cookie,
        gate::{May, rights::BeSignedIn},
        passwords,
        proxies::Caller,
    },
    storage::Transaction,
};

/// Every other session of the person is over with it, and this one has a new token: a stolen one opens nothing any more. Wrong
/// passwords count as they do when signing in.
pub async fn answer(
    signed_in: May<BeSignedIn>,
    State(app): State<App>,
    caller: Option<Extension<Caller>>,
    tag: RequestTag,
    headers: HeaderMap,
    Json { value: body, .. }: Json<ChangePasswordBody>,
) -> Result<Response, Failure> {
    let now = app.deps.clock.now();
    let who = signed_in.clone();
    let look = move |tx: &mut dyn Transaction| who.identify(tx, now)?.person().cloned();
    let user = app.deps.store.read(look).await?;
    passwords::known(&app, &user, caller, body.current_password).await?;
    let password_hash = passwords::hash(&app, body.password, user.clone()).await?;
    let (tools, agent) = (Tools::of(&app.deps), agent(&headers));
    let write = move |tx: &mut dyn Transaction| {
        let scope = signed_in.identify(tx, tools.now)?.scope;
        let hash = &password_hash;
        let begun = rules::change(tx, &tools, scope, &user, hash, &agent, &tag.0)?;
        Ok::<_, Failure>(begun)
    };
    let (token, expires_at) = app.deps.store.write(write).await?;
    let cookie = cookie::set(&token, now, expires_at, app.deps.config.is_https());
    let cookie = cookie.ok_or_else(Failure::internal)?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}
