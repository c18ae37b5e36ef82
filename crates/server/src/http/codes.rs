//! Codes of second factors, asked for and counted: ten wrong ones in a quarter of an hour, from wherever they come. Only
//! whoever knows somebody's password can try one, so that nobody else keeps them out.

use axum::http::StatusCode;
use billing::api::Who;

use super::{
    App, Failure, RequestTag,
    gate::{May, rights::BeSignedIn},
};
use crate::{
    execute::{
        Origin, Tools,
        second_factor::{self, FactorError},
    },
    storage::{Scope, Transaction, users::UserRow},
};

/// To whoever gave a wrong one.
pub const WRONG: &str =
    "This code is not right, or was used. Take the one that your app shows now.";

/// Counts an attempt.
///
/// # Errors
/// 429 after too many.
fn attempt(app: &App, user: &UserRow) -> Result<(), Failure> {
    let attempt = app.codes.attempt(user.email.as_str(), None, app.deps.clock.now());
    attempt.map_err(|wait| {
        tracing::warn!(user = %user.id, "a code was refused: too many were wrong");
        let detail = "Too many wrong codes. Wait a few minutes, then try again.";
        Failure::too_many(detail, wait.as_secs().max(1))
    })
}

/// Counts an attempt of somebody who is signed in; answers who it is.
///
/// # Errors
/// 401 when they are not, 429 after too many.
pub async fn attempt_of(app: &App, signed_in: &May<BeSignedIn>) -> Result<UserRow, Failure> {
    let (who, now) = (signed_in.clone(), app.deps.clock.now());
    let look = move |tx: &mut dyn Transaction| who.identify(tx, now)?.person().cloned();
    let user = app.deps.store.read(look).await?;
    attempt(app, &user)?;
    Ok(user)
}

/// Forgets the attempts of somebody whose code was right.
pub fn taken(app: &App, user: &UserRow) {
    app.codes.succeeded(user.email.as_str(), None, app.deps.clock.now());
}

/// Whoever has shown their password shows a code, too, if they have an app.
///
/// # Errors
/// 401 `second_factor_required` when there is none, `wrong_code` when it is another; 429 after too many.
pub async fn show(
    app: &App,
    scope: Scope,
    user: &UserRow,
    code: Option<String>,
    tag: &RequestTag,
) -> Result<(), Failure> {
    let person = user.clone();
    let look = move |tx: &mut dyn Transaction| second_factor::is_on(tx, scope, &person);
    if !app.deps.store.read(look).await? {
        return Ok(());
    }
    let refused = |code, detail| Failure::new(StatusCode::UNAUTHORIZED, code, detail);
    let Some(code) = code.filter(|code| !code.trim().is_empty()) else {
        let detail = "Enter the code that your authenticator app shows, or a recovery code.";
        return Err(refused("second_factor_required", detail));
    };
    attempt(app, user)?;
    let (person, tools) = (user.clone(), Tools::of(&app.deps));
    let who = Who::User { id: user.id, name: user.name.to_string() };
    let origin = Origin::new(who, tag.0.clone());
    let write = move |tx: &mut dyn Transaction| {
        second_factor::show(tx, &tools, scope, &person, &code, &origin)
    };
    match app.deps.store.write(write).await {
        // Turned off at this moment.
        Ok(()) | Err(FactorError::Off) => {}
        Err(FactorError::WrongCode) => {
            tracing::warn!(user = %user.id, "a sign-in failed: the code was wrong");
            return Err(refused("wrong_code", WRONG));
        }
        Err(error) => return Err(error.into()),
    }
    taken(app, user);
    Ok(())
}
