//! The letters of the requests that are out: written by the real code, each at the hour of its request. They lie in the
//! mailbox wherever new mail goes, since nobody at their addresses exists.

use std::{sync::Arc, time::Duration};

use billing::{
    Timestamp,
    funding::{Effect, Letter},
};

use crate::{
    deps::{Clock, Deps},
    jobs,
    mail::mailbox::MailboxMailer,
    storage::{
        StorageError, Transaction,
        jobs::{JobOutcome, JobRow},
    },
};

/// Jobs taken at once.
const BATCH: u32 = 500;
/// Longer than it takes to look at them all.
const LEASE: Duration = Duration::from_secs(60 * 60);

/// What history has done needs no doing again; only letters with a link that still works are left. Answers when they are due.
pub(super) fn leave(
    tx: &mut dyn Transaction,
    now: Timestamp,
) -> Result<Vec<Timestamp>, StorageError> {
    let mut letters = Vec::new();
    loop {
        let due = tx.lease_jobs(now, now.plus(LEASE), BATCH)?;
        if due.is_empty() {
            break;
        }
        for job in due {
            if asks_for_payment(tx, &job)? {
                letters.push(job);
            } else {
                tx.finish_job(job.scope, job.id, &JobOutcome::Done)?;
            }
        }
    }
    // Only now: what is due again would have been taken again above.
    for job in &letters {
        let error = "written once the history is told".to_owned();
        tx.finish_job(job.scope, job.id, &JobOutcome::Retry { at: job.created_at, error })?;
    }
    Ok(letters.iter().map(|job| job.created_at).collect())
}

/// Is it the letter of a request that is open?
fn asks_for_payment(tx: &mut dyn Transaction, job: &JobRow) -> Result<bool, StorageError> {
    let Effect::Mail { letter: Letter::BillingRequest { request, .. } } = &job.effect else {
        return Ok(false);
    };
    let account = tx.account(job.scope, job.account()?)?;
    let open = account.as_ref().and_then(|row| row.funding.open_request());
    Ok(open.is_some_and(|open| open.id == *request))
}

/// A clock that stands.
struct Stopped(Timestamp);

impl Clock for Stopped {
    fn now(&self) -> Timestamp {
        self.0
    }
}

/// Writes the letters that are due at these times, as if it were then.
pub(super) async fn write(deps: &Deps, mut times: Vec<Timestamp>) -> Result<(), StorageError> {
    times.sort_unstable();
    times.dedup();
    for at in times {
        let clock: Arc<dyn Clock> = Arc::new(Stopped(at));
        let (store, entropy) = (deps.store.clone(), Arc::clone(&deps.entropy));
        let mailer = Arc::new(MailboxMailer { store, clock: Arc::clone(&clock), entropy });
        jobs::tick(&Deps { clock, mailer, ..deps.clone() }).await?;
    }
    Ok(())
}
