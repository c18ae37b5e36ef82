//! What happens to a payment: confirm, authenticate, cancel.
//!
//! Checks come before changes: a function that answers 400 has changed nothing. A decline (402)
//! has: the intent remembers it.

use serde_json::{Value, json};

use crate::{
    books::{Charge, Holder, IntentStatus, PaymentIntent, PaymentMethod},
    cards::{self, Behaviour, Card, Decline},
    desk::Desk,
    disputes,
    error::ApiError,
    shelf::Record,
    sources::{self, Source},
};

/// How a payment is confirmed.
pub(crate) struct Confirmation {
    pub source: Source,
    /// The customer is not there to authenticate.
    pub off_session: bool,
    /// Rather fail than ask for authentication.
    pub error_on_requires_action: bool,
}

/// Confirms a payment: it succeeds, asks for 3-D Secure, or is declined (402).
pub(crate) fn confirm(
    desk: &mut Desk<'_>,
    intent_id: &str,
    confirmation: Confirmation,
) -> Result<(), ApiError> {
    let intent = desk.books.intents.find(intent_id)?;
    match &intent.status {
        IntentStatus::RequiresPaymentMethod
        | IntentStatus::RequiresConfirmation
        | IntentStatus::RequiresAction => {}
        IntentStatus::Succeeded => {
            return Err(unexpected_state(
                intent,
                "You cannot confirm this PaymentIntent because it has already succeeded after \
                 being previously confirmed.",
            ));
        }
        IntentStatus::Canceled { .. } => {
            return Err(unexpected_state(
                intent,
                "You cannot confirm this PaymentIntent because it has a status of canceled. Only \
                 a PaymentIntent with one of the following statuses may be confirmed: \
                 requires_payment_method, requires_confirmation, requires_action.",
            ));
        }
    }
    sources::check(desk, &confirmation.source, &intent.into())?;
    let method = sources::redeem(desk, confirmation.source, intent_id)?;
    let intent = desk.books.intents.find_mut(intent_id)?;
    intent.payment_method = Some(method.clone());
    intent.last_payment_error = None;

    if confirmation.off_session
        && let Some(reason) = desk.books.declines.take(&method)
    {
        return Err(decline(desk, intent_id, &reason, false)?);
    }
    let card = desk.books.payment_methods.find(&method)?.card.clone();
    let must_authenticate = match &card.kind.behaviour {
        Behaviour::AuthenticatesOnce => !(confirmation.off_session && card.set_up),
        Behaviour::AuthenticatesAlways | Behaviour::AuthenticatesThenDeclines(_) => true,
        _ => false,
    };
    if !must_authenticate {
        return charge(desk, intent_id, false);
    }
    if confirmation.off_session || confirmation.error_on_requires_action {
        return Err(decline(desk, intent_id, &cards::AUTHENTICATION_REQUIRED, false)?);
    }
    let intent = desk.books.intents.find_mut(intent_id)?;
    intent.status = IntentStatus::RequiresAction;
    let snapshot = intent.json();
    desk.emit("payment_intent.requires_action", snapshot);
    Ok(())
}

/// The customer's answer to 3-D Secure.
pub(crate) fn authenticate(
    desk: &mut Desk<'_>,
    intent_id: &str,
    success: bool,
) -> Result<(), ApiError> {
    let intent = desk.books.intents.find(intent_id)?;
    if intent.status != IntentStatus::RequiresAction {
        return Err(unexpected_state(intent, "This PaymentIntent is not waiting for anybody."));
    }
    if success {
        return charge(desk, intent_id, true);
    }
    let mut error = ApiError::invalid(
        "We are unable to authenticate your payment method. Please choose a different payment \
         method and try again.",
    )
    .code("payment_intent_authentication_failure")
    .executed();
    error.payment_method = method_of(desk, intent_id);
    fail(desk, intent_id, &error)
}

/// Asks the card's bank.
fn charge(desk: &mut Desk<'_>, intent_id: &str, authenticated: bool) -> Result<(), ApiError> {
    let intent = desk.books.intents.find(intent_id)?;
    let method_id = intent.payment_method.clone().unwrap_or_default();
    match &desk.books.payment_methods.find(&method_id)?.card.kind.behaviour {
        Behaviour::Declines(reason)
        | Behaviour::DeclinesCharges(reason)
        | Behaviour::AuthenticatesThenDeclines(reason) => {
            Err(decline(desk, intent_id, reason, authenticated)?)
        }
        Behaviour::Approves
        | Behaviour::RefundsFail
        | Behaviour::Disputed { .. }
        | Behaviour::AuthenticatesOnce
        | Behaviour::AuthenticatesAlways => approve(desk, intent_id, &method_id, authenticated),
    }
}

fn approve(
    desk: &mut Desk<'_>,
    intent_id: &str,
    method_id: &str,
    authenticated: bool,
) -> Result<(), ApiError> {
    let charge = new_charge(desk, intent_id, authenticated, None)?;
    let intent = desk.books.intents.find_mut(intent_id)?;
    intent.status = IntentStatus::Succeeded;
    intent.latest_charge = Some(charge.id.clone());
    let keep_for = intent.customer.clone().filter(|_| intent.setup_future_usage.is_some());
    let snapshot = intent.json();

    let method = desk.books.payment_methods.find_mut(method_id)?;
    let mut attached = None;
    if method.holder == Holder::Nobody {
        method.holder = keep_for.clone().map_or(Holder::Spent, Holder::Customer);
        attached = keep_for.is_some().then(|| method.json());
    }
    if keep_for.is_some() && authenticated {
        method.card.set_up = true;
    }
    let charged = charge.json();
    let (charge_id, kind) = (charge.id.clone(), charge.card.kind);
    desk.books.charges.put(charge);
    if let Some(method) = attached {
        desk.emit("payment_method.attached", method);
    }
    desk.emit("charge.succeeded", charged);
    desk.emit("payment_intent.succeeded", snapshot);
    if let Behaviour::Disputed { reason, inquiry } = kind.behaviour {
        disputes::open(desk, &charge_id, None, reason, inquiry)?;
    }
    Ok(())
}

/// Books a failed charge and answers the error to send. `Err` only if the books are not sound.
fn decline(
    desk: &mut Desk<'_>,
    intent_id: &str,
    reason: &Decline,
    authenticated: bool,
) -> Result<ApiError, ApiError> {
    let failure = (reason.code.to_owned(), reason.message.to_owned());
    let charge = new_charge(desk, intent_id, authenticated, Some(failure))?;
    let mut error = declined(reason);
    error.charge = Some(charge.id.clone());
    error.payment_method = method_of(desk, intent_id);
    desk.books.intents.find_mut(intent_id)?.latest_charge = Some(charge.id.clone());
    let charged = charge.json();
    desk.books.charges.put(charge);
    desk.emit("charge.failed", charged);
    fail(desk, intent_id, &error)?;
    error.payment_intent = Some(desk.books.intents.find(intent_id)?.json());
    Ok(error)
}

/// The error that says what the bank said.
pub(crate) fn declined(reason: &Decline) -> ApiError {
    let mut error = ApiError::card(reason.code, reason.message);
    error.decline_code = reason.decline_code;
    error.advice_code = Some(reason.advice_code);
    error
}

/// Sets the intent back to wanting another card.
fn fail(desk: &mut Desk<'_>, intent_id: &str, error: &ApiError) -> Result<(), ApiError> {
    let intent = desk.books.intents.find_mut(intent_id)?;
    intent.status = IntentStatus::RequiresPaymentMethod;
    intent.last_payment_error = Some(error.object());
    let used = intent.payment_method.take();
    let snapshot = intent.json();
    if let Some(method) = used
        && let Ok(method) = desk.books.payment_methods.find_mut(&method)
        && method.holder == Holder::Nobody
    {
        // A card that nobody holds is good for one attempt.
        method.holder = Holder::Spent;
    }
    desk.emit("payment_intent.payment_failed", snapshot);
    Ok(())
}

fn method_of(desk: &Desk<'_>, intent_id: &str) -> Option<Value> {
    let id = desk.books.intents.get(intent_id)?.payment_method.as_ref()?;
    desk.books.payment_methods.get(id).map(Record::json)
}

fn new_charge(
    desk: &mut Desk<'_>,
    intent_id: &str,
    authenticated: bool,
    failure: Option<(String, String)>,
) -> Result<Charge, ApiError> {
    let id = desk.new_id("ch");
    let intent = desk.books.intents.find(intent_id)?;
    let method_id = intent.payment_method.clone().unwrap_or_default();
    let method = desk.books.payment_methods.find(&method_id)?;
    Ok(charge_of(id, desk.now, intent, method, authenticated, failure))
}

/// The charge of `method` for `intent`.
pub(crate) fn charge_of(
    id: String,
    created: i64,
    intent: &PaymentIntent,
    method: &PaymentMethod,
    authenticated: bool,
    failure: Option<(String, String)>,
) -> Charge {
    let card: Card = method.card.clone();
    Charge {
        id,
        created,
        amount: intent.amount,
        amount_refunded: 0,
        currency: intent.currency.clone(),
        payment_intent: intent.id.clone(),
        payment_method: method.id.clone(),
        customer: intent.customer.clone(),
        card,
        billing_details: method.billing_details.clone(),
        description: intent.description.clone(),
        metadata: intent.metadata.clone(),
        authenticated,
        disputed: false,
        failure,
    }
}

/// Gives up on a payment that has not succeeded.
pub(crate) fn cancel(
    desk: &mut Desk<'_>,
    intent_id: &str,
    reason: Option<String>,
) -> Result<(), ApiError> {
    let at = desk.now;
    let intent = desk.books.intents.find_mut(intent_id)?;
    if matches!(intent.status, IntentStatus::Succeeded | IntentStatus::Canceled { .. }) {
        let message = format!(
            "You cannot cancel this PaymentIntent because it has a status of {}. Only a \
             PaymentIntent with one of the following statuses may be canceled: \
             requires_payment_method, requires_capture, requires_confirmation, requires_action, \
             processing.",
            intent.status.name()
        );
        return Err(unexpected_state(intent, message));
    }
    intent.status = IntentStatus::Canceled { at, reason };
    let snapshot = intent.json();
    desk.emit("payment_intent.canceled", snapshot);
    Ok(())
}

fn unexpected_state(intent: &PaymentIntent, message: impl Into<String>) -> ApiError {
    let mut error = ApiError::invalid(message).code("payment_intent_unexpected_state").executed();
    error.payment_intent = Some(intent.json());
    error
}

/// Billing details that say nothing.
pub(crate) fn no_billing_details() -> Value {
    json!({ "address": null, "email": null, "name": null, "phone": null, "tax_id": null })
}
