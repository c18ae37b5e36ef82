//! The one door: a command about a sub-account's funding, carried out in one storage transaction.
//!
//! Load the state, let the pure crate decide, fold its events, book their entries, write their effects as jobs, tell the
//! change, keep the trail. Either all of it is committed or nothing is. People, timers, webhooks and jobs all come in here.

pub mod balance_links;
pub mod books;
pub mod branding;
pub mod embed;
pub mod endpoints;
pub mod explain;
pub mod idempotent;
pub mod import;
pub mod keys;
pub mod links;
pub mod passwords;
pub mod people;
pub mod prices;
pub mod providers;
pub mod put_aside;
mod qr;
pub mod receipts;
pub mod second_factor;
pub mod sessions;
pub mod snapshots;
pub mod staff;
pub mod standing;
pub mod statements;
pub mod tickets;
pub mod top_ups;
pub mod totp;
pub mod treasury;
pub mod usage_since;
pub mod wallet;

use std::{sync::Arc, time::Duration};

use billing::{
    JobId, Policy, SubAccountId, Timestamp,
    api::{Change, FundingAnswer, Who},
    funding::{
        Command, Context, Decision, Effect, Event, Funding, Recorded, Refusal, apply, decide,
        effects,
    },
    ledger::{LedgerError, entry_for},
};

use crate::{
    deps::{Deps, Entropy, EntropyExt},
    storage::{
        Scope, StorageError, Transaction, accounts::AccountRow, agencies::AgencyRow,
        audit::AuditRow, requests::RequestRow,
    },
};

/// How often an open dispute is looked at, when no webhook tells of it. Banks take weeks.
pub const LOOK_AT_DISPUTES: Duration = Duration::from_secs(24 * 60 * 60);

/// Who asks, and under which name the server's log knows it.
#[derive(Clone, Debug)]
pub struct Origin {
    /// Who.
    pub who: Who,
    /// The request's id in the log; a job's id for background work.
    pub request_id: String,
}

impl Origin {
    /// Somebody, in a request.
    pub fn new(who: impl Into<Who>, request_id: impl Into<String>) -> Self {
        Self { who: who.into(), request_id: request_id.into() }
    }

    /// A line of the audit trail about what they did.
    pub fn did(&self, action: &str, now: Timestamp) -> AuditRow {
        AuditRow {
            at: now,
            who: self.who.clone(),
            action: action.to_owned(),
            sub_account: None,
            before: None,
            after: None,
            request_id: self.request_id.clone(),
        }
    }
}

/// The time of a transaction and the chance it may use.
#[derive(Clone)]
pub struct Tools {
    /// Now.
    pub now: Timestamp,
    /// Chance.
    pub entropy: Arc<dyn Entropy>,
}

impl Tools {
    /// From what the server was given.
    pub fn of(deps: &Deps) -> Self {
        Self { now: deps.clock.now(), entropy: Arc::clone(&deps.entropy) }
    }
}

/// A command with whom it concerns.
#[derive(Clone, Debug)]
pub struct Order {
    /// Which sub-account.
    pub sub_account: SubAccountId,
    /// What to do.
    pub command: Command,
    /// The version that whoever asks has seen; none for those who cannot look first (timers, the gateway, a customer).
    pub seen: Option<u64>,
    /// Who asks.
    pub origin: Origin,
}

/// Why a command was not carried out. Nothing of it is stored then.
#[derive(Debug, thiserror::Error)]
pub enum ExecuteError {
    /// The rules say no.
    #[error("{0}")]
    Refused(#[from] RefusalError),
    /// No such object, or another agency's.
    #[error("there is no such object")]
    NotFound,
    /// Somebody else was first.
    #[error("{}", who_was_first(.latest.as_deref()))]
    VersionMismatch {
        /// What they did.
        latest: Option<Box<Recorded>>,
    },
    /// The rules of a wallet say no.
    #[error("{0}")]
    Wallet(billing::wallet::Refusal),
    /// An amount does not fit the books.
    #[error("{0}")]
    Books(#[from] LedgerError),
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// A [`Refusal`] as an error.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct RefusalError(pub Refusal);

impl From<Refusal> for ExecuteError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(RefusalError(refusal))
    }
}

/// The sentence for the one who came second.
fn who_was_first(latest: Option<&Recorded>) -> String {
    let Some(latest) = latest else {
        return "This account has changed since you loaded it.".to_owned();
    };
    let did = match &latest.event {
        Event::BillingRequested { email, .. } => format!("sent a billing request to {email}"),
        Event::RequestResent { .. } => "sent the billing request again".to_owned(),
        Event::RequestClosed { .. } => "ended the billing request".to_owned(),
        Event::SwitchedToCustomer { .. } => "paid: the account is on customer billing".to_owned(),
        Event::ReturnAsked { .. } => "began to return the account to agency billing".to_owned(),
        Event::ReturnedToAgency { .. } => "returned the account to agency billing".to_owned(),
        Event::AccountClosed => "closed the account".to_owned(),
        Event::AccountReopened => "opened the account again".to_owned(),
        Event::RefundAsked { amount, .. } => format!("refunded {amount}"),
        Event::PaymentStarted { .. } | Event::PaymentNeedsAction { .. } => {
            "started a payment".to_owned()
        }
        Event::PaymentFailed { .. } => "learned that the payment failed".to_owned(),
        _ => "changed this account".to_owned(),
    };
    format!("{} {did} meanwhile. Look again before you go on.", latest.actor.label())
}

/// What a command led to.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The snapshots to answer with.
    pub answer: FundingAnswer,
    /// What happened; nothing when it was so already.
    pub events: Vec<Recorded>,
}

/// Carries out a command.
///
/// # Errors
/// [`ExecuteError`]; the caller's transaction must be undone then.
pub fn execute(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    order: &Order,
) -> Result<Outcome, ExecuteError> {
    let agency = tx.agency(scope)?.ok_or(ExecuteError::NotFound)?;
    let account = tx.account(scope, order.sub_account)?.ok_or(ExecuteError::NotFound)?;
    if order.seen.is_some_and(|seen| seen != account.funding.version) {
        let latest = tx.last_event(scope, order.sub_account)?.map(Box::new);
        return Err(ExecuteError::VersionMismatch { latest });
    }
    let before = with_named_payment(tx, scope, &account, &order.command)?;
    let policy = Policy::standard(agency.currency);
    let actor = order.origin.who.actor();
    // A clock that was set back must not turn the timeline round.
    let now = tools.now.max(before.since());
    let context =
        Context { now, actor: &actor, policy: &policy, customer_balance: account.customer_balance };
    let events = match decide(&before, &order.command, &context)? {
        Decision::AlreadyApplied => {
            let answer = snapshots::answer(&account, &agency);
            return Ok(Outcome { answer, events: Vec::new() });
        }
        Decision::Events(events) => events,
    };
    let events: Vec<_> =
        events.into_iter().map(|event| Recorded { at: now, actor: actor.clone(), event }).collect();
    let mut funding = before.clone();
    for recorded in &events {
        funding = happen(tx, tools, scope, order.sub_account, funding, recorded)?;
    }
    for (id, payment) in &funding.payments {
        if before.payments.get(id) != Some(payment) {
            tx.save_payment(scope, Some(order.sub_account), payment)?;
            receipts::issue(tx, scope, Some(order.sub_account), payment, now)?;
        }
    }
    let funding = funding.trimmed();
    tx.save_funding(scope, order.sub_account, &funding)?;
    if before.payer() != funding.payer() || before.closed.is_some() != funding.closed.is_some() {
        // Something else says what the standing is from now on.
        let from = snapshots::standing(&account, &agency);
        tx.insert_notice(scope, Some(order.sub_account), from, now)?;
    }
    audit(tx, scope, order, now, &account.funding, &funding)?;
    wallet::follow(tx, tools, scope, order, &events, funding.phase())?;
    let answer = tell(tx, scope, order.sub_account, now)?;
    Ok(Outcome { answer, events })
}

/// One event: into the log, the books, the request's row and the job queue.
fn happen(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    sub_account: SubAccountId,
    funding: Funding,
    recorded: &Recorded,
) -> Result<Funding, ExecuteError> {
    let ended = funding.open_request().cloned();
    let funding = apply(funding, recorded);
    tx.append_event(scope, sub_account, recorded)?;
    if matches!(recorded.event, Event::SwitchedToCustomer { .. } | Event::ReturnedToAgency { .. }) {
        tx.note_metering_change(scope, Some(sub_account))?;
    }
    if let Some(entry) = entry_for(sub_account, recorded)? {
        standing::book(tx, scope, &entry, tools.now)?;
    }
    if let (Event::RequestClosed { closure, .. }, Some(request)) = (&recorded.event, ended) {
        let closed = Some((*closure, recorded.at));
        let row = RequestRow { sub_account, request, closed, gateway_customer: None };
        tx.save_request(scope, &row)?;
    } else if let Some(request) = funding.open_request().cloned() {
        let row = RequestRow { sub_account, request, closed: None, gateway_customer: None };
        tx.save_request(scope, &row)?;
    }
    let sends = funding.open_request().map_or(0, |request| request.sends);
    for (index, effect) in effects(recorded, sends).into_iter().enumerate() {
        let key = job_key(&effect, sub_account, funding.version, index);
        let run_at = match &effect {
            Effect::ExpireRequest { at, .. } => *at,
            // Its webhooks tell of it meanwhile.
            Effect::WatchDispute { .. } => recorded.at.plus(LOOK_AT_DISPUTES),
            _ => recorded.at,
        };
        let id = JobId::new(tools.now, tools.entropy.id());
        tx.insert_job(scope, id, Some(sub_account), &key, &effect, run_at, recorded.at)?;
    }
    Ok(funding)
}

/// Names an effect, so that it is queued once and can be found when there is news about it.
pub fn job_key(effect: &Effect, sub_account: SubAccountId, version: u64, index: usize) -> String {
    match effect {
        Effect::ConfirmPayment { payment } => format!("confirm/{payment}"),
        Effect::CancelPayment { payment } => format!("cancel/{payment}"),
        Effect::RefundPayment { refund, .. } => format!("refund/{refund}"),
        Effect::WatchDispute { dispute, .. } => format!("dispute/{dispute}"),
        Effect::ExpireRequest { request, at } => format!("expire/{request}/{}", at.millis()),
        Effect::SaveCard { setup } => format!("save-card/{setup}"),
        Effect::CancelSetup { setup } => format!("cancel-setup/{setup}"),
        Effect::Recharge => format!("recharge/{sub_account}/{version}/{index}"),
        Effect::Mail { .. } => format!("mail/{sub_account}/{version}/{index}"),
        Effect::DetachCard { .. } => format!("detach/{sub_account}/{version}/{index}"),
    }
}

/// The state with the payment that the command names, which may be long over.
fn with_named_payment(
    tx: &mut dyn Transaction,
    scope: Scope,
    account: &AccountRow,
    command: &Command,
) -> Result<Funding, ExecuteError> {
    let mut funding = account.funding.clone();
    if let Some(id) = command.payment()
        && !funding.payments.contains_key(&id)
        && let Some(row) = tx.payment(scope, id)?
        && row.account == Some(account.id)
    {
        funding.payments.insert(id, row.payment);
    }
    Ok(funding)
}

/// Numbers and stores the change, and answers with the same snapshots.
///
/// # Errors
/// [`ExecuteError`] when the sub-account is gone or storage fails.
pub fn tell(
    tx: &mut dyn Transaction,
    scope: Scope,
    sub_account: SubAccountId,
    now: Timestamp,
) -> Result<FundingAnswer, ExecuteError> {
    let seq = tx.next_change(scope)?;
    let agency = tx.agency(scope)?.ok_or(ExecuteError::NotFound)?;
    let account = tx.account(scope, sub_account)?.ok_or(ExecuteError::NotFound)?;
    let answer = snapshots::answer(&account, &agency);
    let change = Change {
        seq,
        account: Some(answer.account.clone()),
        agency: answer.agency.clone(),
        counts: agency.counts,
    };
    tx.insert_change(scope, &change, now)?;
    Ok(answer)
}

/// The same for a change of the agency alone.
///
/// # Errors
/// [`ExecuteError`] when storage fails.
pub fn tell_agency(
    tx: &mut dyn Transaction,
    scope: Scope,
    now: Timestamp,
) -> Result<AgencyRow, ExecuteError> {
    let seq = tx.next_change(scope)?;
    let agency = tx.agency(scope)?.ok_or(ExecuteError::NotFound)?;
    let snapshot = snapshots::agency(&agency);
    let change = Change { seq, account: None, agency: snapshot, counts: agency.counts };
    tx.insert_change(scope, &change, now)?;
    Ok(agency)
}

fn audit(
    tx: &mut dyn Transaction,
    scope: Scope,
    order: &Order,
    now: Timestamp,
    before: &Funding,
    after: &Funding,
) -> Result<(), ExecuteError> {
    let json = |funding: &Funding| {
        serde_json::to_string(funding).map_err(|error| StorageError::Damaged(error.to_string()))
    };
    let row = AuditRow {
        sub_account: Some(order.sub_account),
        before: Some(json(before)?),
        after: Some(json(after)?),
        ..order.origin.did(order.command.name(), now)
    };
    Ok(tx.insert_audit(scope, &row)?)
}
