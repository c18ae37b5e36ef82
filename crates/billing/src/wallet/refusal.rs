//! Why a wallet says no: a name for code, a sentence for people.

use serde::{Deserialize, Serialize};

use crate::Money;

/// A no, with everything its sentence needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Refusal {
    /// The agency pays for the account, or is about to.
    NotOpen,
    /// There is no such card on file.
    NoCard,
    /// A card is being saved; its outcome has to be known first.
    CardUnderWay,
    /// A payment is under way; its outcome has to be known first.
    PaymentUnderWay,
    /// The auto-recharge is not on.
    RechargeOff,
    /// The setting at this place is below the least.
    Below {
        /// A JSON pointer to the setting.
        pointer: String,
        /// The least.
        minimum: Money,
    },
    /// The setting at this place is above the most.
    Above {
        /// A JSON pointer to the setting.
        pointer: String,
        /// The most.
        maximum: Money,
    },
    /// The setting at this place is in another currency than the balance.
    WrongCurrency {
        /// A JSON pointer to the setting.
        pointer: String,
    },
    /// The setting at this place has a fraction of the smallest coin.
    FractionOfACoin {
        /// A JSON pointer to the setting.
        pointer: String,
    },
    /// An amount that does not fit the books.
    Overflow,
}

impl Refusal {
    /// The word for it on the wire.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotOpen => "already_on_agency_billing",
            Self::NoCard => "no_card",
            Self::CardUnderWay => "card_under_way",
            Self::PaymentUnderWay => "payment_under_way",
            Self::RechargeOff => "recharge_off",
            Self::Below { .. } => "below_minimum",
            Self::Above { .. } => "above_maximum",
            Self::WrongCurrency { .. } => "wrong_currency",
            Self::FractionOfACoin { .. } => "too_precise",
            Self::Overflow => "overflow",
        }
    }

    /// The field that it is about, if it is about one.
    pub fn pointer(&self) -> Option<&str> {
        match self {
            Self::Below { pointer, .. }
            | Self::Above { pointer, .. }
            | Self::WrongCurrency { pointer }
            | Self::FractionOfACoin { pointer } => Some(pointer),
            _ => None,
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotOpen => f.write_str("The agency pays for this account."),
            Self::NoCard => f.write_str("There is no card on file. Add one first."),
            Self::CardUnderWay => {
                f.write_str("A card is being saved; wait until its outcome is known.")
            }
            Self::PaymentUnderWay => {
                f.write_str("A payment is under way; wait until its outcome is known.")
            }
            Self::RechargeOff => f.write_str("Auto-recharge is off."),
            Self::Below { minimum, .. } => write!(f, "The amount must be at least {minimum}."),
            Self::Above { maximum, .. } => write!(f, "The amount must be at most {maximum}."),
            Self::WrongCurrency { .. } => {
                f.write_str("The amount is in another currency than the balance.")
            }
            Self::FractionOfACoin { .. } => {
                f.write_str("The amount has too many digits after the point.")
            }
            Self::Overflow => f.write_str("The amount does not fit the books."),
        }
    }
}

impl std::error::Error for Refusal {}
