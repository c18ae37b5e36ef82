//! One try to pay, as it was sent: what has to be sent again, letter for letter, when nobody knows what became of it.

use billing::{Money, api::PayBody};

use crate::browser;

/// A try whose outcome is not known yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Names it: the server does it once, however often it is asked.
    pub idempotency_key: String,
    /// What the customer pays onto their balance.
    pub amount: Money,
    /// What they were shown on top.
    pub usage: Option<Money>,
    /// What the gateway made of the card.
    pub confirmation_token: String,
}

impl Attempt {
    /// A new try, under a name of its own.
    pub fn new(amount: Money, usage: Option<Money>, confirmation_token: String) -> Self {
        Self { idempotency_key: browser::unguessable(), amount, usage, confirmation_token }
    }

    /// What is sent.
    pub fn body(&self) -> PayBody {
        PayBody {
            amount: self.amount.into(),
            usage: self.usage.map(Into::into),
            confirmation_token: self.confirmation_token.clone(),
        }
    }
}
