//! `POST /password-resets` and `POST /password-resets/accept`

use axum::{Extension, extract::State, http::StatusCode};
use billing::{
    api::{AskResetBody, SetPasswordBody},
    text::EmailAddress,
};

use super::invitations::set_password;
use crate::{
    execute::{Tools, tickets},
    http::{App, Failure, RequestTag, body::Json, gate::Anyone, proxies::Caller},
    storage::tickets::TicketPurpose,
};

/// Mails a link to whoever signs in with this address. Whether somebody does is not told, not even by how long it takes: the
/// answer goes out before anybody looks.
pub async fn ask(
    _: Anyone,
    State(app): State<App>,
    caller: Option<Extension<Caller>>,
    Json { value: body, .. }: Json<AskResetBody>,
) -> Result<StatusCode, Failure> {
    let email = EmailAddress::parse(&body.email)
        .map_err(|error| Failure::field("/email", error.code(), error.to_string()))?;
    let caller = caller.map(|Extension(caller)| caller.counted());
    let tools = Tools::of(&app.deps);
    if let Err(wait) = app.resets.attempt(email.as_str(), caller, tools.now) {
        let detail = "A new password was asked for too often. Wait a few minutes, then try again.";
        return Err(Failure::too_many(detail, wait.as_secs().max(1)));
    }
    let store = app.deps.store.clone();
    tokio::spawn(async move {
        let asked = store.write(move |tx| tickets::ask_reset(tx, &tools, &email)).await;
        if let Err(error) = asked {
            tracing::warn!(%error, "a letter about a forgotten password could not be queued");
        }
    });
    Ok(StatusCode::ACCEPTED)
}

/// Sets a new password; every session of the person is over with it.
pub async fn accept(
    _: Anyone,
    State(app): State<App>,
    tag: RequestTag,
    Json { value: body, .. }: Json<SetPasswordBody>,
) -> Result<StatusCode, Failure> {
    let (_, user) = set_password(&app, body, TicketPurpose::Reset, tag).await?;
    app.sign_ins.forgive(user.email.as_str());
    Ok(StatusCode::NO_CONTENT)
}
