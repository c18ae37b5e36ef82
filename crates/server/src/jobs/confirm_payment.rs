//! Owns a payment from its committed intent until its outcome is known: makes the gateway's customer, charges, and then asks
//! until there is an answer. An unknown outcome is looked up, never charged blindly a second time.

use std::time::Duration;

use billing::{
    PaymentId,
    funding::{FundingState, PaymentStatus, Purpose},
};

use super::{
    OWN_PAGE,
    keeper::Keeper,
    outcome::{self, request_of},
    retry,
};
use crate::{
    deps::Deps,
    execute::ExecuteError,
    gateway::{Charge, Decline, GatewayError, Intent, Source},
    storage::{
        StorageError, Transaction,
        jobs::{JobOutcome, JobRow},
        payments::PaymentRow,
    },
};

/// Within it the gateway knows our idempotency key and a repeat is the same charge (PAYMENTS §1, 5).
const KEY_LIFE: Duration = Duration::from_secs(23 * 60 * 60);
/// A customer who has not authenticated by then will not; the payment is called off.
const AUTHENTICATE_WITHIN: Duration = Duration::from_secs(60 * 60);
/// Nobody was there when it was charged: they read of it in a letter.
const RECHARGE_WITHIN: Duration = Duration::from_secs(23 * 60 * 60);
/// How often to look whether they have, when no webhook says so.
const LOOK_EVERY: Duration = Duration::from_secs(20);

/// What the job needs to know.
struct Facts {
    row: PaymentRow,
    /// Who pays, at the gateway.
    keeper: Keeper,
    /// The balance still waits for this payment: nobody has called it off.
    wanted: bool,
}

pub(super) async fn confirm(
    deps: &Deps,
    job: &JobRow,
    payment: PaymentId,
) -> Result<JobOutcome, ExecuteError> {
    let Some(facts) = load(deps, job, payment).await? else { return Ok(JobOutcome::Done) };
    if !facts.row.payment.status.is_open() {
        return Ok(JobOutcome::Done);
    }
    if facts.row.quarantined.is_some() {
        let error = "put aside for a person to look at".to_owned();
        return Ok(JobOutcome::Failed { error });
    }
    match ask(deps, job, &facts).await {
        Ok(Some(intent)) => {
            outcome::learn(deps, job.scope, payment, intent, "gateway answer").await?;
        }
        Ok(None) => {
            let why = no("canceled", "The payment was cancelled before it went through.");
            outcome::fail(deps, job.scope, payment, why, "reconciler").await?;
        }
        Err(GatewayError::Declined(_, Some(intent))) => {
            outcome::learn(deps, job.scope, payment, *intent, "gateway answer").await?;
        }
        Err(GatewayError::Declined(decline, None)) => {
            outcome::fail(deps, job.scope, payment, decline, "gateway answer").await?;
        }
        Err(GatewayError::Rejected { code, message, .. }) => {
            outcome::fail(deps, job.scope, payment, no(&code, &message), "gateway answer").await?;
        }
        // Ask again; what we asked for carries the same key.
        Err(error) => return Ok(retry(deps, job, error)),
    }
    next(deps, job, payment).await
}

fn no(code: &str, message: &str) -> Decline {
    Decline { code: code.to_owned(), message: message.to_owned(), advice: None }
}

/// Looks at what has become of it, and when to look again.
async fn next(deps: &Deps, job: &JobRow, payment: PaymentId) -> Result<JobOutcome, ExecuteError> {
    let scope = job.scope;
    let row = deps.store.read(move |tx| tx.payment(scope, payment)).await?;
    let Some(row) = row else { return Ok(JobOutcome::Done) };
    let now = deps.clock.now();
    match row.payment.status {
        PaymentStatus::Settled | PaymentStatus::Failed => Ok(JobOutcome::Done),
        PaymentStatus::Started => Ok(retry(deps, job, "the outcome is not known yet")),
        PaymentStatus::ActionRequired => {
            let error = "the customer has to authenticate".to_owned();
            Ok(JobOutcome::Retry { at: now.plus(LOOK_EVERY), error })
        }
    }
}

/// The PaymentIntent, made if need be; nothing when there is none and nobody wants one any more.
async fn ask(deps: &Deps, job: &JobRow, facts: &Facts) -> Result<Option<Intent>, GatewayError> {
    let payment = &facts.row.payment;
    let age = deps.clock.now().since(payment.started_at);
    if let Some(intent) = &facts.row.intent {
        let within = match payment.purpose {
            Purpose::Recharge => RECHARGE_WITHIN,
            Purpose::Switch { .. } | Purpose::TopUp => AUTHENTICATE_WITHIN,
        };
        let gives_up = payment.status == PaymentStatus::ActionRequired && age > within;
        if gives_up {
            return deps.gateway.cancel(intent).await.map(Some).map_err(GatewayError::of_a_look);
        }
        return deps.gateway.intent(intent).await.map(Some).map_err(GatewayError::of_a_look);
    }
    // A call before this one, perhaps of a process that is gone, may have had an effect that nobody heard of.
    if let Some(customer) = &facts.keeper.known
        && let Some(intent) = deps.gateway.find_intent(customer, payment.id).await?
    {
        return Ok(Some(intent));
    }
    let Some(source) = source(&facts.row) else { return Ok(None) };
    if !facts.wanted || age > KEY_LIFE {
        return Ok(None);
    }
    let customer = facts.keeper.id(deps, job.scope).await?;
    // A link to top up leads to the pay page, too; the balance's page sends nobody away but to a bank in a frame.
    let page = match (&source, facts.row.account) {
        (_, None) => OWN_PAGE,
        (Source::Saved { .. }, _) => "/balance",
        (Source::Token(_), _) => "/pay",
    };
    let charge = Charge {
        payment: payment.id,
        request: facts.keeper.new.request,
        sub_account: facts.row.account,
        amount: payment.amount,
        customer,
        source,
        return_url: format!("{}{page}", deps.config.public_url),
    };
    deps.gateway.charge(&charge).await.map(Some)
}

/// What is charged: the card whose fields were filled in, or one that is on file.
fn source(row: &PaymentRow) -> Option<Source> {
    if let Some(token) = &row.confirmation_token {
        return Some(Source::Token(token.clone()));
    }
    let off_session = row.payment.purpose == Purpose::Recharge;
    let saved = row.payment.card.as_ref().and_then(|card| card.payment_method.clone());
    saved.map(|payment_method| Source::Saved { payment_method, off_session })
}

async fn load(
    deps: &Deps,
    job: &JobRow,
    payment: PaymentId,
) -> Result<Option<Facts>, StorageError> {
    let scope = job.scope;
    deps.store
        .read(move |tx: &mut dyn Transaction| {
            let Some(row) = tx.payment(scope, payment)? else { return Ok(None) };
            let Some(sub_account) = row.account else {
                // What the agency has begun onto its own balance nobody calls off.
                let keeper = Keeper::of_agency(tx, scope)?;
                return Ok(keeper.map(|keeper| Facts { row, keeper, wanted: true }));
            };
            let Some(account) = tx.account(scope, sub_account)? else { return Ok(None) };
            let Some(request) = request_of(&row.payment, &account.funding) else { return Ok(None) };
            let wanted = match (row.payment.purpose, &account.funding.state) {
                (Purpose::Switch { .. }, FundingState::Paying { payment: current, .. }) => {
                    *current == payment
                }
                (Purpose::TopUp | Purpose::Recharge, FundingState::Customer { .. }) => true,
                _ => false,
            };
            let (email, name) = (row.payment.email.as_str(), account.name.as_str());
            let keeper = Keeper::of_request(tx, scope, request, sub_account, email, name)?;
            Ok(Some(Facts { row, keeper, wanted }))
        })
        .await
}
