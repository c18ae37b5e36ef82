//! The one settle function: what the gateway says of a payment becomes a command, whoever brings the news (the answer, a
//! webhook, the reconciler, the pay page), in whatever order and however often.

use billing::{
    PaymentId, RequestId,
    funding::{Actor, Command, Funding, Payment, PaymentFailure, PaymentStatus, Purpose, Refusal},
};

use crate::{
    deps::Deps,
    execute::{ExecuteError, Origin, RefusalError, Tools, treasury::execute_news},
    gateway::{Decline, Intent, IntentStatus},
    storage::{Scope, Transaction, audit::AuditRow, payments::PaymentRow},
};

/// Takes in what the gateway says of a payment, in a transaction of its own.
///
/// # Errors
/// When storage fails or the payment is not of this agency.
pub async fn learn(
    deps: &Deps,
    scope: Scope,
    payment: PaymentId,
    intent: Intent,
    source: &'static str,
) -> Result<(), ExecuteError> {
    let (tools, test_mode) = (Tools::of(deps), deps.config.is_test_mode());
    deps.store
        .write(move |tx| learn_in(tx, &tools, scope, payment, &intent, test_mode, source))
        .await
}

/// The same within a transaction.
///
/// # Errors
/// When storage fails or the payment is not of this agency.
pub fn learn_in(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    payment: PaymentId,
    intent: &Intent,
    test_mode: bool,
    source: &str,
) -> Result<(), ExecuteError> {
    let row = tx.payment(scope, payment)?.ok_or(ExecuteError::NotFound)?;
    if let Some(why) = mismatch(tx, scope, &row, intent, test_mode)? {
        return put_aside(tx, tools, scope, &row, &why, source);
    }
    if row.intent.is_none() {
        tx.set_intent(scope, payment, &intent.id)?;
    }
    let command = match &intent.status {
        IntentStatus::Succeeded => {
            Command::SettlePayment { payment, amount: intent.amount, card: intent.card.clone() }
        }
        IntentStatus::RequiresAction => Command::RequireAction { payment },
        IntentStatus::RequiresPaymentMethod | IntentStatus::Canceled => {
            Command::FailPayment { payment, failure: failure(tools, intent) }
        }
        // Not known yet: whoever asked will ask again.
        IntentStatus::Processing | IntentStatus::Unknown(_) => return Ok(()),
    };
    tell(tx, tools, scope, &row, command, source)
}

/// Takes in that a payment has failed without a PaymentIntent to show for it.
///
/// # Errors
/// When storage fails or the payment is not of this agency.
pub async fn fail(
    deps: &Deps,
    scope: Scope,
    payment: PaymentId,
    why: Decline,
    source: &'static str,
) -> Result<(), ExecuteError> {
    let tools = Tools::of(deps);
    let Decline { code, message, advice } = why;
    let failure = PaymentFailure { code, message, advice, at: tools.now };
    deps.store
        .write(move |tx| {
            let row = tx.payment(scope, payment)?.ok_or(ExecuteError::NotFound)?;
            let command = Command::FailPayment { payment, failure: failure.clone() };
            tell(tx, &tools, scope, &row, command, source)
        })
        .await
}

fn tell(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    row: &PaymentRow,
    command: Command,
    source: &str,
) -> Result<(), ExecuteError> {
    let payment = row.payment.id;
    match execute_news(tx, tools, scope, row.account, command, origin(row, source)) {
        Ok(()) => {}
        Err(ExecuteError::Refused(RefusalError(refusal @ Refusal::PaymentMismatch { .. }))) => {
            return put_aside(tx, tools, scope, row, &refusal.to_string(), source);
        }
        Err(error) => return Err(error),
    }
    let now = tx.payment(scope, payment)?;
    if now.is_some_and(|row| !row.payment.status.is_open()) {
        tx.set_confirmation_token(scope, payment, None)?;
        tx.wake_job(scope, &format!("confirm/{payment}"), tools.now)?;
    }
    Ok(())
}

/// The customer acts by paying; the gateway only brings the news. The agency's people are named where they begin to pay.
fn origin(row: &PaymentRow, source: &str) -> Origin {
    let actor = match row.payment.status {
        PaymentStatus::Started | PaymentStatus::ActionRequired if row.account.is_some() => {
            Actor::Customer { email: row.payment.email.clone() }
        }
        _ => Actor::system("gateway"),
    };
    Origin::new(actor, source.to_owned())
}

fn failure(tools: &Tools, intent: &Intent) -> PaymentFailure {
    let plain = |code: &str, message: &str| Decline {
        code: code.to_owned(),
        message: message.to_owned(),
        advice: None,
    };
    let decline = match (&intent.decline, &intent.status) {
        (Some(decline), _) => decline.clone(),
        (None, IntentStatus::Canceled) => {
            plain("canceled", "The payment was cancelled before it went through.")
        }
        (None, _) => plain("card_declined", "The card was declined."),
    };
    let Decline { code, message, advice } = decline;
    PaymentFailure { code, message, advice, at: tools.now }
}

/// Amount, customer and mode must be ours (PAYMENTS §1, 4).
fn mismatch(
    tx: &mut dyn Transaction,
    scope: Scope,
    row: &PaymentRow,
    intent: &Intent,
    test_mode: bool,
) -> Result<Option<String>, ExecuteError> {
    if intent.amount != row.payment.amount {
        let (theirs, ours) = (intent.amount, row.payment.amount);
        return Ok(Some(format!("the gateway tells of {theirs}, not {ours}")));
    }
    if intent.live == test_mode {
        return Ok(Some("the gateway tells of the other mode, live or test".to_owned()));
    }
    if row.intent.as_ref().is_some_and(|ours| *ours != intent.id) {
        return Ok(Some(format!("the gateway tells of another payment, {}", intent.id)));
    }
    let ours = customer_of(tx, scope, row)?;
    let is_another = ours.is_some() && intent.customer.is_some() && ours != intent.customer;
    Ok(is_another.then(|| "the gateway tells of another customer".to_owned()))
}

/// Who pays it, by the gateway's id, as far as we know.
fn customer_of(
    tx: &mut dyn Transaction,
    scope: Scope,
    row: &PaymentRow,
) -> Result<Option<String>, ExecuteError> {
    let Some(account) = row.account else { return Ok(tx.treasury_customer(scope)?) };
    let account = tx.account(scope, account)?;
    let request = account.and_then(|account| request_of(&row.payment, &account.funding));
    match request {
        Some(request) => Ok(tx.request(scope, request)?.and_then(|row| row.gateway_customer)),
        None => Ok(None),
    }
}

/// The request whose customer at the gateway pays: the one that is answered, or the one by which whoever tops up became the
/// account's customer. While a top-up is open the account stays theirs.
pub(super) fn request_of(payment: &Payment, funding: &Funding) -> Option<RequestId> {
    match payment.purpose {
        Purpose::Switch { request, .. } => Some(request),
        Purpose::TopUp | Purpose::Recharge => funding.customer().map(|customer| customer.request),
    }
}

/// Puts a payment aside for a person to look at.
pub(super) fn put_aside(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    row: &PaymentRow,
    why: &str,
    source: &str,
) -> Result<(), ExecuteError> {
    tracing::error!(payment = %row.payment.id, why, "a payment is put aside for a person to look at");
    tx.quarantine(scope, row.payment.id, Some(why))?;
    let audit = AuditRow {
        sub_account: row.account,
        after: Some(serde_json::json!({ "payment": row.payment.id, "why": why }).to_string()),
        ..Origin::new(Actor::system("gateway"), source).did("quarantine_payment", tools.now)
    };
    Ok(tx.insert_audit(scope, &audit)?)
}
