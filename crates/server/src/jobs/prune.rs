//! Forgets what nobody will ask for again.

use std::time::Duration;

use crate::{deps::Deps, storage::StorageError};

/// How often to look.
pub(super) const EVERY: Duration = Duration::from_secs(60 * 60);
/// How long a repeated `Idempotency-Key` is known.
const IDEMPOTENCY: Duration = Duration::from_secs(24 * 60 * 60);
/// How far back a change stream can be resumed.
const CHANGES: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// How long a job that was done, or a webhook that was given up, can be looked up.
const JOBS: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// How long a link to top up shows what was paid by it.
const TOP_UPS: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// How long a link in a letter says that it has expired, before it leads nowhere.
const TICKETS: Duration = Duration::from_secs(30 * 24 * 60 * 60);

pub(super) async fn prune(deps: &Deps) -> Result<(), StorageError> {
    let now = deps.clock.now();
    let used_after = now.minus(deps.config.limits.session_idle);
    deps.store
        .write(move |tx| {
            tx.prune_idempotency(now.minus(IDEMPOTENCY))?;
            tx.prune_changes(now.minus(CHANGES))?;
            tx.prune_jobs(now.minus(JOBS))?;
            tx.prune_deliveries(now.minus(JOBS))?;
            tx.prune_sessions(now, used_after)?;
            tx.prune_tickets(now.minus(TICKETS))?;
            tx.prune_embedding(now)?;
            tx.prune_top_ups(now.minus(TOP_UPS))?;
            tx.prune_wallets(now.minus(TICKETS))?;
            Ok(())
        })
        .await
}
