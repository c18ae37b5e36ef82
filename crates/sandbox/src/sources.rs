//! Where a card comes from: a token of the card frame, or a payment method in the books.

use crate::{
    books::{Holder, PaymentIntent, PaymentMethod, SetupIntent},
    desk::Desk,
    error::ApiError,
};

/// What a confirmation charges or saves.
pub(crate) enum Source {
    /// A card typed into the frame.
    Token(String),
    /// A payment method that is in the books.
    Method(String),
}

/// What a source is to be good for.
#[derive(Clone, Copy)]
pub(crate) struct Purpose<'a> {
    customer: Option<&'a String>,
    setup_future_usage: Option<&'a str>,
    /// None when nothing is paid.
    currency: Option<&'a String>,
}

impl<'a> From<&'a PaymentIntent> for Purpose<'a> {
    fn from(intent: &'a PaymentIntent) -> Self {
        Self {
            customer: intent.customer.as_ref(),
            setup_future_usage: intent.setup_future_usage.as_deref(),
            currency: Some(&intent.currency),
        }
    }
}

impl<'a> From<&'a SetupIntent> for Purpose<'a> {
    fn from(setup: &'a SetupIntent) -> Self {
        Self {
            customer: setup.customer.as_ref(),
            setup_future_usage: Some(&setup.usage),
            currency: None,
        }
    }
}

/// Refuses a source that is no good for `purpose`; changes nothing.
pub(crate) fn check(
    desk: &Desk<'_>,
    source: &Source,
    purpose: &Purpose<'_>,
) -> Result<(), ApiError> {
    match source {
        Source::Token(id) => check_token(desk, id, purpose),
        Source::Method(id) => check_method(desk.books.payment_methods.find(id)?, purpose),
    }
}

fn check_token(desk: &Desk<'_>, id: &str, purpose: &Purpose<'_>) -> Result<(), ApiError> {
    let refuse = |message: String| ApiError::invalid(message).param("confirmation_token");
    let token = desk.books.tokens.find(id)?;
    if let Some(used) = &token.used_by {
        return Err(refuse(format!(
            "The confirmation token {id} has already been used by {used}. Create a new one."
        ))
        .code("token_already_used"));
    }
    if desk.now >= token.expires_at() {
        return Err(refuse(format!("The confirmation token {id} has expired. Create a new one."))
            .code("resource_missing"));
    }
    let expected = purpose.setup_future_usage;
    if token.setup_future_usage.is_some() && token.setup_future_usage.as_deref() != expected {
        return Err(refuse(format!(
            "The provided setup_future_usage ({}) does not match the expected setup_future_usage \
             ({}). Try confirming with a Payment Intent that is configured to use the same \
             parameters as Stripe Elements.",
            expected.unwrap_or("null"),
            token.setup_future_usage.as_deref().unwrap_or("null"),
        )));
    }
    if let (Some(theirs), Some(ours)) = (&token.currency, purpose.currency)
        && theirs != ours
    {
        return Err(refuse(format!(
            "The provided currency ({ours}) does not match the expected currency ({theirs}).",
        )));
    }
    Ok(())
}

fn check_method(method: &PaymentMethod, purpose: &Purpose<'_>) -> Result<(), ApiError> {
    match &method.holder {
        Holder::Nobody => Ok(()),
        Holder::Customer(holder) if purpose.customer == Some(holder) => Ok(()),
        Holder::Customer(_) if purpose.customer.is_some() => Err(ApiError::invalid(format!(
            "The customer does not have a payment method with the ID {}. The payment method must \
             be attached to the customer.",
            method.id
        ))
        .code("resource_missing")
        .param("payment_method")),
        Holder::Customer(holder) => Err(ApiError::invalid(format!(
            "The payment method you provided has been attached to a customer ({holder}). Include \
             that customer in the payment."
        ))
        .param("customer")),
        Holder::Spent => Err(ApiError::invalid(
            "The provided PaymentMethod was previously used with a PaymentIntent without Customer \
             attachment or was detached from a Customer. It may not be used again. To use a \
             PaymentMethod multiple times, you must attach it to a Customer first.",
        )
        .param("payment_method")),
    }
}

/// The payment method to use for the intent `user`: a token becomes one, once.
pub(crate) fn redeem(desk: &mut Desk<'_>, source: Source, user: &str) -> Result<String, ApiError> {
    let token = match source {
        Source::Method(id) => return Ok(id),
        Source::Token(id) => id,
    };
    let id = desk.new_id("pm");
    let token = desk.books.tokens.find_mut(&token)?;
    token.used_by = Some(user.to_owned());
    let method = PaymentMethod {
        id: id.clone(),
        created: desk.now,
        card: token.card.clone(),
        holder: Holder::Nobody,
        billing_details: token.billing_details.clone(),
        metadata: Default::default(),
    };
    desk.books.payment_methods.put(method);
    Ok(id)
}
