//! Work for later and for the outside world. [`tick`] does what is due, once; [`run`] is the loop around it in production, a
//! simulator drives `tick` in tests. Every job is idempotent: it may be started again at any point, after any crash.

mod cancel_payment;
mod cancel_setup;
mod confirm_payment;
mod deliver;
mod detach_card;
mod disputes;
mod expire_request;
mod keeper;
mod mail;
pub mod outcome;
mod prune;
mod recharge;
mod refund_payment;
pub mod save_card;
mod standing;
pub mod statements;
mod webhook;

use std::time::Duration;

use billing::{Timestamp, funding::Effect};
use futures_util::future::join_all;
use tokio::sync::watch;

pub use webhook::{EVENTS as WEBHOOK_EVENTS, WebhookRefused, take_webhook};

use crate::{
    deps::Deps,
    storage::{
        Scope, StorageError, Transaction,
        jobs::{JobOutcome, JobRow},
    },
};

/// How many jobs are taken at once.
const BATCH: u32 = 16;
/// How long a job may take before somebody else may start it again: longer than every time-out of the gateway and of mail.
const LEASE: Duration = Duration::from_secs(90);
/// How long the loop sleeps when nothing rings.
const PAUSE: Duration = Duration::from_secs(1);
/// Where the agency sees its own balance, its cards and its auto-recharge.
const OWN_PAGE: &str = "/settings/billing";

/// Does what is due: jobs, changes of standing that are to be told, webhooks; answers how many that was.
///
/// # Errors
/// When storage fails; a job that fails is put off, not an error.
pub async fn tick(deps: &Deps) -> Result<usize, StorageError> {
    let done = work(deps).await? + standing::tell(deps).await?;
    Ok(done + deliver::batch(deps).await?)
}

/// Does the jobs that are due.
async fn work(deps: &Deps) -> Result<usize, StorageError> {
    let now = deps.clock.now();
    let due: Vec<JobRow> = deps
        .store
        .write_without_haste(move |tx| tx.lease_jobs(now, now.plus(LEASE), BATCH))
        .await?;
    let count = due.len();
    for done in join_all(due.into_iter().map(|job| carry_out(deps, job))).await {
        done?;
    }
    Ok(count)
}

/// The loops: jobs in one, statements in another, webhooks in a third, since somebody else's slow endpoint must not hold up a payment. One server works on
/// an embedded database at a time, so what is leased when it starts was leased by one that is gone.
pub async fn run(deps: Deps, stop: watch::Receiver<bool>) {
    let statements = statements::run(&deps, stop.clone());
    tokio::join!(run_jobs(&deps, stop.clone()), statements, deliver::run(&deps, stop));
}

/// The loop: does what is due, then waits a moment or for news.
async fn run_jobs(deps: &Deps, mut stop: watch::Receiver<bool>) {
    let mut bell = deps.store.bell();
    let mut pruned = Timestamp::from_millis(0);
    if let Err(error) = deps.store.write(|tx| tx.forget_leases()).await {
        tracing::warn!(%error, "leases of an earlier process could not be freed");
    }
    while !*stop.borrow() {
        let now = deps.clock.now();
        if now.since(pruned) > prune::EVERY {
            pruned = now;
            if let Err(error) = prune::prune(deps).await {
                tracing::warn!(%error, "old rows could not be forgotten");
            }
        }
        match work(deps).await {
            Ok(count) if count >= BATCH as usize => continue,
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "jobs could not be taken"),
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            // New work comes with a change; many at once are one reason to look.
            _ = bell.recv() => {}
            _ = stop.changed() => {}
        }
    }
}

/// Takes the one job of this key, in the very transaction that made it, for [`do_now`].
///
/// # Errors
/// Storage trouble.
pub fn take(
    tx: &mut dyn Transaction,
    scope: Scope,
    key: &str,
    now: Timestamp,
) -> Result<Option<JobRow>, StorageError> {
    tx.lease_job(scope, key, now, now.plus(LEASE))
}

/// Does a job that was taken.
pub async fn do_now(deps: Deps, taken: Option<JobRow>) {
    let Some(job) = taken else { return };
    if let Err(error) = carry_out(&deps, job).await {
        tracing::warn!(%error, "a job could not be done at once; the loop will");
    }
}

async fn carry_out(deps: &Deps, job: JobRow) -> Result<(), StorageError> {
    let outcome = match &job.effect {
        Effect::Mail { letter } => mail::send(deps, &job, letter).await,
        Effect::ConfirmPayment { payment } => confirm_payment::confirm(deps, &job, *payment).await,
        Effect::CancelPayment { payment } => cancel_payment::cancel(deps, &job, *payment).await,
        Effect::RefundPayment { refund, amount } => {
            refund_payment::refund(deps, &job, *refund, *amount).await
        }
        Effect::WatchDispute { payment, dispute } => {
            disputes::watch(deps, &job, *payment, dispute).await
        }
        Effect::DetachCard { card } => detach_card::detach(deps, &job, card).await,
        Effect::SaveCard { setup } => save_card::save(deps, &job, *setup).await,
        Effect::CancelSetup { setup } => cancel_setup::cancel(deps, &job, *setup).await,
        Effect::Recharge => recharge::recharge(deps, &job).await,
        Effect::ExpireRequest { request, .. } => expire_request::expire(deps, &job, *request).await,
    };
    let outcome = outcome.unwrap_or_else(|error| JobOutcome::Retry {
        at: back_off(deps, &job),
        error: error.to_string(),
    });
    match &outcome {
        JobOutcome::Done | JobOutcome::Dropped => {}
        JobOutcome::Retry { error, .. } => {
            tracing::info!(job = %job.id, %error, "a job is put off")
        }
        JobOutcome::Failed { error } => tracing::error!(job = %job.id, %error, "a job is given up"),
    }
    deps.store.write_without_haste(move |tx| tx.finish_job(job.scope, job.id, &outcome)).await
}

/// When to try again: 1, 2, 4, … seconds, at most five minutes.
fn back_off(deps: &Deps, job: &JobRow) -> Timestamp {
    let seconds = 1u64 << job.attempts.min(9);
    deps.clock.now().plus(Duration::from_secs(seconds.min(300)))
}

fn retry(deps: &Deps, job: &JobRow, error: impl std::fmt::Display) -> JobOutcome {
    JobOutcome::Retry { at: back_off(deps, job), error: error.to_string() }
}
