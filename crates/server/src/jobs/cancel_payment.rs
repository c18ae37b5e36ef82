//! Asks the gateway to cancel a payment nobody waits for any more. If it went through meanwhile, that is news like any other.

use billing::PaymentId;

use super::{outcome, retry};
use crate::{
    deps::Deps,
    execute::ExecuteError,
    gateway::{GatewayError, IntentStatus},
    storage::jobs::{JobOutcome, JobRow},
};

pub(super) async fn cancel(
    deps: &Deps,
    job: &JobRow,
    payment: PaymentId,
) -> Result<JobOutcome, ExecuteError> {
    let scope = job.scope;
    let row = deps.store.read(move |tx| tx.payment(scope, payment)).await?;
    let Some(row) = row.filter(|row| row.payment.status.is_open()) else {
        return Ok(JobOutcome::Done);
    };
    let Some(intent) = row.intent else {
        // Its own job knows whether the gateway has heard of it, and ends it if not.
        return Ok(retry(deps, job, "the gateway's payment is not known yet"));
    };
    match deps.gateway.cancel(&intent).await {
        Ok(intent) => {
            // It said no, and a look shows that the cardholder could still pay.
            let waits = intent.status == IntentStatus::RequiresAction;
            outcome::learn(deps, scope, payment, intent, "cancellation").await?;
            Ok(if waits { retry(deps, job, "it was not cancelled") } else { JobOutcome::Done })
        }
        Err(error @ (GatewayError::Rejected { .. } | GatewayError::NotFound)) => {
            Ok(JobOutcome::Failed { error: error.to_string() })
        }
        Err(error) => Ok(retry(deps, job, error)),
    }
}
