//! The timer of a billing request.

use std::time::Duration;

use billing::{
    RequestId,
    funding::{Actor, Command, Refusal},
};

use crate::{
    deps::Deps,
    execute::{ExecuteError, Order, Origin, RefusalError, Tools, execute},
    storage::jobs::{JobOutcome, JobRow},
};

/// How long to wait for a payment that began in time.
const WAIT_FOR_PAYMENT: Duration = Duration::from_secs(60);

pub(super) async fn expire(
    deps: &Deps,
    job: &JobRow,
    request: RequestId,
) -> Result<JobOutcome, ExecuteError> {
    let (tools, scope) = (Tools::of(deps), job.scope);
    let now = tools.now;
    let order = Order {
        sub_account: job.account()?,
        command: Command::ExpireRequest { request },
        seen: None,
        origin: Origin::new(Actor::system("timer"), job.id.to_string()),
    };
    match deps.store.write(move |tx| execute(tx, &tools, scope, &order)).await {
        // Sent again since: a later timer is set.
        Ok(_) | Err(ExecuteError::Refused(RefusalError(Refusal::NotYetExpired { .. }))) => {
            Ok(JobOutcome::Done)
        }
        Err(ExecuteError::Refused(RefusalError(refusal @ Refusal::PaymentUnderWay))) => {
            let at = now.plus(WAIT_FOR_PAYMENT);
            Ok(JobOutcome::Retry { at, error: refusal.to_string() })
        }
        Err(error) => Err(error),
    }
}
