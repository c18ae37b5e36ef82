//! Sends outgoing webhooks. At least once: a message whose answer was lost goes again under the same id. An endpoint that fails
//! is left in peace for a while, so that it holds up nobody else's messages and is not flooded when it comes back.

use std::time::Duration;

use billing::{Timestamp, funding::Actor};
use futures_util::future::join_all;
use tokio::{sync::watch, task::JoinSet};

use super::standing;
use crate::{
    courier::{Answer, Parcel},
    deps::Deps,
    execute::{ExecuteError, Origin, Tools, endpoints},
    storage::{
        StorageError, Transaction,
        deliveries::{DeliveryOutcome, DeliveryRow},
    },
};

/// Messages on their way at once.
const AT_ONCE: u32 = 32;
/// Of these, at most so many to one endpoint.
const PER_ENDPOINT: u32 = 8;
/// How long a try may take before somebody else may start it again: longer than the courier's time-out.
const LEASE: Duration = Duration::from_secs(60);
/// How long the loop sleeps when nothing rings.
const PAUSE: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);
/// The pauses between tries, as Standard Webhooks suggests: three days, then it is given up.
const PAUSES: [Duration; 9] = [
    Duration::from_secs(5),
    MINUTE.saturating_mul(5),
    MINUTE.saturating_mul(30),
    HOUR.saturating_mul(2),
    HOUR.saturating_mul(5),
    HOUR.saturating_mul(10),
    HOUR.saturating_mul(14),
    HOUR.saturating_mul(20),
    HOUR.saturating_mul(24),
];
/// The longest that an endpoint is left in peace. What waits for it is not given up meanwhile.
const QUIET_MAX: Duration = Duration::from_secs(5 * 60);

/// Sends what is due, once; answers how many messages that was.
pub(super) async fn batch(deps: &Deps) -> Result<usize, StorageError> {
    let due = lease(deps, AT_ONCE).await?;
    let count = due.len();
    for done in join_all(due.into_iter().map(|row| deliver(deps.clone(), row))).await {
        done?;
    }
    Ok(count)
}

/// The loop: tells of what has changed, keeps messages on their way, waits a moment or for news. A slow endpoint holds up its own
/// messages only.
pub(super) async fn run(deps: &Deps, mut stop: watch::Receiver<bool>) {
    let mut bell = deps.store.bell();
    let mut under_way = JoinSet::new();
    if let Err(error) = deps.store.write(|tx| tx.forget_delivery_leases()).await {
        tracing::warn!(%error, "leases of an earlier process could not be freed");
    }
    while !*stop.borrow() {
        let told = standing::tell(deps).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "changes of standing could not be told");
            0
        });
        let room = AT_ONCE.saturating_sub(u32::try_from(under_way.len()).unwrap_or(AT_ONCE));
        let due = match room {
            0 => Vec::new(),
            room => lease(deps, room).await.unwrap_or_else(|error| {
                tracing::warn!(%error, "webhooks could not be taken");
                Vec::new()
            }),
        };
        let busy = told > 0 || !due.is_empty();
        for row in due {
            under_way.spawn(deliver(deps.clone(), row));
        }
        if busy && under_way.len() < AT_ONCE as usize {
            continue;
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            Some(done) = under_way.join_next() => warn(done),
            _ = bell.recv() => {}
            _ = stop.changed() => {}
        }
        // Those that have ended make room at once.
        while let Some(done) = under_way.try_join_next() {
            warn(done);
        }
    }
}

/// What came of a webhook is not known here: it goes again when its lease is over.
fn warn(done: Result<Result<(), StorageError>, tokio::task::JoinError>) {
    match done {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "what came of a webhook could not be stored"),
        Err(error) => tracing::error!(%error, "a webhook's task ended"),
    }
}

async fn lease(deps: &Deps, room: u32) -> Result<Vec<DeliveryRow>, StorageError> {
    let now = deps.clock.now();
    let take = move |tx: &mut dyn Transaction| {
        tx.lease_deliveries(now, now.plus(LEASE), room, PER_ENDPOINT)
    };
    deps.store.write_without_haste(take).await
}

async fn deliver(deps: Deps, row: DeliveryRow) -> Result<(), StorageError> {
    let message = &row.message;
    let parcel = Parcel { id: message.id, url: &row.url, secret: &row.secret, body: &message.body };
    let answer = deps.courier.carry(&parcel, deps.clock.now()).await;
    let now = deps.clock.now();
    let outcome = match answer {
        Answer::Taken => DeliveryOutcome::Delivered { at: now },
        Answer::Gone => return remove(&deps, &row).await,
        Answer::Failed { error, retry_after } => {
            let pause =
                pause(&deps, row.attempts).map(|pause| pause.max(retry_after.unwrap_or_default()));
            match pause {
                Some(_) => tracing::info!(message = %message.id, error, "a webhook is put off"),
                None => tracing::warn!(message = %message.id, error, "a webhook is given up"),
            }
            let quiet_until = quiet(&row, now).max(now.plus(retry_after.unwrap_or_default()));
            DeliveryOutcome::Failed {
                error,
                again_at: pause.map(|pause| now.plus(pause)),
                quiet_until,
            }
        }
    };
    deps.store.write(move |tx| tx.finish_delivery(&row, &outcome)).await
}

/// How long to wait after so many tries and one more, with a tenth of chance so that many do not come back at once.
fn pause(deps: &Deps, attempts: u32) -> Option<Duration> {
    let pause = PAUSES.get(usize::try_from(attempts).ok()?)?;
    let mut chance = [0];
    deps.entropy.fill(&mut chance);
    Some(*pause + *pause / 10 * u32::from(chance[0]) / 256)
}

/// 5, 10, 20, … seconds, at most five minutes.
fn quiet(row: &DeliveryRow, now: Timestamp) -> Timestamp {
    now.plus(Duration::from_secs(5 << row.failures.min(10)).min(QUIET_MAX))
}

/// 410 Gone: nobody wants anything there any more.
async fn remove(deps: &Deps, row: &DeliveryRow) -> Result<(), StorageError> {
    let (tools, scope, id) = (Tools::of(deps), row.scope, row.message.endpoint);
    let origin = Origin::new(Actor::system("webhooks"), row.message.id.to_string());
    tracing::info!(endpoint = %id, "an endpoint is gone and removed");
    let write =
        move |tx: &mut dyn Transaction| endpoints::remove_endpoint(tx, &tools, scope, id, &origin);
    match deps.store.write(write).await {
        // Gone twice is gone.
        Ok(()) | Err(ExecuteError::NotFound) => Ok(()),
        Err(ExecuteError::Storage(error)) => Err(error),
        Err(other) => Err(StorageError::Damaged(other.to_string())),
    }
}
