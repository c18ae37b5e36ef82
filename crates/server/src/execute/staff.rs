//! People of an agency and of its clients: invited, changed, removed. An agency always keeps an owner who can sign in.

use std::collections::BTreeSet;

use billing::{
    JobId, SubAccountId, UserId,
    access::Role,
    api::{ChangePersonBody, FieldProblem, PersonSnapshot},
    funding::{Effect, Letter},
    people::{self as rules, Invitation, LAST_OWNER},
};

use super::{
    ExecuteError, Origin, Tools,
    people::{NewPerson, create_user},
};
use crate::{
    deps::EntropyExt as _,
    storage::{
        Scope, StorageError, Transaction, audit::AuditRow, tickets::TicketPurpose, users::UserRow,
    },
};

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum StaffError {
    /// These fields are wrong.
    #[error("some fields are wrong")]
    Fields(Vec<FieldProblem>),
    /// Nobody could manage the agency any more.
    #[error("{LAST_OWNER}")]
    LastOwner,
    /// The address belongs to somebody.
    #[error("Somebody signs in with this e-mail address already.")]
    AddressTaken,
    /// They have a password.
    #[error("This person has accepted the invitation already.")]
    Accepted,
    /// Nobody of this id, or storage failed.
    #[error(transparent)]
    Execute(#[from] ExecuteError),
}

impl From<StorageError> for StaffError {
    fn from(error: StorageError) -> Self {
        Self::Execute(error.into())
    }
}

/// Adds somebody without a password and sends them the letter with which they choose one.
///
/// # Errors
/// [`StaffError`]; nothing is stored then.
pub fn invite(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    invitation: &Invitation,
    origin: &Origin,
) -> Result<PersonSnapshot, StaffError> {
    exist(tx, scope, &invitation.accounts)?;
    if tx.user_by_email(&invitation.email)?.is_some() {
        return Err(StaffError::AddressTaken);
    }
    let Invitation { name, email, role, accounts } = invitation.clone();
    let new = NewPerson { name, email, password_hash: String::new(), role, accounts };
    let row = create_user(tx, tools, scope, new)?;
    send_invitation(tx, tools, scope, row.id, origin)?;
    let audit = AuditRow { after: Some(told(&row)), ..origin.did("invite_person", tools.now) };
    tx.insert_audit(scope, &audit)?;
    Ok(snapshot(tx, scope, &row)?)
}

/// Adds somebody who has a password already: the operator's way in.
///
/// # Errors
/// `Conflict` when the address is taken.
pub fn add(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    new: NewPerson,
    origin: &Origin,
) -> Result<UserRow, ExecuteError> {
    let row = create_user(tx, tools, scope, new)?;
    let audit = AuditRow { after: Some(told(&row)), ..origin.did("add_person", tools.now) };
    tx.insert_audit(scope, &audit)?;
    Ok(row)
}

/// Sends the invitation once more; every link of it works.
///
/// # Errors
/// [`StaffError`] when there is nobody to invite.
pub fn invite_again(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    id: UserId,
    origin: &Origin,
) -> Result<PersonSnapshot, StaffError> {
    let row = tx.user(scope, id)?.ok_or(ExecuteError::NotFound)?;
    if !row.is_invited() {
        return Err(StaffError::Accepted);
    }
    send_invitation(tx, tools, scope, id, origin)?;
    let audit = AuditRow { after: Some(told(&row)), ..origin.did("invite_again", tools.now) };
    tx.insert_audit(scope, &audit)?;
    Ok(snapshot(tx, scope, &row)?)
}

/// Changes a name, a role, or what a client user belongs to. Their next request is judged by it.
///
/// # Errors
/// [`StaffError`]; nothing is changed then.
pub fn change(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    id: UserId,
    body: &ChangePersonBody,
    origin: &Origin,
) -> Result<PersonSnapshot, StaffError> {
    let before = tx.user(scope, id)?.ok_or(ExecuteError::NotFound)?;
    let mut after = before.clone();
    let mut wrong = Vec::new();
    match body.name.as_deref().map(rules::parse_name) {
        Some(Ok(name)) => after.name = name,
        Some(Err(problem)) => wrong.push(problem),
        None => {}
    }
    after.role = body.role.unwrap_or(before.role);
    let kept = if after.role == Role::Client { &before.accounts } else { &BTreeSet::new() };
    let accounts = body.accounts.clone().unwrap_or_else(|| kept.iter().copied().collect());
    match rules::check_accounts(after.role, &accounts) {
        Ok(accounts) => after.accounts = accounts,
        Err(problem) => wrong.push(problem),
    }
    if !wrong.is_empty() {
        return Err(StaffError::Fields(wrong));
    }
    exist(tx, scope, &after.accounts)?;
    if after.role != Role::Owner {
        keeps_an_owner_without(tx, scope, &before)?;
    }
    if after != before {
        tx.save_user(scope, &after)?;
        let audit = AuditRow {
            before: Some(told(&before)),
            after: Some(told(&after)),
            ..origin.did("change_person", tools.now)
        };
        tx.insert_audit(scope, &audit)?;
    }
    Ok(snapshot(tx, scope, &after)?)
}

/// Takes somebody away, with their sessions.
///
/// # Errors
/// [`StaffError`] when there is nobody of this id, or nobody else could manage the agency.
pub fn remove(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    id: UserId,
    origin: &Origin,
) -> Result<(), StaffError> {
    let row = tx.user(scope, id)?.ok_or(ExecuteError::NotFound)?;
    keeps_an_owner_without(tx, scope, &row)?;
    tx.delete_user(scope, id)?;
    let audit = AuditRow { before: Some(told(&row)), ..origin.did("remove_person", tools.now) };
    Ok(tx.insert_audit(scope, &audit)?)
}

/// Ends every session of somebody.
///
/// # Errors
/// [`StaffError`] when there is nobody of this id.
pub fn sign_out(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    id: UserId,
    origin: &Origin,
) -> Result<(), StaffError> {
    let row = tx.user(scope, id)?.ok_or(ExecuteError::NotFound)?;
    tx.delete_sessions_of(scope, id)?;
    let after = Some(serde_json::json!({ "id": row.id, "name": row.name }).to_string());
    let audit = AuditRow { after, ..origin.did("end_sessions", tools.now) };
    Ok(tx.insert_audit(scope, &audit)?)
}

/// Everybody, as they are shown.
///
/// # Errors
/// When storage fails.
pub fn list(tx: &mut dyn Transaction, scope: Scope) -> Result<Vec<PersonSnapshot>, StorageError> {
    let rows = tx.users(scope)?;
    rows.iter().map(|row| snapshot(tx, scope, row)).collect()
}

/// The accounts that somebody is to belong to must be the agency's; of others nobody learns whether they are there.
fn exist(
    tx: &mut dyn Transaction,
    scope: Scope,
    accounts: &BTreeSet<SubAccountId>,
) -> Result<(), StaffError> {
    for id in accounts {
        if tx.account(scope, *id)?.is_none() {
            return Err(StaffError::Fields(vec![FieldProblem {
                pointer: "/accounts".to_owned(),
                code: "unknown_account".to_owned(),
                detail: format!("There is no account {id}."),
            }]));
        }
    }
    Ok(())
}

fn keeps_an_owner_without(
    tx: &mut dyn Transaction,
    scope: Scope,
    row: &UserRow,
) -> Result<(), StaffError> {
    let manages = |user: &UserRow| user.role == Role::Owner && !user.is_invited();
    if manages(row) && !tx.users(scope)?.iter().any(|user| user.id != row.id && manages(user)) {
        return Err(StaffError::LastOwner);
    }
    Ok(())
}

fn send_invitation(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    person: UserId,
    origin: &Origin,
) -> Result<(), StorageError> {
    let effect =
        Effect::Mail { letter: Letter::Invitation { person, by: origin.who.actor().label() } };
    let id = JobId::new(tools.now, tools.entropy.id());
    let key = format!("invite/{person}/{}", tools.now.millis());
    tx.insert_job(scope, id, None, &key, &effect, tools.now, tools.now)
}

/// What the audit trail says of somebody.
fn told(row: &UserRow) -> String {
    let (id, name, email, role) = (row.id, &row.name, &row.email, row.role);
    let accounts = &row.accounts;
    serde_json::json!({ "id": id, "name": name, "email": email, "role": role, "accounts": accounts })
        .to_string()
}

fn snapshot(
    tx: &mut dyn Transaction,
    scope: Scope,
    row: &UserRow,
) -> Result<PersonSnapshot, StorageError> {
    let is_invited = row.is_invited();
    let invited_until = match is_invited {
        true => tx.ticket_until(scope, row.id, TicketPurpose::Invitation)?,
        false => None,
    };
    Ok(PersonSnapshot {
        id: row.id,
        name: row.name.clone(),
        email: row.email.clone(),
        role: row.role,
        accounts: row.accounts.iter().copied().collect(),
        is_invited,
        invited_until,
        created_at: row.created_at,
    })
}
