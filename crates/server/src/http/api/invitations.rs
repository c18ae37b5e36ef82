//! `POST /invitations/open` and `POST /invitations/accept`: for whoever has the link of an invitation.

use axum::{
    Json as Answer,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use billing::api::{InvitationView, OpenInvitationBody, SetPasswordBody};

use super::sign_in::{agent, start_session};
use crate::{
    execute::{
        Tools, links,
        tickets::{self, TicketError},
    },
    http::{App, Failure, RequestTag, body::Json, gate::Anyone, passwords},
    storage::{Scope, Transaction, tickets::TicketPurpose, users::UserRow},
};

impl From<TicketError> for Failure {
    fn from(error: TicketError) -> Self {
        match error {
            TicketError::Unknown => Self::link_unknown(),
            TicketError::Expired => {
                let detail = "This link has expired. Ask for a new one.";
                Self::new(StatusCode::GONE, "link_expired", detail)
            }
            TicketError::Execute(error) => error.into(),
        }
    }
}

/// Whom the invitation is for; mail scanners open links too, so nothing is changed.
pub async fn open(
    _: Anyone,
    State(app): State<App>,
    Json { value: body, .. }: Json<OpenInvitationBody>,
) -> Result<Answer<InvitationView>, Failure> {
    let (hash, now) = (links::token_hash(&body.token), app.deps.clock.now());
    let read = move |tx: &mut dyn Transaction| Ok::<_, Failure>(tickets::view(tx, &hash, now)?);
    Ok(Answer(app.deps.store.read(read).await?))
}

/// Sets the first password and signs in.
pub async fn accept(
    _: Anyone,
    State(app): State<App>,
    tag: RequestTag,
    headers: HeaderMap,
    Json { value: body, .. }: Json<SetPasswordBody>,
) -> Result<Response, Failure> {
    let (scope, user) = set_password(&app, body, TicketPurpose::Invitation, tag).await?;
    start_session(&app, scope, user, agent(&headers)).await
}

/// Uses a ticket up. It is looked at before the password is hashed: only who has one makes us work.
pub(super) async fn set_password(
    app: &App,
    body: SetPasswordBody,
    purpose: TicketPurpose,
    tag: RequestTag,
) -> Result<(Scope, UserRow), Failure> {
    let SetPasswordBody { token, password } = body;
    let (hash, now) = (links::token_hash(&token), app.deps.clock.now());
    let look = move |tx: &mut dyn Transaction| {
        let (_, user, _) = tickets::holder(tx, &hash, purpose, now)?;
        Ok::<_, Failure>(user)
    };
    let user = app.deps.store.read(look).await?;
    let password_hash = passwords::hash(app, password, user).await?;
    let tools = Tools::of(&app.deps);
    let write = move |tx: &mut dyn Transaction| {
        let done = tickets::set_password(tx, &tools, &hash, purpose, &password_hash, &tag.0);
        Ok::<_, Failure>(done?)
    };
    app.deps.store.write(write).await
}
