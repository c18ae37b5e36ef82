//! Passwords are hashed off the threads that others wait for, and few at a time: each takes memory and a core for a while.

use std::time::Duration;

use axum::Extension;

use super::{App, Failure, proxies::Caller};
use crate::{
    execute::{Tools, passwords::check_new, people},
    storage::users::UserRow,
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
