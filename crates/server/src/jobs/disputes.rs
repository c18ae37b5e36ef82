//! What the gateway says of a dispute becomes commands, whoever brings the news (a webhook, or the job that looks once a day), in
//! whatever order and however often. It is never believed before it was fetched.

use billing::{
    PaymentId,
    funding::{Actor, Command, DisputeStatus as Known, PaymentStatus, Refusal},
};

use super::{outcome::put_aside, retry};
use crate::{
    deps::Deps,
    execute::{
        ExecuteError, LOOK_AT_DISPUTES, Origin, RefusalError, Tools, treasury::execute_news,
    },
    gateway::{Dispute, DisputeStatus, GatewayError},
    storage::{
        Scope, Transaction,
        jobs::{JobOutcome, JobRow},
        payments::PaymentRow,
    },
};

/// What it means for the books.
enum Says {
    /// The money is taken.
    Open,
    /// It was decided.
    Closed { won: bool },
    /// No money was taken; if it had been, it is back.
    NoMoney,
    /// Not known.
    Nothing,
}

fn says(status: &DisputeStatus) -> Says {
    match status {
        DisputeStatus::NeedsResponse | DisputeStatus::UnderReview => Says::Open,
        DisputeStatus::Won => Says::Closed { won: true },
        DisputeStatus::Lost => Says::Closed { won: false },
        DisputeStatus::Inquiry | DisputeStatus::Closed(_) => Says::NoMoney,
        DisputeStatus::Unknown(_) => Says::Nothing,
    }
}

/// Takes in what the gateway says of a dispute of a payment.
///
/// # Errors
/// When storage fails, the payment is not of this agency, or its own outcome is not known yet: then it must be told again.
pub(super) fn learn_in(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    payment: PaymentId,
    dispute: &Dispute,
    test_mode: bool,
    source: &str,
) -> Result<(), ExecuteError> {
    let row = tx.payment(scope, payment)?.ok_or(ExecuteError::NotFound)?;
    let known = row.payment.dispute(&dispute.id).map(|known| known.status);
    let (opens, closes) = match says(&dispute.status) {
        Says::Open => (true, None),
        Says::Closed { won } => (true, Some(won)),
        Says::NoMoney if known.is_some() => (false, Some(true)),
        Says::NoMoney | Says::Nothing => return Ok(()),
    };
    if let Some(why) = mismatch(&row, dispute, test_mode) {
        return aside(tx, tools, scope, &row, &why, source);
    }
    if opens && known.is_none() {
        let command = Command::OpenDispute {
            payment,
            dispute: dispute.id.clone(),
            amount: dispute.amount,
            reason: dispute.reason.clone(),
            answer_by: dispute.answer_by,
        };
        match tell(tx, tools, scope, &row, command, source) {
            Err(ExecuteError::Refused(RefusalError(refusal)))
                if is_for_a_person(&row, &refusal) =>
            {
                return aside(tx, tools, scope, &row, &format!("disputed: {refusal}"), source);
            }
            told => told?,
        }
    }
    if let Some(won) = closes
        && known.is_none_or(|known| known == Known::Open)
    {
        let dispute = dispute.id.clone();
        tell(tx, tools, scope, &row, Command::CloseDispute { payment, dispute, won }, source)?;
    }
    tx.wake_job(scope, &format!("dispute/{}", dispute.id), tools.now)?;
    Ok(())
}

/// Telling it again would change nothing: the amounts differ, or the payment will never settle.
fn is_for_a_person(row: &PaymentRow, refusal: &Refusal) -> bool {
    match refusal {
        Refusal::PaymentUnderWay => {
            row.quarantined.is_some() || row.payment.status == PaymentStatus::Failed
        }
        _ => true,
    }
}

fn mismatch(row: &PaymentRow, dispute: &Dispute, test_mode: bool) -> Option<String> {
    if dispute.live == test_mode {
        return Some("the gateway tells of a dispute in the other mode, live or test".to_owned());
    }
    if row.intent.as_ref().is_some_and(|ours| *ours != dispute.intent) {
        return Some(format!(
            "the gateway tells of a dispute of another payment, {}",
            dispute.intent
        ));
    }
    let known = row.payment.dispute(&dispute.id)?;
    (known.amount != dispute.amount)
        .then(|| format!("the gateway tells of {} disputed, not {}", dispute.amount, known.amount))
}

fn aside(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    row: &PaymentRow,
    why: &str,
    source: &str,
) -> Result<(), ExecuteError> {
    if row.quarantined.is_some() {
        return Ok(());
    }
    put_aside(tx, tools, scope, row, why, source)
}

fn tell(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    row: &PaymentRow,
    command: Command,
    source: &str,
) -> Result<(), ExecuteError> {
    let origin = Origin::new(Actor::system("gateway"), source.to_owned());
    execute_news(tx, tools, scope, row.account, command, origin)
}

/// Looks at an open dispute until it is decided.
pub(super) async fn watch(
    deps: &Deps,
    job: &JobRow,
    payment: PaymentId,
    dispute: &str,
) -> Result<JobOutcome, ExecuteError> {
    if !is_open(deps, job.scope, payment, dispute).await? {
        return Ok(JobOutcome::Done);
    }
    let found = match deps.gateway.dispute(dispute).await {
        Ok(found) => found,
        Err(error @ (GatewayError::TryLater(_) | GatewayError::Unknown(_))) => {
            return Ok(retry(deps, job, error));
        }
        // Another account's key, say: somebody changes that, or not.
        Err(error) => return Ok(later(deps, error)),
    };
    let (tools, test_mode, scope) = (Tools::of(deps), deps.config.is_test_mode(), job.scope);
    deps.store
        .write(move |tx| learn_in(tx, &tools, scope, payment, &found, test_mode, "reconciler"))
        .await?;
    if is_open(deps, job.scope, payment, dispute).await? {
        return Ok(later(deps, "it is not decided yet"));
    }
    Ok(JobOutcome::Done)
}

async fn is_open(
    deps: &Deps,
    scope: Scope,
    payment: PaymentId,
    dispute: &str,
) -> Result<bool, ExecuteError> {
    let row = deps.store.read(move |tx| tx.payment(scope, payment)).await?;
    let known = row.as_ref().and_then(|row| row.payment.dispute(dispute));
    Ok(known.is_some_and(|known| known.status == Known::Open))
}

fn later(deps: &Deps, error: impl std::fmt::Display) -> JobOutcome {
    JobOutcome::Retry { at: deps.clock.now().plus(LOOK_AT_DISPUTES), error: error.to_string() }
}
