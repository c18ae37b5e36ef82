//! Issues the statements of months that are over.

use std::time::Duration;

use tokio::sync::watch;

use crate::{
    deps::Deps,
    execute::statements,
    storage::{StorageError, Transaction},
};

/// How often to look whether a month is over somewhere.
const EVERY: Duration = Duration::from_secs(10 * 60);

/// Issues all statements that are due; answers how many that was.
///
/// # Errors
/// When storage fails.
pub async fn issue_due(deps: &Deps) -> Result<usize, StorageError> {
    let now = deps.clock.now();
    let due = move |tx: &mut dyn Transaction| {
        let mut due = Vec::new();
        for scope in tx.agencies()? {
            if statements::is_due(tx, scope, now)? {
                due.push(scope);
            }
        }
        Ok::<_, StorageError>(due)
    };
    let mut issued = 0;
    for scope in deps.store.read(due).await? {
        let page = move |tx: &mut dyn Transaction| statements::issue_page(tx, scope, now);
        loop {
            match deps.store.write_without_haste(page).await {
                Ok(Some(count)) => issued += count,
                Ok(None) => break,
                Err(error) => {
                    // One agency's trouble is not another's.
                    tracing::warn!(agency = %scope.agency(), %error, "statements could not be issued");
                    break;
                }
            }
        }
    }
    Ok(issued)
}

/// The loop; what could not be issued is tried again.
pub(super) async fn run(deps: &Deps, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        match issue_due(deps).await {
            Ok(0) => {}
            Ok(issued) => tracing::info!(issued, "statements were issued"),
            Err(error) => tracing::warn!(%error, "statements could not be issued"),
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = stop.changed() => {}
        }
    }
}
