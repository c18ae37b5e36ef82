//! What the person has typed so far: one value, kept by the tab so that Back and reload lose nothing.

use ::billing::{
    Policy, SubAccountId,
    api::{AccountSnapshot, AgencySnapshot},
    drafts::BillingRequestDraft,
    letters::default_message,
    text::EmailAddress,
};
use serde::{Deserialize, Serialize};

use crate::browser;

/// The three fields, and whether the message is still ours to write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The fields as typed.
    pub typed: BillingRequestDraft,
    /// The person has changed the message: it no longer follows the address.
    pub message_is_own: bool,
}

fn key(id: SubAccountId) -> String {
    format!("billing-request:{id}")
}

impl Draft {
    /// What was typed before, else the terms of the open request, else a good start.
    pub fn start(account: &AccountSnapshot, agency: &AgencySnapshot, policy: &Policy) -> Self {
        let kept = browser::recall(&key(account.id));
        if let Some(draft) = kept.and_then(|text| serde_json::from_str(&text).ok()) {
            return draft;
        }
        let sign =
            |money: ::billing::Money| format!("{}{}", money.currency().sign(), money.amount());
        if let Some(open) = account.funding.open_request() {
            let typed = BillingRequestDraft {
                email: open.email.to_string(),
                starting_balance: sign(open.starting_balance),
                message: open.message.to_string(),
            };
            return Self { typed, message_is_own: true };
        }
        let start = policy.presets().get(2).copied().unwrap_or(policy.minimum);
        let typed = BillingRequestDraft {
            email: String::new(),
            starting_balance: sign(start),
            message: default_message(None, &account.name, &agency.name),
        };
        Self { typed, message_is_own: false }
    }

    /// Another address; a message that is still ours greets by it.
    pub fn set_email(&mut self, email: String, account: &AccountSnapshot, agency: &AgencySnapshot) {
        self.typed.email = email;
        if !self.message_is_own {
            let address = EmailAddress::parse(&self.typed.email).ok();
            self.typed.message = default_message(address.as_ref(), &account.name, &agency.name);
        }
    }

    /// Has the tab keep it.
    pub fn keep(&self, id: SubAccountId) {
        if let Ok(text) = serde_json::to_string(self) {
            browser::remember(&key(id), &text);
        }
    }

    /// Has the tab forget it: it was sent, or given up.
    pub fn forget(id: SubAccountId) {
        browser::forget(&key(id));
    }
}
