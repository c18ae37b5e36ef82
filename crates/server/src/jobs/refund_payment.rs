//! Pays money back to the card it came from, and asks until that is known to have worked or not.

use std::time::Duration;

use billing::{
    Money,
    funding::{Actor, Command, RefundKey, RefundStatus},
};

use super::{outcome::put_aside, retry};
use crate::{
    deps::Deps,
    execute::{ExecuteError, Order, Origin, Tools, execute},
    gateway::{GatewayError, RefundOutcome},
    storage::jobs::{JobOutcome, JobRow},
};

/// When to ask again, after somebody has looked.
const ASK_AGAIN: Duration = Duration::from_secs(60 * 60);

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
        | Err(GatewayError::Rejected { .. } | GatewayError::Declined(..)) => {
            tell(deps, job, Command::FailRefund { refund }).await
        }
        Err(GatewayError::NotFound) => unknown_there(deps, job, refund).await,
        Err(error @ (GatewayError::TryLater(_) | GatewayError::Unknown(_))) => {
            Ok(retry(deps, job, error))
        }
    }
}

/// The gateway knew this payment, and does not any more: that is another account's key, not a refund that failed. It is put off,
/// and a person is to look.
async fn unknown_there(
    deps: &Deps,
    job: &JobRow,
    refund: RefundKey,
) -> Result<JobOutcome, ExecuteError> {
    let (tools, scope, source) = (Tools::of(deps), job.scope, job.id.to_string());
    let why = "the gateway does not know this payment: is its key another account's?";
    deps.store
        .write(move |tx| {
            let row = tx.payment(scope, refund.payment)?.filter(|row| row.quarantined.is_none());
            row.map_or(Ok(()), |row| put_aside(tx, &tools, scope, &row, why, &source))
        })
        .await?;
    let at = deps.clock.now().plus(ASK_AGAIN);
    Ok(JobOutcome::Retry { at, error: why.to_owned() })
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
