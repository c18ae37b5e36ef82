//! The door of the agency's own balance: a command about its payments and the card that is charged first, carried out in one
//! storage transaction. What it means for the wallet beside it is told there at once.

use billing::{
    JobId, PaymentId, Policy, SubAccountId,
    funding::{Command as FundingCommand, Effect},
    treasury::{Command, Event, Recorded, Treasury, apply, decide, effects, entry_for},
    wallet,
};

use super::{
    ExecuteError, LOOK_AT_DISPUTES, Order, Origin, Tools, execute, receipts, standing, tell_agency,
    wallet::{Owner, execute_wallet, remind},
};
use crate::{
    deps::EntropyExt,
    storage::{Scope, StorageError, Transaction, audit::AuditRow},
};

/// Carries out a command; answers what happened, nothing when it was so already.
///
/// # Errors
/// [`ExecuteError`]; the caller's transaction must be undone then.
pub fn execute_treasury(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    command: &Command,
    origin: &Origin,
) -> Result<Option<Event>, ExecuteError> {
    let agency = tx.agency(scope)?.ok_or(ExecuteError::NotFound)?;
    let stored = tx.treasury(scope)?;
    let before = with_named_payment(tx, scope, stored.clone(), command.payment())?;
    let policy = Policy::standard(agency.currency);
    let Some(event) = decide(&before, command, &policy)? else { return Ok(None) };
    let recorded = Recorded { at: tools.now, event };
    let after = apply(before.clone(), &recorded);
    for (id, payment) in &after.payments {
        if before.payments.get(id) != Some(payment) {
            tx.save_payment(scope, None, payment)?;
            receipts::issue(tx, scope, None, payment, tools.now)?;
        }
    }
    let after = after.trimmed();
    tx.save_treasury(scope, &after)?;
    if let Some(entry) = entry_for(&recorded)? {
        standing::book(tx, scope, &entry, tools.now)?;
    }
    for (index, effect) in effects(&recorded).into_iter().enumerate() {
        queue(tx, tools, scope, &format!("{}/{index}", after.version), &effect)?;
    }
    let row = AuditRow {
        before: Some(json(&stored)?),
        after: Some(json(&after)?),
        ..origin.did(command.name(), tools.now)
    };
    tx.insert_audit(scope, &row)?;
    follow(tx, tools, scope, &recorded.event, origin)?;
    tell_agency(tx, scope, tools.now)?;
    Ok(Some(recorded.event))
}

/// Carries out what the gateway's news of a payment means, whosever balance it is onto: a sub-account's own, or the agency's.
///
/// # Errors
/// [`ExecuteError`]; the caller's transaction must be undone then.
pub fn execute_news(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    account: Option<SubAccountId>,
    command: FundingCommand,
    origin: Origin,
) -> Result<(), ExecuteError> {
    let Some(sub_account) = account else {
        let command = of_news(command)?;
        return execute_treasury(tx, tools, scope, &command, &origin).map(|_| ());
    };
    let order = Order { sub_account, command, seen: None, origin };
    execute(tx, tools, scope, &order).map(|_| ())
}

/// The same news in the words of the treasury.
fn of_news(command: FundingCommand) -> Result<Command, StorageError> {
    Ok(match command {
        FundingCommand::RequireAction { payment } => Command::RequireAction { payment },
        FundingCommand::FailPayment { payment, failure } => {
            Command::FailPayment { payment, failure }
        }
        FundingCommand::SettlePayment { payment, amount, card } => {
            Command::SettlePayment { payment, amount, card }
        }
        FundingCommand::OpenDispute { payment, dispute, amount, reason, answer_by } => {
            Command::OpenDispute { payment, dispute, amount, reason, answer_by }
        }
        FundingCommand::CloseDispute { payment, dispute, won } => {
            Command::CloseDispute { payment, dispute, won }
        }
        // What is asked of sub-accounts alone: a payment of the agency's own balance has no refunds, say.
        other => {
            let what = format!("{} was asked of the agency's own balance", other.name());
            return Err(StorageError::Damaged(what));
        }
    })
}

/// What the wallet beside it is to hear.
fn follow(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    event: &Event,
    origin: &Origin,
) -> Result<(), ExecuteError> {
    let command = match event {
        Event::PaymentCredited { payment, card, email, .. } => {
            if let Some(card) = card {
                remind(tx, tools, scope, Owner::Agency, card, email)?;
            }
            wallet::Command::Credited { payment: *payment }
        }
        Event::PaymentFailed { payment, failure } => {
            wallet::Command::ChargeFailed { payment: *payment, failure: failure.clone() }
        }
        Event::PaymentNeedsAction { payment } => {
            wallet::Command::ChargeNeedsAction { payment: *payment }
        }
        Event::DisputeOpened { .. } => wallet::Command::Disputed,
        Event::PaymentStarted { .. } | Event::CardChanged { .. } | Event::DisputeClosed { .. } => {
            return Ok(());
        }
    };
    execute_wallet(tx, tools, scope, Owner::Agency, &command, origin).map(|_| ())
}

/// The state with the payment that the command names, which may be long over.
fn with_named_payment(
    tx: &mut dyn Transaction,
    scope: Scope,
    mut treasury: Treasury,
    named: Option<PaymentId>,
) -> Result<Treasury, ExecuteError> {
    if let Some(id) = named
        && !treasury.payments.contains_key(&id)
        && let Some(row) = tx.payment(scope, id)?
        && row.account.is_none()
    {
        treasury.payments.insert(id, row.payment);
    }
    Ok(treasury)
}

fn queue(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    place: &str,
    effect: &Effect,
) -> Result<(), StorageError> {
    let key = match effect {
        Effect::ConfirmPayment { payment } => format!("confirm/{payment}"),
        Effect::DetachCard { .. } => format!("detach/agency/treasury/{place}"),
        Effect::WatchDispute { dispute, .. } => format!("dispute/{dispute}"),
        _ => format!("mail/agency/treasury/{place}"),
    };
    let id = JobId::new(tools.now, tools.entropy.id());
    let run_at = match effect {
        // Its webhooks tell of it meanwhile.
        Effect::WatchDispute { .. } => tools.now.plus(LOOK_AT_DISPUTES),
        _ => tools.now,
    };
    tx.insert_job(scope, id, None, &key, effect, run_at, tools.now)
}

fn json(treasury: &Treasury) -> Result<String, StorageError> {
    serde_json::to_string(treasury).map_err(|error| StorageError::Damaged(error.to_string()))
}
