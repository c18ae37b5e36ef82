//! What an amount can stand on.

use serde::{Deserialize, Serialize};

use crate::SubAccountId;

/// One of an agency's books.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "book", rename_all = "snake_case")]
pub enum Book {
    /// The agency's balance, shared by all its clients.
    Agency,
    /// The balance that one sub-account's customer funds.
    Customer {
        /// Whose.
        sub_account: SubAccountId,
    },
    /// Usage that was paid for.
    Revenue,
    /// Money at the payment gateway.
    Clearing,
    /// Money on its way back to cards.
    Refunds,
    /// The other side of adjustments made by hand.
    Adjustments,
}

impl Book {
    /// The name in databases and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Agency => "agency",
            Self::Customer { .. } => "customer",
            Self::Revenue => "revenue",
            Self::Clearing => "clearing",
            Self::Refunds => "refunds",
            Self::Adjustments => "adjustments",
        }
    }

    /// The book of this name; `sub_account` belongs to a customer's book and to no other.
    pub fn from_parts(name: &str, sub_account: Option<SubAccountId>) -> Option<Self> {
        match (name, sub_account) {
            ("agency", None) => Some(Self::Agency),
            ("customer", Some(sub_account)) => Some(Self::Customer { sub_account }),
            ("revenue", None) => Some(Self::Revenue),
            ("clearing", None) => Some(Self::Clearing),
            ("refunds", None) => Some(Self::Refunds),
            ("adjustments", None) => Some(Self::Adjustments),
            _ => None,
        }
    }

    /// Whose book it is, for a customer's.
    pub fn sub_account(self) -> Option<SubAccountId> {
        match self {
            Self::Customer { sub_account } => Some(sub_account),
            _ => None,
        }
    }
}
