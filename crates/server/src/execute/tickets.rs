//! Links in letters to people, with which they choose a password: 32 random bytes in the fragment, only their hash at rest.
//! A ticket is good once; whoever uses one has shown that the letter reached them.

use std::time::Duration;

use billing::{
    JobId, Timestamp, UserId,
    api::{InvitationView, Who},
    funding::{Effect, Letter},
    text::EmailAddress,
};

use super::{ExecuteError, Origin, Tools, links};
use crate::{
    deps::EntropyExt as _,
    storage::{
        Scope, StorageError, Transaction,
        tickets::{TicketPurpose, TicketRow},
        users::UserRow,
    },
};

/// How long an invitation is good.
const INVITATION_FOR: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// How long a new password can be chosen.
const RESET_FOR: Duration = Duration::from_secs(60 * 60);
/// Within this one letter about a forgotten password goes to somebody, however often it is asked for.
const RESET_LETTER_EVERY_MILLIS: i64 = 5 * 60 * 1000;

/// Why a ticket was not taken.
#[derive(Debug, thiserror::Error)]
pub enum TicketError {
    /// It is none, or was used.
    #[error("the link leads nowhere")]
    Unknown,
    /// It is too old.
    #[error("the link has expired")]
    Expired,
    /// Storage failed.
    #[error(transparent)]
    Execute(#[from] ExecuteError),
}

impl From<StorageError> for TicketError {
    fn from(error: StorageError) -> Self {
        Self::Execute(error.into())
    }
}

/// Makes a ticket for a letter; answers its token, told this once, and when it dies.
///
/// # Errors
/// When storage fails.
pub fn make(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    user: UserId,
    purpose: TicketPurpose,
) -> Result<(String, Timestamp), StorageError> {
    let good_for = match purpose {
        TicketPurpose::Invitation => INVITATION_FOR,
        TicketPurpose::Reset => RESET_FOR,
    };
    let token = links::new_token(tools.entropy.as_ref());
    let expires_at = tools.now.plus(good_for);
    let token_hash = links::token_hash(&token);
    tx.insert_ticket(scope, &TicketRow { token_hash, user, purpose, expires_at })?;
    Ok((token, expires_at))
}

/// The address of a ticket's page.
pub fn url(public_url: &str, purpose: TicketPurpose, token: &str) -> String {
    let page = match purpose {
        TicketPurpose::Invitation => "join",
        TicketPurpose::Reset => "reset",
    };
    format!("{public_url}/{page}#t={token}")
}

/// Whose ticket it is.
///
/// # Errors
/// [`TicketError`] when it is dead, or for something else.
pub fn holder(
    tx: &mut dyn Transaction,
    token_hash: &[u8; 32],
    purpose: TicketPurpose,
    now: Timestamp,
) -> Result<(Scope, UserRow, Timestamp), TicketError> {
    let found = tx.ticket(token_hash)?.filter(|(_, ticket)| ticket.purpose == purpose);
    let (scope, ticket) = found.ok_or(TicketError::Unknown)?;
    if ticket.expires_at <= now {
        return Err(TicketError::Expired);
    }
    let user = tx.user(scope, ticket.user)?.ok_or(TicketError::Unknown)?;
    Ok((scope, user, ticket.expires_at))
}

/// What an invitation's page shows; nothing is changed.
///
/// # Errors
/// [`TicketError`]
pub fn view(
    tx: &mut dyn Transaction,
    token_hash: &[u8; 32],
    now: Timestamp,
) -> Result<InvitationView, TicketError> {
    let (scope, user, expires_at) = holder(tx, token_hash, TicketPurpose::Invitation, now)?;
    let agency = tx.agency(scope)?.ok_or(TicketError::Unknown)?;
    let UserRow { name, email, role, .. } = user;
    Ok(InvitationView { agency: agency.name, name, email, role, expires_at })
}

/// Uses a ticket up: the person has this password from now on, and every session and ticket of theirs is over.
///
/// # Errors
/// [`TicketError`]
pub fn set_password(
    tx: &mut dyn Transaction,
    tools: &Tools,
    token_hash: &[u8; 32],
    purpose: TicketPurpose,
    password_hash: &str,
    request_id: &str,
) -> Result<(Scope, UserRow), TicketError> {
    let (scope, mut user, _) = holder(tx, token_hash, purpose, tools.now)?;
    user.password_hash = password_hash.to_owned();
    // Whoever reads the letters is who they are, whatever a provider calls them now.
    user.provider = None;
    tx.save_user(scope, &user)?;
    tx.delete_tickets(scope, user.id)?;
    tx.delete_sessions_of(scope, user.id)?;
    let action = match purpose {
        TicketPurpose::Invitation => "accept_invitation",
        TicketPurpose::Reset => "reset_password",
    };
    let who = Who::User { id: user.id, name: user.name.to_string() };
    tx.insert_audit(scope, &Origin::new(who, request_id).did(action, tools.now))?;
    Ok((scope, user))
}

/// Sends a letter to whoever signs in with this address, if anybody does.
///
/// # Errors
/// When storage fails.
pub fn ask_reset(
    tx: &mut dyn Transaction,
    tools: &Tools,
    email: &EmailAddress,
) -> Result<(), StorageError> {
    let found = tx.user_by_email(email)?.filter(|(_, user)| !user.is_invited());
    let Some((scope, user)) = found else { return Ok(()) };
    let effect = Effect::Mail { letter: Letter::PasswordReset { person: user.id } };
    let id = JobId::new(tools.now, tools.entropy.id());
    let key = format!("reset/{}/{}", user.id, tools.now.millis() / RESET_LETTER_EVERY_MILLIS);
    tx.insert_job(scope, id, None, &key, &effect, tools.now, tools.now)
}
