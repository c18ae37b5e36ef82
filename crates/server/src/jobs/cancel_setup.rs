//! Calls off the saving of a card that nobody waits for any more. One that was saved all the same is forgotten again.

use billing::SetupId;

use super::{
    retry,
    save_card::{self, find},
};
use crate::{
    deps::Deps,
    execute::ExecuteError,
    gateway::GatewayError,
    storage::jobs::{JobOutcome, JobRow},
};

pub(super) async fn cancel(
    deps: &Deps,
    job: &JobRow,
    setup: SetupId,
) -> Result<JobOutcome, ExecuteError> {
    let scope = job.scope;
    let row = deps.store.read(move |tx| tx.card_setup(scope, setup)).await?;
    let Some(row) = row else { return Ok(JobOutcome::Done) };
    let told = match find(deps, &row).await {
        Ok(Some(found)) => deps.gateway.cancel_setup(&found.id).await,
        // Not made, or about to be: whoever makes it finds out that nobody waits.
        Ok(None) => return Ok(JobOutcome::Done),
        Err(error) => Err(error),
    };
    match told {
        Ok(told) => {
            save_card::learn(deps, scope, setup, &told).await?;
            Ok(JobOutcome::Done)
        }
        Err(GatewayError::NotFound) => Ok(JobOutcome::Done),
        Err(error) => Ok(retry(deps, job, error)),
    }
}
