//! `sluice payment look-again`

use std::sync::Arc;

use super::{End, args::LookAgainArgs, database::DatabaseUrl, import::operator};
use crate::{
    deps::{Clock as _, SystemClock, SystemEntropy},
    execute::{ExecuteError, Tools, put_aside},
    storage::Transaction,
};

/// Has a running server ask the gateway about it; without one the next that is started does.
pub async fn look_again(args: LookAgainArgs, database: &DatabaseUrl) -> Result<(), End> {
    let store = database.open_existing()?;
    let payment = args.payment;
    let tools = Tools { now: SystemClock.now(), entropy: Arc::new(SystemEntropy) };
    let write =
        move |tx: &mut dyn Transaction| put_aside::look_again(tx, &tools, payment, &operator());
    match store.write(write).await {
        Ok(()) => Ok(()),
        Err(ExecuteError::NotFound) => Err(End::failed(format!("{payment} is not put aside"))),
        Err(error) => Err(End::failed(error)),
    }
}
