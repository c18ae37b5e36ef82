//! What happens to a card that is kept without a payment: confirm, authenticate, cancel.
//!
//! As with payments, checks come before changes, and a decline is remembered.

use crate::{
    books::{Holder, SetupIntent, SetupStatus},
    cards::Behaviour,
    desk::Desk,
    error::ApiError,
    payments,
    shelf::Record,
    sources::{self, Source},
};

/// Confirms a setup: the card is kept, 3-D Secure is asked for, or it is declined (402).
pub(crate) fn confirm(desk: &mut Desk<'_>, setup_id: &str, source: Source) -> Result<(), ApiError> {
    let setup = desk.books.setups.find(setup_id)?;
    if matches!(setup.status, SetupStatus::Succeeded | SetupStatus::Canceled { .. }) {
        let status = setup.status.name();
        let message =
            format!("You cannot confirm this SetupIntent because it has a status of {status}.");
        return Err(unexpected_state(setup, message));
    }
    sources::check(desk, &source, &setup.into())?;
    let method = sources::redeem(desk, source, setup_id)?;
    let setup = desk.books.setups.find_mut(setup_id)?;
    setup.payment_method = Some(method.clone());
    setup.last_setup_error = None;

    match &desk.books.payment_methods.find(&method)?.card.kind.behaviour {
        Behaviour::Declines(reason) => {
            let error = payments::declined(reason);
            Err(fail(desk, setup_id, error)?)
        }
        Behaviour::AuthenticatesOnce
        | Behaviour::AuthenticatesAlways
        | Behaviour::AuthenticatesThenDeclines(_) => {
            let setup = desk.books.setups.find_mut(setup_id)?;
            setup.status = SetupStatus::RequiresAction;
            let snapshot = setup.json();
            desk.emit("setup_intent.requires_action", snapshot);
            Ok(())
        }
        Behaviour::Approves
        | Behaviour::DeclinesCharges(_)
        | Behaviour::RefundsFail
        | Behaviour::Disputed { .. } => keep(desk, setup_id, &method, false),
    }
}

/// The customer's answer to 3-D Secure.
pub(crate) fn authenticate(
    desk: &mut Desk<'_>,
    setup_id: &str,
    success: bool,
) -> Result<(), ApiError> {
    let setup = desk.books.setups.find(setup_id)?;
    if setup.status != SetupStatus::RequiresAction {
        return Err(unexpected_state(setup, "This SetupIntent is not waiting for anybody."));
    }
    let method = setup.payment_method.clone().unwrap_or_default();
    if !success {
        let error = ApiError::invalid(
            "We are unable to authenticate your payment method. Please choose a different payment \
             method and try again.",
        )
        .code("setup_intent_authentication_failure")
        .executed();
        return fail(desk, setup_id, error).map(|_| ());
    }
    match &desk.books.payment_methods.find(&method)?.card.kind.behaviour {
        Behaviour::AuthenticatesThenDeclines(reason) => {
            let error = payments::declined(reason);
            Err(fail(desk, setup_id, error)?)
        }
        _ => keep(desk, setup_id, &method, true),
    }
}

fn keep(
    desk: &mut Desk<'_>,
    setup_id: &str,
    method_id: &str,
    authenticated: bool,
) -> Result<(), ApiError> {
    let setup = desk.books.setups.find_mut(setup_id)?;
    setup.status = SetupStatus::Succeeded;
    let (customer, snapshot) = (setup.customer.clone(), setup.json());
    let method = desk.books.payment_methods.find_mut(method_id)?;
    method.card.set_up |= authenticated;
    let mut attached = None;
    if let (Holder::Nobody, Some(customer)) = (&method.holder, customer) {
        method.holder = Holder::Customer(customer);
        attached = Some(method.json());
    }
    if let Some(method) = attached {
        desk.emit("payment_method.attached", method);
    }
    desk.emit("setup_intent.succeeded", snapshot);
    Ok(())
}

/// Sets the setup back to wanting another card, and answers the error to send. `Err` only if the books are not sound.
fn fail(desk: &mut Desk<'_>, setup_id: &str, mut error: ApiError) -> Result<ApiError, ApiError> {
    let setup = desk.books.setups.find_mut(setup_id)?;
    let used = setup.payment_method.take();
    setup.status = SetupStatus::RequiresPaymentMethod;
    if let Some(method) = used.and_then(|id| desk.books.payment_methods.find_mut(&id).ok()) {
        error.payment_method = Some(method.json());
        if method.holder == Holder::Nobody {
            // A card that nobody holds is good for one attempt.
            method.holder = Holder::Spent;
        }
    }
    let setup = desk.books.setups.find_mut(setup_id)?;
    setup.last_setup_error = Some(error.object());
    let snapshot = setup.json();
    error.setup_intent = Some(snapshot.clone());
    desk.emit("setup_intent.setup_failed", snapshot);
    Ok(error)
}

/// Gives up on a setup that has not succeeded.
pub(crate) fn cancel(
    desk: &mut Desk<'_>,
    setup_id: &str,
    reason: Option<String>,
) -> Result<(), ApiError> {
    let setup = desk.books.setups.find_mut(setup_id)?;
    if matches!(setup.status, SetupStatus::Succeeded | SetupStatus::Canceled { .. }) {
        let message = format!(
            "You cannot cancel this SetupIntent because it has a status of {}. Only a SetupIntent \
             with one of the following statuses may be canceled: requires_payment_method, \
             requires_confirmation, requires_action.",
            setup.status.name()
        );
        return Err(unexpected_state(setup, message));
    }
    setup.status = SetupStatus::Canceled { reason };
    let snapshot = setup.json();
    desk.emit("setup_intent.canceled", snapshot);
    Ok(())
}

fn unexpected_state(setup: &SetupIntent, message: impl Into<String>) -> ApiError {
    let mut error = ApiError::invalid(message).code("setup_intent_unexpected_state").executed();
    error.setup_intent = Some(setup.json());
    error
}
