//! Whoever is in the demo beside an agency's owner.

use super::{SeedError, cast::PersonPart, email, name};
use crate::{
    execute::{
        Tools,
        people::{self, NewPerson},
    },
    storage::{Scope, Transaction},
};

/// Adds them; all have the same password.
pub(super) fn enter(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    parts: &[PersonPart],
    password_hash: &str,
) -> Result<(), SeedError> {
    for part in parts {
        let mut accounts = Vec::new();
        for external_id in part.accounts {
            let id = tx.account_by_external_id(scope, external_id)?;
            let none = || SeedError::Text(format!("no account {external_id}"));
            accounts.push(id.ok_or_else(none)?);
        }
        let new = NewPerson {
            name: name(part.name)?,
            email: email(part.email)?,
            password_hash: password_hash.to_owned(),
            role: part.role,
            accounts: accounts.into_iter().collect(),
        };
        people::create_user(tx, tools, scope, new)?;
    }
    Ok(())
}
