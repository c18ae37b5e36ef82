//! `POST /session`

use std::{net::IpAddr, time::Duration};

use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use billing::{api::SignInBody, text::EmailAddress};

use super::me;
use crate::{
    execute::{Tools, people},
    http::{App, Failure, body::Json, cookie, gate::Anyone, serve::Peer},
};

/// The longest that a sign-in waits for others to be hashed.
const HASH_WITHIN: Duration = Duration::from_secs(10);

/// Signs in. Whether the address or the password was wrong is not told, not even by how long it takes.
pub async fn answer(
    _: Anyone,
    State(app): State<App>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    Json { value: body, .. }: Json<SignInBody>,
) -> Result<Response, Failure> {
    let peer: Option<IpAddr> = peer.map(|Extension(Peer(peer))| peer.ip());
    let now = app.deps.clock.now();
    if let Some(wait) = app.sign_ins.wait(&body.email, peer, now) {
        let detail = "Too many sign-ins failed. Wait a few minutes, then try again.";
        return Err(Failure::too_many(detail, wait.as_secs().max(1)));
    }
    let found = match EmailAddress::parse(&body.email) {
        Ok(email) => app.deps.store.read(move |tx| tx.user_by_email(&email)).await?,
        Err(_) => None,
    };
    let has_accepted = found.as_ref().filter(|(_, user)| !user.is_invited());
    let hash = has_accepted.map(|(_, user)| user.password_hash.clone());
    if !verify(&app, body.password, hash).await? {
        app.sign_ins.failed(&body.email, peer, now);
        let detail = "This e-mail address and password don't belong together.";
        return Err(Failure::new(StatusCode::UNAUTHORIZED, "bad_credentials", detail));
    }
    app.sign_ins.succeeded(&body.email, peer);
    let (scope, user) = found.ok_or_else(Failure::internal)?;
    let tools = Tools::of(&app.deps);
    let (config, agent) = (app.deps.config.clone(), agent(&headers));
    let (me, token, expires_at) = app
        .deps
        .store
        .write(move |tx| {
            let (token, expires_at) = people::start_session(tx, &tools, scope, user.id, &agent)?;
            let me = me::me(tx, scope, &user, &config)?;
            Ok::<_, Failure>((me, token, expires_at))
        })
        .await?;
    let cookie = cookie::set(&token, now, expires_at, app.deps.config.is_https())
        .ok_or_else(Failure::internal)?;
    Ok(([(header::SET_COOKIE, cookie)], axum::Json(me)).into_response())
}

/// What the browser calls itself.
pub fn agent(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    agent.unwrap_or_default().to_owned()
}

/// Off the threads that others wait for, and few at a time.
async fn verify(app: &App, password: String, hash: Option<String>) -> Result<bool, Failure> {
    let permit = tokio::time::timeout(HASH_WITHIN, app.hashing.acquire()).await;
    let Ok(Ok(_permit)) = permit else { return Err(Failure::overloaded()) };
    let work = move || people::verify_password(&password, hash.as_deref());
    tokio::task::spawn_blocking(work).await.map_err(|_| Failure::internal())
}
