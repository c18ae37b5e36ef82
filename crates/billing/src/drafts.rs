//! From what a person typed to what can be sent: one parse per form, the same in the browser and on the server.

mod recharge;

use serde::{Deserialize, Serialize};

pub use recharge::{RechargeDraft, RechargeKind};

use crate::{
    Money, Policy,
    api::{BillingRequestBody, FieldProblem},
    money::MoneyError,
    text::{EmailAddress, MessageText, TextError},
};

/// The fields of *Remove from Agency Billing*, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillingRequestDraft {
    /// Customer's email address.
    pub email: String,
    /// Starting balance.
    pub starting_balance: String,
    /// Email message text.
    pub message: String,
}

/// The fields of *Remove from Agency Billing*, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillingRequestTerms {
    /// Customer's email address.
    pub email: EmailAddress,
    /// Starting balance.
    pub starting_balance: Money,
    /// Email message text.
    pub message: MessageText,
}

impl BillingRequestTerms {
    /// The body to send.
    pub fn body(&self) -> BillingRequestBody {
        BillingRequestBody {
            email: self.email.to_string(),
            starting_balance: self.starting_balance.into(),
            message: self.message.to_string(),
        }
    }
}

impl BillingRequestDraft {
    /// Checks every field, as a person typed it.
    ///
    /// # Errors
    /// One problem for each field that is wrong, in the order of the form.
    pub fn parse(&self, policy: &Policy) -> Result<BillingRequestTerms, Vec<FieldProblem>> {
        let amount = Money::parse_typed(&self.starting_balance, policy.currency());
        terms(&self.email, amount, &self.message, policy)
    }
}

/// Checks every field of a body that came over the wire.
///
/// # Errors
/// One problem for each field that is wrong, in the order of the form.
pub fn parse_billing_request(
    body: &BillingRequestBody,
    policy: &Policy,
) -> Result<BillingRequestTerms, Vec<FieldProblem>> {
    let amount = body.starting_balance.parse(policy.currency());
    terms(&body.email, amount, &body.message, policy)
}

/// Checks an amount that a customer typed.
///
/// # Errors
/// The one problem with `/amount`.
pub fn parse_payment(text: &str, policy: &Policy) -> Result<Money, FieldProblem> {
    amount("/amount", Money::parse_typed(text, policy.currency()), policy)
}

/// Checks an amount that came over the wire.
///
/// # Errors
/// The one problem with `/amount`.
pub fn parse_payment_body(
    sent: &crate::money::WireMoney,
    policy: &Policy,
) -> Result<Money, FieldProblem> {
    amount("/amount", sent.parse(policy.currency()), policy)
}

/// Reads what a customer was shown on top of the amount; what it must be, the funding machine says.
///
/// # Errors
/// The one problem with `/usage`.
pub fn parse_usage_body(
    sent: Option<&crate::money::WireMoney>,
    policy: &Policy,
) -> Result<Option<Money>, FieldProblem> {
    let problem = |error: MoneyError| FieldProblem {
        pointer: "/usage".to_owned(),
        code: error.code().to_owned(),
        detail: error.to_string(),
    };
    sent.map(|sent| sent.parse(policy.currency()).map_err(problem)).transpose()
}

/// How much of a payment is to be refunded, from the wire.
///
/// # Errors
/// The one problem with `/amount`.
pub fn parse_refund_body(
    sent: &crate::money::WireMoney,
    policy: &Policy,
) -> Result<Money, FieldProblem> {
    sent.parse(policy.currency()).map_err(|error| FieldProblem {
        pointer: "/amount".to_owned(),
        code: error.code().to_owned(),
        detail: error.to_string(),
    })
}

fn terms(
    email: &str,
    starting_balance: Result<Money, MoneyError>,
    message: &str,
    policy: &Policy,
) -> Result<BillingRequestTerms, Vec<FieldProblem>> {
    let email = EmailAddress::parse(email).map_err(|error| text("/email", error));
    let starting_balance = amount("/starting_balance", starting_balance, policy);
    let message = MessageText::parse(message).map_err(|error| text("/message", error));
    match (email, starting_balance, message) {
        (Ok(email), Ok(starting_balance), Ok(message)) => {
            Ok(BillingRequestTerms { email, starting_balance, message })
        }
        (email, starting_balance, message) => {
            let problems = [email.err(), starting_balance.err(), message.err()];
            Err(problems.into_iter().flatten().collect())
        }
    }
}

fn amount(
    pointer: &str,
    parsed: Result<Money, MoneyError>,
    policy: &Policy,
) -> Result<Money, FieldProblem> {
    let problem = |code: &str, detail: String| FieldProblem {
        pointer: pointer.to_owned(),
        code: code.to_owned(),
        detail,
    };
    let amount = parsed.map_err(|error| problem(error.code(), error.to_string()))?;
    if amount < policy.minimum {
        let detail = format!("The amount must be at least {}.", policy.minimum);
        return Err(problem("below_minimum", detail));
    }
    if amount > policy.maximum {
        let detail = format!("The amount must be at most {}.", policy.maximum);
        return Err(problem("above_maximum", detail));
    }
    if amount.minor().is_none() {
        let error = MoneyError::TooPrecise;
        return Err(problem(error.code(), error.to_string()));
    }
    Ok(amount)
}

fn text(pointer: &str, error: TextError) -> FieldProblem {
    FieldProblem {
        pointer: pointer.to_owned(),
        code: error.code().to_owned(),
        detail: error.to_string(),
    }
}

#[cfg(test)]
mod tests;
