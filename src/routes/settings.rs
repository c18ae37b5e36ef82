//! Addresses of the settings, which are a download of their own, and what the way around names.

use billing::SubAccountId;

use super::{ACCOUNTS, BILLING, PRICES, USAGE};

const PEOPLE: &str = "/settings/people";
const KEYS: &str = "/settings/keys";
const EMBEDDING: &str = "/settings/embedding";
const BRANDING: &str = "/settings/branding";
const AUDIT: &str = "/settings/audit";

/// One's own sessions.
pub const SESSIONS: &str = "/settings/sessions";
/// Where somebody asks for a new password.
pub const FORGOT: &str = "/forgot";

/// The settings in the way around: label and address.
pub const SETTINGS: [(&str, &str); 8] = [
    ("Accounts", ACCOUNTS),
    ("Billing", BILLING),
    ("Prices", PRICES),
    ("People", PEOPLE),
    ("API keys", KEYS),
    ("Embedding", EMBEDDING),
    ("Branding", BRANDING),
    ("Audit trail", AUDIT),
];

/// The reports in the way around.
pub const REPORTS: [(&str, &str); 1] = [("Usage", USAGE)];

/// A page of the settings beside the prices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingsPage {
    /// Who is there, and what they may.
    People,
    /// How machines come in.
    Keys,
    /// Which sites show balances.
    Embedding,
    /// How the agency shows itself to its clients.
    Branding,
    /// Who did what.
    Audit,
    /// Where one is signed in oneself.
    Sessions,
}

impl SettingsPage {
    const ALL: [Self; 6] =
        [Self::People, Self::Keys, Self::Embedding, Self::Branding, Self::Audit, Self::Sessions];

    /// Its address, without a query.
    pub fn path(self) -> &'static str {
        match self {
            Self::People => PEOPLE,
            Self::Keys => KEYS,
            Self::Embedding => EMBEDDING,
            Self::Branding => BRANDING,
            Self::Audit => AUDIT,
            Self::Sessions => SESSIONS,
        }
    }

    pub(super) fn of_path(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|page| page.path() == path.trim_end_matches('/'))
    }
}

/// The trail of one account.
pub fn trail_of(id: SubAccountId) -> String {
    format!("{AUDIT}?account={id}")
}

/// Whether a path belongs to the settings' own download; the server sorts by the same rule.
pub fn is_settings(path: &str) -> bool {
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    match (parts.next(), parts.next()) {
        (Some("settings"), Some(page)) => page != "accounts" && page != "billing",
        (Some("join" | "reset" | "forgot"), None) => true,
        _ => false,
    }
}
