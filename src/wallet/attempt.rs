//! One try to pay or to save a card, as it was sent: what has to be sent again, letter for letter, when nobody knows what became of it.

use billing::{
    Money,
    api::{SaveCardBody, TopUpBody},
    wallet::CardRole,
};

use crate::browser;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Money onto the balance, from the card on file or from another one.
    TopUp {
        /// How much.
        amount: Money,
        /// With the card that is typed.
        new_card: bool,
    },
    /// The card that is typed, saved.
    Card(CardRole),
}

impl Wanted {
    /// Whether the card fields have to be read.
    pub fn needs_card(self) -> bool {
        !matches!(self, Self::TopUp { new_card: false, .. })
    }
}

/// A try whose outcome is not known yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Names it: the server does it once, however often it is asked.
    pub key: String,
    /// What is asked for.
    pub wanted: Wanted,
    /// What the gateway made of the card fields.
    pub token: Option<String>,
}

impl Attempt {
    /// A new try, under a name of its own.
    pub fn new(wanted: Wanted, token: Option<String>) -> Self {
        Self { key: browser::unguessable(), wanted, token }
    }

    /// What is sent to pay.
    pub fn top_up(&self, amount: Money) -> TopUpBody {
        TopUpBody { amount: amount.into(), confirmation_token: self.token.clone() }
    }

    /// What is sent to save a card.
    pub fn card(&self, role: CardRole) -> SaveCardBody {
        SaveCardBody { confirmation_token: self.token.clone().unwrap_or_default(), role }
    }
}
