//! Looks whether a balance is to be recharged. What that means is the wallet's to say; asked often, it charges once.

use std::time::Duration;

use billing::{
    PaymentId,
    wallet::{Command, Refusal},
};

use crate::{
    deps::{Deps, EntropyExt},
    execute::{
        ExecuteError, Tools,
        wallet::{Owner, by_itself, execute_wallet},
    },
    storage::jobs::{JobOutcome, JobRow},
};

/// How long to wait for the outcome of a payment that is under way.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

pub(super) async fn recharge(deps: &Deps, job: &JobRow) -> Result<JobOutcome, ExecuteError> {
    let owner = Owner::of(job.sub_account);
    let (tools, scope) = (Tools::of(deps), job.scope);
    let payment = PaymentId::new(tools.now, tools.entropy.id());
    let (command, origin) = (Command::Check { payment }, by_itself(job.id.to_string()));
    let checked = deps
        .store
        .write(move |tx| execute_wallet(tx, &tools, scope, owner, &command, &origin))
        .await;
    match checked {
        Ok(_) => Ok(JobOutcome::Done),
        Err(ExecuteError::Wallet(refusal @ Refusal::PaymentUnderWay)) => {
            let at = deps.clock.now().plus(LOOK_AGAIN);
            Ok(JobOutcome::Retry { at, error: refusal.to_string() })
        }
        Err(error) => Err(error),
    }
}
