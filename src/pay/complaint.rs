//! What stands in the way of a payment, in words for the customer: the alert above the button.

use billing::funding::PaymentFailure;

use crate::api::ApiError;

/// An alert: the fact, then what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// The fact.
    pub title: String,
    /// What is known of it, and what to do.
    pub text: String,
}

impl Complaint {
    fn new(title: &str, text: impl Into<String>) -> Self {
        Self { title: title.to_owned(), text: text.into() }
    }

    /// The card was charged nothing, and why.
    pub fn declined(failure: &PaymentFailure) -> Self {
        let reason = failure.message.trim();
        let stop = if reason.ends_with(['.', '!', '?']) { "" } else { "." };
        // Many a gateway's sentence says it already.
        let advice = if reason.to_ascii_lowercase().contains("try") {
            ""
        } else {
            " Try again, or use another card."
        };
        let text = format!("{reason}{stop} Nothing was charged.{advice}");
        Self::new("The payment did not go through", text)
    }

    /// The gateway would not take the card, or could not be asked.
    pub fn card(said: String) -> Self {
        Self::new("Your card could not be read", said)
    }

    /// The gateway's script did something that it has no words for.
    pub fn broken() -> Self {
        Self::card(
            "The card fields did not answer. Reload the page and enter the card again.".into(),
        )
    }

    /// The bank was asked and said no, or the customer stopped.
    pub fn not_authenticated(said: String) -> Self {
        Self::new("Your bank did not confirm the payment", said)
    }

    /// The bank could not be asked.
    pub fn bank_unreachable() -> Self {
        Self::new(
            "Your bank could not be asked",
            "Check your connection, then continue. Nothing was charged so far.",
        )
    }

    /// The bank was asked, and there is no answer yet.
    pub fn bank_slow() -> Self {
        Self::new(
            "Your bank has not answered yet",
            "Continue to ask once more. You will not be charged twice.",
        )
    }

    /// No answer: the same try can be sent again.
    pub fn unknown_outcome() -> Self {
        Self::new(
            "We don't know yet whether the payment went through",
            "The connection broke before there was an answer. Press the button again: it is the same payment, and you \
             will not be charged twice.",
        )
    }

    /// The server said no.
    pub fn refused(error: &ApiError) -> Self {
        match error.status() {
            Some(429) => Self::new(
                "Too many tries in a short time",
                "Nothing was charged. Wait a minute, then press the button again.",
            ),
            _ => {
                let field = error.fields().first().map(|field| field.detail.clone());
                let reason = field.unwrap_or_else(|| error.to_string());
                Self::new("The payment was not taken", format!("{reason} Nothing was charged."))
            }
        }
    }
}
