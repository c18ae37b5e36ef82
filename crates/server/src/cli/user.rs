//! `sluice user add`

use std::{
    collections::BTreeSet,
    io::{self, BufRead as _, IsTerminal as _},
    sync::Arc,
};

use billing::access::Role;

use super::{End, args::UserAddArgs, database::DatabaseUrl, environment::secret, import::operator};
use crate::{
    config::Secret,
    deps::{Clock as _, SystemClock, SystemEntropy},
    execute::{
        ExecuteError, Tools,
        passwords::check_new,
        people::{self, NewPerson},
        staff,
    },
    storage::{Scope, StorageError, Transaction},
};

/// Makes a user and prints their id.
pub async fn add(args: UserAddArgs, database: &DatabaseUrl) -> Result<(), End> {
    let store = database.open_existing()?;
    let scope = Scope::of(args.agency);
    let tools = Tools { now: SystemClock.now(), entropy: Arc::new(SystemEntropy) };
    let Secret(password) = password()?;
    let (name, email, role) = (args.name, args.email.0, args.role);
    let taken = format!("{email} belongs to a user already");
    if (role == Role::Client) == args.account.is_empty() {
        let detail =
            "--account names what a client user sees: give it for that role, and for no other";
        return Err(End::Usage(detail.to_owned()));
    }
    check_new(&password, &name, &email).map_err(|wrong| End::Failed(wrong.detail))?;
    let hash = people::hash_password(&password, &tools).map_err(End::Failed)?;
    let accounts: BTreeSet<_> = args.account.into_iter().collect();
    let new = NewPerson { name, email, password_hash: hash, role, accounts };
    let write = move |tx: &mut dyn Transaction| {
        tx.agency(scope)?.ok_or(ExecuteError::NotFound)?;
        for account in &new.accounts {
            tx.account(scope, *account)?.ok_or(ExecuteError::NotFound)?;
        }
        staff::add(tx, &tools, scope, new.clone(), &operator())
    };
    match store.write(write).await {
        Ok(user) => {
            println!("{}", user.id);
            Ok(())
        }
        Err(ExecuteError::NotFound) => Err(End::Failed(format!(
            "there is no agency {}, or no such account of it",
            args.agency
        ))),
        Err(ExecuteError::Storage(StorageError::Conflict(_))) => Err(End::Failed(taken)),
        Err(error) => Err(End::failed(error)),
    }
}

/// Never from the command line: that can be read by everybody on the machine.
fn password() -> Result<Secret, End> {
    if std::env::var_os("SLUICE_PASSWORD").is_some() {
        let detail = "SLUICE_PASSWORD is not read; name a file in SLUICE_PASSWORD_FILE";
        return Err(End::Usage(detail.to_owned()));
    }
    if let Some(password) = secret("SLUICE_PASSWORD")? {
        return Ok(password);
    }
    let mut input = io::stdin().lock();
    if input.is_terminal() {
        eprint!("Password (it will be seen here): ");
    }
    let mut line = String::new();
    input.read_line(&mut line).map_err(End::failed)?;
    Ok(Secret(line.trim_end_matches(['\r', '\n']).to_owned()))
}
