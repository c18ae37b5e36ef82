//! `POST /session`

use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use billing::{
    api::SignInBody,
    text::{EmailAddress, has_card_number},
};

use super::me;
use crate::{
    execute::{Tools, people},
    http::{
        App, Failure, RequestTag, body::Json, codes, cookie, gate::Anyone, passwords,
        proxies::Caller,
    },
    storage::{Scope, Transaction, users::UserRow},
};

/// Signs in. Whether the address or the password was wrong is not told, not even by how long it takes.
pub async fn answer(
    _: Anyone,
    State(app): State<App>,
    caller: Option<Extension<Caller>>,
    tag: RequestTag,
    headers: HeaderMap,
    Json { value: body, .. }: Json<SignInBody>,
) -> Result<Response, Failure> {
    let caller = caller.map(|Extension(caller)| caller.counted());
    let now = app.deps.clock.now();
    if let Err(wait) = app.sign_ins.attempt(&body.email, caller, now) {
        tracing::warn!("a sign-in was refused: too many have failed");
        let detail = "Too many sign-ins failed. Wait a few minutes, then try again.";
        return Err(Failure::too_many(detail, wait.as_secs().max(1)));
    }
    let found = match EmailAddress::parse(&body.email) {
        Ok(email) => app.deps.store.read(move |tx| tx.user_by_email(&email)).await?,
        Err(_) => None,
    };
    let has_accepted = found.as_ref().filter(|(_, user)| !user.is_invited());
    let hash = has_accepted.map(|(_, user)| user.password_hash.clone());
    let known = found.as_ref().map(|(_, user)| tracing::field::display(user.id));
    if !passwords::verify(&app, body.password, hash).await? {
        // Never what was typed: people type passwords into the wrong field.
        tracing::warn!(user = known, "a sign-in failed");
        let detail = "Email address and password don't belong together.";
        return Err(Failure::new(StatusCode::UNAUTHORIZED, "bad_credentials", detail));
    }
    let (scope, user) = found.ok_or_else(Failure::internal)?;
    // Until that is done the attempt counts as one that failed.
    codes::show(&app, scope, &user, body.code, &tag).await?;
    tracing::info!(user = %user.id, "somebody signed in with their password");
    app.sign_ins.succeeded(&body.email, caller, now);
    start_session(&app, scope, user, agent(&headers)).await
}

/// Signs somebody in who has shown who they are: the cookie, and what `GET /me` says.
///
/// # Errors
/// When storage fails.
pub(super) async fn start_session(
    app: &App,
    scope: Scope,
    user: UserRow,
    agent: String,
) -> Result<Response, Failure> {
    let (tools, config) = (Tools::of(&app.deps), app.deps.config.clone());
    let now = tools.now;
    let write = move |tx: &mut dyn Transaction| {
        let (token, expires_at) = people::start_session(tx, &tools, scope, user.id, &agent)?;
        let me = me::me(tx, scope, &user, &config)?;
        Ok::<_, Failure>((me, token, expires_at))
    };
    let (me, token, expires_at) = app.deps.store.write(write).await?;
    let cookie = cookie::set(&token, now, expires_at, app.deps.config.is_https());
    let cookie = cookie.ok_or_else(Failure::internal)?;
    Ok(([(header::SET_COOKIE, cookie)], axum::Json(me)).into_response())
}

/// What the browser calls itself, if it could be that.
pub fn agent(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    agent.filter(|agent| !has_card_number(agent)).unwrap_or_default().to_owned()
}
