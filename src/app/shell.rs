//! The frame around every page: the way around on the left (on a phone: on top), the page beside it.

use billing::SubAccountId;
use leptos::prelude::*;

use super::side::SideBar;
use crate::{
    pages::{AccountPage, AccountsPage, NotFoundPage, PricesPage, UsagePage},
    routes::Route,
    state::{Live, desk},
};

/// A page by what makes it another one: a dialog or a filter does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// Settings > Accounts.
    Accounts,
    /// One account's page.
    Account(SubAccountId),
    /// Settings > Prices.
    Prices,
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
            Route::Prices | Route::SetPrice { .. } => Self::Prices,
            Route::Usage { .. } => Self::Usage,
            Route::NotFound => Self::NotFound,
            Route::Home | Route::SignIn { .. } => Self::Nowhere,
        }
    }
}

/// The frame and the page in it.
#[component]
pub fn Shell(live: Signal<Live>) -> impl IntoView {
    let route = desk().route;
    let page = Memo::new(move |_| route.with(Page::of));
    view! {
        <a class="skip" href="#main">
            "Skip to content"
        </a>
        <div class="shell">
            <SideBar live=live />
            <main class="page" id="main" tabindex="-1">
                {move || match page.get() {
                    Page::Accounts => view! { <AccountsPage /> }.into_any(),
                    Page::Account(id) => view! { <AccountPage id=id /> }.into_any(),
                    Page::Prices => view! { <PricesPage /> }.into_any(),
                    Page::Usage => view! { <UsagePage /> }.into_any(),
                    Page::NotFound => view! { <NotFoundPage /> }.into_any(),
                    Page::Nowhere => ().into_any(),
                }}
            </main>
        </div>
    }
}
