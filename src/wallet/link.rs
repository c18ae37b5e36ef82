//! The link's token: read once from the fragment, kept by the tab so that reloading works, gone from the address bar.

use crate::browser;

/// Where the tab keeps it.
const KEY: &str = "sluice.balance";

/// The token this page was opened with, or was opened with before it was reloaded; empty when there is none.
pub fn take() -> String {
    let Some(token) = browser::link_token().filter(|token| !token.is_empty()) else {
        return browser::recall(KEY).unwrap_or_default();
    };
    browser::remember(KEY, &token);
    // A browser that forbids the tab to remember leaves the address as the only place to reload from.
    if browser::recall(KEY).as_ref() == Some(&token) {
        browser::clear_fragment();
    }
    token
}

/// Drops a token that leads nowhere.
pub fn forget() {
    browser::forget(KEY);
}
