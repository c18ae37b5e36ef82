//! Addresses: the one module that spells the paths of the agency's pages.
//!
//! [`Route`] is what an address means; [`Route::href`] writes it, [`Route::parse`] reads it, and what one writes the other
//! reads back. Filters, sorting and dialogs are part of it, so Back closes a dialog and a copied address shows the same.

mod client;
mod list;
mod settings;

use billing::{PaymentId, SubAccountId};

pub use client::{CLIENT, ClientRoute};
pub use list::{ListQuery, standing_from_name, standing_name};
pub use settings::{FORGOT, REPORTS, SESSIONS, SETTINGS, SettingsPage, is_settings, trail_of};

pub(crate) const ACCOUNTS: &str = "/settings/accounts";
const ACCOUNT: &str = "/accounts";
const PAYMENTS: &str = "/payments";
pub(crate) const PRICES: &str = "/settings/prices";
const SET_PRICE: &str = "/settings/prices/set";
pub(crate) const USAGE: &str = "/usage";
const SIGN_IN: &str = "/sign-in";
/// The page of the statements of the agency's balance, which the server makes.
pub const AGENCY_STATEMENTS: &str = "/statements/agency";

/// The page of an account's statements and receipts, which the server makes.
pub fn statements_of(account: SubAccountId) -> String {
    format!("/statements/{account}")
}

/// Settings > Billing: the agency's own balance, a download of its own.
pub const BILLING: &str = "/settings/billing";

/// Whether a path is a page beside these: a statement or a receipt, which the server makes, or the agency's own balance.
pub fn is_beside(path: &str) -> bool {
    path.starts_with("/statements/") || path.starts_with("/receipts/") || path == BILLING
}

/// A page of the app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// The bare host; leads on to the accounts.
    Home,
    /// Who are you?
    SignIn {
        /// Where one wanted to go.
        next: Option<String>,
    },
    /// Settings > Accounts.
    Accounts {
        /// What of the list is shown, and how.
        list: ListQuery,
        /// The billing dialog over it.
        dialog: Option<(SubAccountId, Step)>,
    },
    /// One account's page.
    Account {
        /// Which.
        id: SubAccountId,
        /// The billing dialog over it.
        dialog: Option<Step>,
    },
    /// The payments of an account.
    Payments {
        /// Whose.
        id: SubAccountId,
        /// The dialog that refunds this one, over them.
        refund: Option<PaymentId>,
    },
    /// The draws behind a line of an account's usage or ledger, over that account's page.
    Draws {
        /// Whose.
        id: SubAccountId,
        /// Of which line: `usage/{day}/{type}/{payer}` or `ledger/{entry}/draws`.
        of: String,
    },
    /// Settings > Prices.
    Prices,
    /// The dialog that sets a price, over the prices.
    SetPrice {
        /// What is filled in already; see [`query`] and [`parameter`].
        query: String,
    },
    /// A report on usage.
    Usage {
        /// Over which days, by what; see [`query`] and [`parameter`].
        query: String,
    },
    /// A page of the settings that is a download of its own.
    Settings {
        /// Which.
        page: SettingsPage,
        /// Its filters or its dialog; see [`query`] and [`parameter`].
        query: String,
    },
    /// There is no such page.
    NotFound,
}

/// Where in the billing dialog one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// What is the case, and what can be done.
    Summary,
    /// *Remove from Agency Billing*, and other terms for an open request.
    Remove,
    /// Calling an open request off: sure?
    Revoke,
    /// *Add to Agency Billing*.
    Add,
    /// *Close account*.
    Close,
}

impl Step {
    fn path(self) -> &'static str {
        match self {
            Self::Summary => "/billing",
            Self::Remove => "/billing/remove",
            Self::Revoke => "/billing/revoke",
            Self::Add => "/billing/add",
            Self::Close => "/billing/close",
        }
    }

    /// From the parts of the path after the account's id.
    fn from_parts(parts: &[&str]) -> Option<Self> {
        match parts {
            ["billing"] => Some(Self::Summary),
            ["billing", "remove"] => Some(Self::Remove),
            ["billing", "revoke"] => Some(Self::Revoke),
            ["billing", "add"] => Some(Self::Add),
            ["billing", "close"] => Some(Self::Close),
            _ => None,
        }
    }
}

impl Route {
    /// The address.
    pub fn href(&self) -> String {
        match self {
            Self::Home | Self::NotFound => "/".to_owned(),
            Self::SignIn { next: None } => SIGN_IN.to_owned(),
            Self::SignIn { next: Some(next) } => format!("{SIGN_IN}?next={}", encode(next)),
            Self::Accounts { list, dialog: None } => format!("{ACCOUNTS}{}", list.write()),
            Self::Accounts { list, dialog: Some((id, step)) } => {
                format!("{ACCOUNTS}/{id}{}{}", step.path(), list.write())
            }
            Self::Account { id, dialog: None } => format!("{ACCOUNT}/{id}"),
            Self::Account { id, dialog: Some(step) } => format!("{ACCOUNT}/{id}{}", step.path()),
            Self::Payments { id, refund: None } => format!("{ACCOUNT}/{id}{PAYMENTS}"),
            Self::Payments { id, refund: Some(payment) } => {
                format!("{ACCOUNT}/{id}{PAYMENTS}/{payment}/refund")
            }
            Self::Draws { id, of } => format!("{ACCOUNT}/{id}/{of}"),
            Self::Prices => PRICES.to_owned(),
            Self::SetPrice { query } => with_query(SET_PRICE, query),
            Self::Usage { query } => with_query(USAGE, query),
            Self::Settings { page, query } => with_query(page.path(), query),
        }
    }

    /// What an address means; `query` without its question mark.
    pub fn parse(path: &str, query: &str) -> Self {
        let parts: Vec<_> = path.split('/').filter(|part| !part.is_empty()).collect();
        let read = match parts.as_slice() {
            [] => Some(Self::Home),
            ["sign-in"] => Some(Self::SignIn { next: parameter(query, "next") }),
            ["settings", "accounts"] => {
                Some(Self::Accounts { list: ListQuery::read(query), dialog: None })
            }
            ["settings", "accounts", id, step @ ..] => {
                id.parse().ok().zip(Step::from_parts(step)).map(|dialog| Self::Accounts {
                    list: ListQuery::read(query),
                    dialog: Some(dialog),
                })
            }
            ["settings", "prices"] => Some(Self::Prices),
            ["settings", "prices", "set"] => Some(Self::SetPrice { query: query.to_owned() }),
            ["settings", _] => SettingsPage::of_path(path)
                .map(|page| Self::Settings { page, query: query.to_owned() }),
            ["usage"] => Some(Self::Usage { query: query.to_owned() }),
            ["accounts", id, of @ ("usage" | "ledger"), rest @ ..] if rest.len() > 1 => {
                id.parse().ok().map(|id| Self::Draws { id, of: format!("{of}/{}", rest.join("/")) })
            }
            ["accounts", id, "payments"] => {
                id.parse().ok().map(|id| Self::Payments { id, refund: None })
            }
            ["accounts", id, "payments", payment, "refund"] => {
                let ids = id.parse().ok().zip(payment.parse().ok());
                ids.map(|(id, payment)| Self::Payments { id, refund: Some(payment) })
            }
            ["accounts", id] => id.parse().ok().map(|id| Self::Account { id, dialog: None }),
            ["accounts", id, step @ ..] => id
                .parse()
                .ok()
                .zip(Step::from_parts(step))
                .map(|(id, step)| Self::Account { id, dialog: Some(step) }),
            _ => None,
        };
        read.unwrap_or(Self::NotFound)
    }

    /// The list as it is when one arrives.
    pub fn accounts() -> Self {
        Self::Accounts { list: ListQuery::default(), dialog: None }
    }

    /// The billing dialog over this page.
    #[must_use]
    pub fn with_dialog(&self, id: SubAccountId, step: Step) -> Self {
        match self {
            Self::Account { id, .. } | Self::Draws { id, .. } | Self::Payments { id, .. } => {
                Self::Account { id: *id, dialog: Some(step) }
            }
            Self::Accounts { list, .. } => {
                Self::Accounts { list: list.clone(), dialog: Some((id, step)) }
            }
            _ => Self::Accounts { list: ListQuery::default(), dialog: Some((id, step)) },
        }
    }

    /// The same page without a dialog over it.
    #[must_use]
    pub fn without_dialog(&self) -> Self {
        match self {
            Self::Accounts { list, .. } => Self::Accounts { list: list.clone(), dialog: None },
            Self::Account { id, .. } | Self::Draws { id, .. } => {
                Self::Account { id: *id, dialog: None }
            }
            Self::Payments { id, .. } => Self::Payments { id: *id, refund: None },
            Self::SetPrice { .. } => Self::Prices,
            // The trail's query is its filter; everywhere else it is a dialog.
            Self::Settings { page, .. } if *page != SettingsPage::Audit => {
                Self::Settings { page: *page, query: String::new() }
            }
            other => other.clone(),
        }
    }

    /// The dialog that refunds a payment, over the payments of its account.
    #[must_use]
    pub fn refund(&self, payment: &str) -> Self {
        match (self, payment.parse()) {
            (Self::Payments { id, .. }, Ok(payment)) => {
                Self::Payments { id: *id, refund: Some(payment) }
            }
            (other, _) => other.clone(),
        }
    }

    /// The draws of one day of one type at one payer's cost, over the page of their account.
    #[must_use]
    pub fn draws_of_day(&self, day: &str, event_type: &str, payer: &str) -> Self {
        // A type may have a slash in it; the path has its own.
        let event_type = encode(event_type).replace('/', "%2F");
        self.draws(format!("usage/{day}/{event_type}/{payer}"))
    }

    /// The draws of an entry of the ledger, over the page of its account.
    #[must_use]
    pub fn draws_of_entry(&self, entry: u64) -> Self {
        self.draws(format!("ledger/{entry}/draws"))
    }

    fn draws(&self, of: String) -> Self {
        match self {
            Self::Account { id, .. } | Self::Draws { id, .. } => Self::Draws { id: *id, of },
            other => other.clone(),
        }
    }

    /// The billing dialog over this page.
    pub fn dialog(&self) -> Option<(SubAccountId, Step)> {
        match self {
            Self::Accounts { dialog, .. } => *dialog,
            Self::Account { id, dialog } => dialog.map(|step| (*id, step)),
            _ => None,
        }
    }

    /// The address of a page to come back to: only a path of our own, so that a crafted link cannot lead elsewhere.
    pub fn safe_next(next: Option<&str>) -> String {
        let (path, query) =
            next.unwrap_or_default().split_once('?').unwrap_or((next.unwrap_or_default(), ""));
        match Self::parse(path, query) {
            Self::NotFound if is_beside(path) => path.to_owned(),
            Self::Home | Self::SignIn { .. } | Self::NotFound => Self::accounts().href(),
            page => page.href(),
        }
    }
}

/// Writes a query, without its question mark; what is empty is left out.
pub fn query(pairs: &[(&str, &str)]) -> String {
    let some = pairs.iter().filter(|(_, value)| !value.is_empty());
    let written: Vec<_> = some.map(|(name, value)| format!("{name}={}", encode(value))).collect();
    written.join("&")
}

fn with_query(path: &str, query: &str) -> String {
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// The value of a parameter of a query, unless it is empty.
pub fn parameter(query: &str, name: &str) -> Option<String> {
    let value = |pair: &str| {
        let (key, value) = pair.split_once('=')?;
        (key == name && !value.is_empty()).then(|| decode(value))
    };
    query.split('&').find_map(value)
}

/// Percent-encoding (RFC 3986 §2): everything but the unreserved characters and the slash.
fn encode(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

/// Reads percent-encoding and the plus of forms; what is no encoding stands for itself.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let pair = tail.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        let code = pair.and_then(|pair| u8::from_str_radix(pair, 16).ok());
        match (first, code) {
            (b'%', Some(code)) => {
                bytes.push(code);
                rest = &tail[2..];
                continue;
            }
            (b'+', _) => bytes.push(b' '),
            (other, _) => bytes.push(*other),
        }
        rest = tail;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests;
