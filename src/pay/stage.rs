//! Which page the customer sees.

use std::sync::Arc;

use billing::api::{PayState, PayView};

use super::trouble::Trouble;

/// What the server last said about the link, or why it said nothing.
pub type Found = Result<Arc<PayView>, Trouble>;

/// A page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The form, whatever is said in it.
    Form,
    /// A payment is on its way, or it is over: what the server said.
    State(PayState),
    /// Nothing to show.
    Trouble(Trouble),
}

/// Whether the link is to a balance that is the customer's already.
pub fn is_top_up(view: &PayView) -> bool {
    view.balance.is_some()
}

impl From<&Found> for Stage {
    fn from(found: &Found) -> Self {
        match found {
            Err(trouble) => Self::Trouble(trouble.clone()),
            Ok(view) => match &view.state {
                PayState::Open { .. } => Self::Form,
                state => Self::State(state.clone()),
            },
        }
    }
}

impl Stage {
    /// The payment may still fail, and then the form is wanted again as it was.
    pub fn may_return_to_form(&self) -> bool {
        self.is_processing() || self.waits_for_bank()
    }

    /// The gateway has the payment.
    pub fn is_processing(&self) -> bool {
        matches!(self, Self::State(PayState::Processing { .. }))
    }

    /// The customer's bank has to be asked.
    pub fn waits_for_bank(&self) -> bool {
        matches!(self, Self::State(PayState::ActionRequired { .. }))
    }

    /// The customer has paid.
    pub fn is_paid(&self) -> bool {
        matches!(self, Self::State(PayState::Paid { .. }))
    }

    /// What the page is about: its heading, and the title of the tab.
    pub fn heading(&self, view: Option<&PayView>) -> String {
        let fixed = match self {
            Self::Form => {
                let account = view.map(|view| view.account_name.as_str()).unwrap_or_default();
                let what =
                    if view.is_some_and(is_top_up) { "Top up" } else { "Set up billing for" };
                return format!("{what} {account}");
            }
            Self::State(PayState::Paid { amount, .. }) => return format!("You have paid {amount}"),
            Self::Trouble(trouble) => trouble.heading(),
            Self::State(PayState::Open { .. }) => "Set up billing",
            Self::State(PayState::Processing { .. }) => "Your payment is under way",
            Self::State(PayState::ActionRequired { .. }) => "Confirm the payment with your bank",
            Self::State(PayState::PaidBack { .. }) => "Your payment is on its way back",
            Self::State(PayState::AlreadyPaid) => "This has been paid already",
            Self::State(PayState::Expired) => "This link has expired",
            Self::State(PayState::Revoked) => "This request was withdrawn",
            Self::State(PayState::Replaced) => "There is a newer link",
            Self::State(PayState::AgencyPays) => "The agency pays for this account",
        };
        fixed.to_owned()
    }
}
