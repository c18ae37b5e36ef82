//! Pays money back to the card it came from, and asks until that is known to have worked or not.

use billing::{
    Money,
    funding::{Actor, Command, RefundKey, RefundStatus},
};

use super::retry;
use crate::{
    deps::Deps,
    execute::{ExecuteError, Order, Origin, Tools, execute},
    gateway::{GatewayError, RefundOutcome},
    storage::jobs::{JobOutcome, JobRow},
};

pub(super) async fn refund(
    deps: &Deps,
    job: &JobRow,
    refund: RefundKey,
    amount: Money,
) -> Result<JobOutcome, ExecuteError> {
    let scope = job.scope;
    let row = deps.store.read(move |tx| tx.payment(scope, refund.payment)).await?;
    let known = row.as_ref().and_then(|row| row.payment.refund(refund));
    // Killed before it knew that it was done: what has failed is booked back, and must not be paid after all.
    if known.is_some_and(|refund| refund.status != RefundStatus::Pending) {
        return Ok(JobOutcome::Done);
    }
    let intent = row.and_then(|row| row.intent);
    let Some(intent) = intent else {
        return Ok(JobOutcome::Failed { error: "the gateway's payment is not known".to_owned() });
    };
    match deps.gateway.refund(&intent, refund, amount).await {
        Ok(RefundOutcome::Succeeded) => tell(deps, job, Command::SettleRefund { refund }).await,
        Ok(RefundOutcome::Pending) => Ok(retry(deps, job, "the refund is pending")),
        Ok(RefundOutcome::Failed)
        | Err(
            GatewayError::Rejected { .. } | GatewayError::Declined(..) | GatewayError::NotFound,
        ) => tell(deps, job, Command::FailRefund { refund }).await,
        Err(error @ (GatewayError::TryLater(_) | GatewayError::Unknown(_))) => {
            Ok(retry(deps, job, error))
        }
    }
}

async fn tell(deps: &Deps, job: &JobRow, command: Command) -> Result<JobOutcome, ExecuteError> {
    let (tools, scope) = (Tools::of(deps), job.scope);
    let order = Order {
        sub_account: job.account()?,
        command,
        seen: None,
        origin: Origin::new(Actor::system("gateway"), job.id.to_string()),
    };
    deps.store.write(move |tx| execute(tx, &tools, scope, &order)).await?;
    Ok(JobOutcome::Done)
}
