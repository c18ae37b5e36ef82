//! `sluice user add`

use std::{
    io::{self, BufRead as _, IsTerminal as _},
    sync::Arc,
};

use super::{End, args::UserAddArgs, database::DatabaseUrl, environment::secret};
use crate::{
    config::Secret,
    deps::{Clock as _, SystemClock, SystemEntropy},
    execute::{ExecuteError, Tools, people},
    storage::{Scope, StorageError, Transaction},
};

/// Makes a user and prints their id.
pub async fn add(args: UserAddArgs, database: &DatabaseUrl) -> Result<(), End> {
    let store = database.open_existing()?;
    let scope = Scope::of(args.agency);
    let tools = Tools { now: SystemClock.now(), entropy: Arc::new(SystemEntropy) };
    let Secret(password) = password()?;
    let hash = people::hash_password(&password, &tools).map_err(End::Failed)?;
    let (name, email) = (args.name, args.email.0);
    let taken = format!("{email} belongs to a user already");
    let write = move |tx: &mut dyn Transaction| {
        tx.agency(scope)?.ok_or(ExecuteError::NotFound)?;
        people::create_user(tx, &tools, scope, &name, &email, hash.clone())
    };
    match store.write(write).await {
        Ok(user) => {
            println!("{}", user.id);
            Ok(())
        }
        Err(ExecuteError::NotFound) => {
            Err(End::Failed(format!("there is no agency {}", args.agency)))
        }
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
