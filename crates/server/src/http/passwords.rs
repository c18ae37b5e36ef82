//! Passwords are hashed off the threads that others wait for, and few at a time: each takes memory and a core for a while.

use std::time::Duration;

use super::{App, Failure};
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
