//! Makes the gateway forget a card.

use billing::funding::Card;

use super::retry;
use crate::{
    deps::Deps,
    execute::ExecuteError,
    gateway::GatewayError,
    storage::jobs::{JobOutcome, JobRow},
};

pub(super) async fn detach(
    deps: &Deps,
    job: &JobRow,
    card: &Card,
) -> Result<JobOutcome, ExecuteError> {
    // A card that was never saved cannot be charged again: there is nothing to forget.
    let Some(payment_method) = &card.payment_method else { return Ok(JobOutcome::Done) };
    match deps.gateway.detach(payment_method).await {
        Ok(()) | Err(GatewayError::NotFound) => Ok(JobOutcome::Done),
        Err(error @ (GatewayError::Rejected { .. } | GatewayError::Declined(..))) => {
            Ok(JobOutcome::Failed { error: error.to_string() })
        }
        Err(error @ (GatewayError::TryLater(_) | GatewayError::Unknown(_))) => {
            Ok(retry(deps, job, error))
        }
    }
}
