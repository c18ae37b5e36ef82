//! `sluice key create`

use std::sync::Arc;

use super::{End, args::KeyCreateArgs, database::DatabaseUrl, import::operator};
use crate::{
    deps::{Clock as _, SystemClock, SystemEntropy},
    execute::{ExecuteError, Tools, keys},
    storage::{Scope, Transaction},
};

/// Makes an API key and prints it.
pub async fn create(args: KeyCreateArgs, database: &DatabaseUrl) -> Result<(), End> {
    let store = database.open_existing()?;
    let tools = Tools { now: SystemClock.now(), entropy: Arc::new(SystemEntropy) };
    let scope = Scope::of(args.agency);
    let write = move |tx: &mut dyn Transaction| {
        keys::create_key(tx, &tools, scope, &args.name, &args.scope, &operator())
    };
    match store.write(write).await {
        Ok(key) => {
            println!("{key}");
            Ok(())
        }
        Err(ExecuteError::NotFound) => {
            Err(End::Failed(format!("there is no agency {}", args.agency)))
        }
        Err(error) => Err(End::failed(error)),
    }
}
