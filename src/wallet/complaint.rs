//! What stands in the way of something, in words for whoever pays: the fact, then what to do. Never whose fault it is.

use billing::funding::PaymentFailure;

use crate::{api::ApiError, browser::GatewayError};

/// An alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// The fact.
    pub title: String,
    /// What is known of it, and what to do.
    pub text: String,
}

/// What a bank's no means: what happened, and what to do about it.
pub fn decline(failure: &PaymentFailure) -> (&'static str, &'static str) {
    match failure.code.as_str() {
        "insufficient_funds" | "withdrawal_count_limit_exceeded" | "card_velocity_exceeded" => (
            "The card had no room for this amount at that moment.",
            "Make room on it, or use another card.",
        ),
        "expired_card" => {
            ("The card has expired.", "Add the one that your bank has sent since, or another.")
        }
        "lost_card" | "stolen_card" | "pickup_card" | "restricted_card" | "fraudulent" => (
            "The bank does not take charges to this card any more.",
            "Use another card; your bank can say more about this one.",
        ),
        "incorrect_cvc"
        | "incorrect_number"
        | "incorrect_zip"
        | "invalid_account"
        | "invalid_cvc"
        | "invalid_expiry_month"
        | "invalid_expiry_year" => (
            "Something in the card's details does not match what the bank has.",
            "Enter the card once more, or use another.",
        ),
        "authentication_required"
        | "authentication_failed"
        | "payment_intent_authentication_failure"
        | "setup_intent_authentication_failure" => (
            "The bank asked for a confirmation and did not get it.",
            "Try again and confirm, or use another card.",
        ),
        "processing_error" | "issuer_not_available" | "try_again_later" | "reenter_transaction" => {
            (
                "The bank could not be reached at that moment. Nothing is wrong with the card.",
                "Try again in a few minutes.",
            )
        }
        "card_not_supported" | "currency_not_supported" | "transaction_not_allowed" => {
            ("The card does not do this kind of payment.", "Use another card.")
        }
        "stop_payment_order"
        | "revocation_of_authorization"
        | "revocation_of_all_authorizations" => (
            "The bank was told not to allow such charges.",
            "Use another card, or lift this at your bank.",
        ),
        "canceled" | "payment_intent_unexpected_state" => {
            ("It was cancelled.", "Try again when you like.")
        }
        _ => (
            "The bank did not allow it, and gives no reason.",
            "Your bank can say more; another card often works.",
        ),
    }
}

impl Complaint {
    fn new(title: &str, text: impl Into<String>) -> Self {
        Self { title: title.to_owned(), text: text.into() }
    }

    /// Nothing was charged, and why.
    pub fn declined(failure: &PaymentFailure) -> Self {
        let (what, advice) = decline(failure);
        Self::new("The payment did not go through", format!("{what} Nothing was charged. {advice}"))
    }

    /// The card was not saved, and why.
    pub fn not_saved(failure: &PaymentFailure) -> Self {
        let (what, advice) = decline(failure);
        Self::new("The card was not saved", format!("{what} Nothing has changed. {advice}"))
    }

    /// The gateway would not take the card; nothing when the card fields say it themselves.
    pub fn card(error: GatewayError) -> Option<Self> {
        let said = match error {
            GatewayError::InTheFields => return None,
            GatewayError::Said(said) => said,
            GatewayError::Broken => {
                "The card fields did not answer. Reload the page and enter the card again."
                    .to_owned()
            }
        };
        Some(Self::new("The card could not be read", said))
    }

    /// The bank was asked, and there is no yes; why, if anybody knows.
    pub fn of_bank(trouble: Option<GatewayError>) -> Self {
        match trouble {
            Some(GatewayError::Said(said)) => Self::new("Your bank did not confirm", said),
            Some(_) => Self::new(
                "Your bank could not be asked",
                "Check your connection, then try again. Nothing was charged so far.",
            ),
            None => Self::new(
                "Your bank has not answered yet",
                "Try again to ask once more. You will not be charged twice.",
            ),
        }
    }

    /// No answer: the same try can be sent again.
    pub fn unknown_outcome() -> Self {
        Self::new(
            "We don't know yet whether that went through",
            "The connection broke before there was an answer. Press the button again: it is the same one, and has its effect \
             only once.",
        )
    }

    /// The server said no.
    pub fn refused(error: &ApiError) -> Self {
        if error.status() == Some(429) {
            return Self::new(
                "Too many tries in a short time",
                "Nothing was charged. Wait a minute, then press the button again.",
            );
        }
        let field = error.fields().first().map(|field| field.detail.clone());
        Self::new("That was not done", field.unwrap_or_else(|| error.to_string()))
    }
}
