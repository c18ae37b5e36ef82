//! The frame around every page: the way around on the left (on a phone: on top), the page beside it.

use billing::SubAccountId;
use leptos::prelude::*;

use crate::{
    components::SideBar,
    pages::{AccountPage, AccountsPage, NotFoundPage, UsagePage},
    routes::{ACCOUNTS, Route, USAGE},
    state::{Live, desk},
};

/// A page by what makes it another one: a dialog or a filter does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// Settings > Accounts.
    Accounts,
    /// One account's page.
    Account(SubAccountId),
    /// Its payments.
    Payments(SubAccountId),
    /// A report on usage.
    Usage,
    /// There is no such page.
    NotFound,
    /// On the way elsewhere.
    Nowhere,
}

impl Page {
    /// The page of a route.
    pub fn of(route: &Route) -> Self {
        match route {
            Route::Accounts { .. } => Self::Accounts,
            Route::Account { id, .. } | Route::Draws { id, .. } => Self::Account(*id),
            Route::Payments { id, .. } => Self::Payments(*id),
            Route::Usage { .. } => Self::Usage,
            Route::NotFound => Self::NotFound,
            // The settings are another download: on the way there, too.
            _ => Self::Nowhere,
        }
    }
}

/// The frame and the page in it.
#[component]
pub fn Shell(live: Signal<Live>) -> impl IntoView {
    let route = desk().route;
    let page = Memo::new(move |_| route.with(Page::of));
    let shown = Signal::derive(move || match page.get() {
        Page::Accounts => (ACCOUNTS, "page"),
        // It belongs there.
        Page::Account(_) | Page::Payments(_) => (ACCOUNTS, "true"),
        Page::Usage => (USAGE, "page"),
        _ => ("", ""),
    });
    view! {
        <a class="skip" href="#main">
            "Skip to content"
        </a>
        <div class="shell">
            <SideBar live=live shown=shown />
            <main class="page" id="main" tabindex="-1">
                {move || match page.get() {
                    Page::Accounts => view! { <AccountsPage /> }.into_any(),
                    Page::Account(id) => view! { <AccountPage id=id payments=false /> }.into_any(),
                    Page::Payments(id) => view! { <AccountPage id=id payments=true /> }.into_any(),
                    Page::Usage => view! { <UsagePage /> }.into_any(),
                    Page::NotFound => view! { <NotFoundPage /> }.into_any(),
                    Page::Nowhere => ().into_any(),
                }}
            </main>
        </div>
    }
}
