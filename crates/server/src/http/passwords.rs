//! Passwords are hashed off the threads that others wait for, and few at a time: each takes memory and a core for a while.

use std::time::Duration;

use axum::Extension;

use super::{
    App, Failure,
    gate::{May, rights::BeSignedIn},
    proxies::Caller,
};
use crate::{
    execute::{Tools, passwords::check_new, people, sessions},
    storage::{Transaction, users::UserRow},
};

/// The longest that one waits for others to be hashed.
const HASH_WITHIN: Duration = Duration::from_secs(10);

/// Whether this is the password that was hashed.
///
/// # Errors
/// 503 when too many wait already.
pub async fn verify(app: &App, password: String, hash: Option<String>) -> Result<bool, Failure> {
    at_leisure(app, move || people::verify_password(&password, hash.as_deref())).await
}

/// Somebody who is signed in shows that they know their password. Wrong ones count as they do when signing in.
///
/// # Errors
/// 422 on `/current_password` when it is another, 429 after too many, 503 when too many wait already.
pub async fn known(
    app: &App,
    user: &UserRow,
    caller: Option<Extension<Caller>>,
    password: String,
) -> Result<(), Failure> {
    let (now, email) = (app.deps.clock.now(), user.email.as_str());
    let caller = caller.map(|Extension(caller)| caller.counted());
    if let Err(wait) = app.sign_ins.attempt(email, caller, now) {
        let detail = "Too many wrong passwords. Wait a few minutes, then try again.";
        return Err(Failure::too_many(detail, wait.as_secs().max(1)));
    }
    if !verify(app, password, Some(user.password_hash.clone())).await? {
        tracing::warn!(user = %user.id, "somebody who is signed in gave a wrong password");
        let detail = "This is not your password.";
        return Err(Failure::field("/current_password", "wrong_password", detail));
    }
    app.sign_ins.succeeded(email, caller, now);
    Ok(())
}

/// Somebody who is signed in shows again who they are: by their password, or by having signed in just now, which is the way of
/// those who sign in with a provider.
///
/// # Errors
/// As [`known`]; 422 on `/current_password` when neither is so, 401 when they are not signed in.
pub async fn again(
    app: &App,
    signed_in: &May<BeSignedIn>,
    caller: Option<Extension<Caller>>,
    password: Option<String>,
) -> Result<(), Failure> {
    let (who, now) = (signed_in.clone(), app.deps.clock.now());
    let look = move |tx: &mut dyn Transaction| {
        let user = who.identify(tx, now)?.person()?.clone();
        let found = who.session().map(|hash| tx.session(&hash, now)).transpose()?;
        let is_fresh = found.flatten().is_some_and(|(_, _, row)| sessions::is_fresh(&row, now));
        Ok::<_, Failure>((user, is_fresh))
    };
    let (user, is_fresh) = app.deps.store.read(look).await?;
    match password {
        Some(password) => known(app, &user, caller, password).await,
        None if is_fresh => Ok(()),
        None => {
            let detail = "Give your password. If you have none, sign in again: for five minutes after that you need none.";
            Err(Failure::field("/current_password", "required", detail))
        }
    }
}

/// The hash of a password that somebody wants to have.
///
/// # Errors
/// 422 when it is not taken, 503 when too many wait already.
pub async fn hash(app: &App, password: String, person: UserRow) -> Result<String, Failure> {
    let tools = Tools::of(&app.deps);
    let work = move || {
        check_new(&password, &person.name, &person.email)
            .map_err(|problem| Failure::invalid(vec![problem]))?;
        Ok::<_, Failure>(people::hash_password(&password, &tools))
    };
    at_leisure(app, work).await??.map_err(|error| {
        tracing::error!(%error, "a password could not be hashed");
        Failure::internal()
    })
}

async fn at_leisure<R: Send + 'static>(
    app: &App,
    work: impl FnOnce() -> R + Send + 'static,
) -> Result<R, Failure> {
    let permit = tokio::time::timeout(HASH_WITHIN, app.hashing.acquire()).await;
    let Ok(Ok(_permit)) = permit else { return Err(Failure::overloaded()) };
    tokio::task::spawn_blocking(work).await.map_err(|_| Failure::internal())
}
