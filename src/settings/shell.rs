//! The frame around every page: the way around on the left (on a phone: on top), the page beside it.

use leptos::prelude::*;

use super::{
    audit::AuditPage, branding::BrandingPage, embedding::EmbeddingPage, keys::KeysPage,
    people::PeoplePage, prices::PricesPage, sessions::SessionsPage, set_price::set_price,
};
use crate::{
    components::SideBar,
    pages::NotFoundPage,
    routes::{PRICES, Route, SettingsPage},
    state::{Live, desk},
};

/// A page by what makes it another one: a dialog or a filter does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// Settings > Prices.
    Prices,
    /// Any other of the settings.
    Of(SettingsPage),
    /// There is no such page.
    NotFound,
}

impl Page {
    /// The page of a route.
    pub fn of(route: &Route) -> Self {
        match route {
            Route::Prices | Route::SetPrice { .. } => Self::Prices,
            Route::Settings { page, .. } => Self::Of(*page),
            _ => Self::NotFound,
        }
    }

    /// What it is called.
    pub fn title(self) -> &'static str {
        match self {
            Self::Prices => "Prices",
            Self::Of(SettingsPage::People) => "People",
            Self::Of(SettingsPage::Keys) => "API keys",
            Self::Of(SettingsPage::Embedding) => "Embedding",
            Self::Of(SettingsPage::Branding) => "Branding",
            Self::Of(SettingsPage::Audit) => "Audit trail",
            Self::Of(SettingsPage::Sessions) => "Your sessions",
            Self::NotFound => "Page not found",
        }
    }
}

/// The frame and the page in it.
#[component]
pub fn Shell(live: Signal<Live>) -> impl IntoView {
    let route = desk().route;
    let page = Memo::new(move |_| route.with(Page::of));
    let shown = Signal::derive(move || match page.get() {
        Page::Prices => (PRICES, "page"),
        Page::Of(page) => (page.path(), "page"),
        Page::NotFound => ("", ""),
    });
    let price = Memo::new(move |_| {
        route.with(|route| match route {
            Route::SetPrice { query } => Some(query.clone()),
            _ => None,
        })
    });
    view! {
        <a class="skip" href="#main">
            "Skip to content"
        </a>
        <div class="shell">
            <SideBar live=live shown=shown />
            <main class="page" id="main" tabindex="-1">
                {move || match page.get() {
                    Page::Prices => view! { <PricesPage /> }.into_any(),
                    Page::Of(SettingsPage::People) => view! { <PeoplePage /> }.into_any(),
                    Page::Of(SettingsPage::Keys) => view! { <KeysPage /> }.into_any(),
                    Page::Of(SettingsPage::Embedding) => view! { <EmbeddingPage /> }.into_any(),
                    Page::Of(SettingsPage::Branding) => view! { <BrandingPage /> }.into_any(),
                    Page::Of(SettingsPage::Audit) => view! { <AuditPage /> }.into_any(),
                    Page::Of(SettingsPage::Sessions) => view! { <SessionsPage /> }.into_any(),
                    Page::NotFound => view! { <NotFoundPage /> }.into_any(),
                }}
            </main>
        </div>
        {move || price.get().map(|query| set_price(&query))}
    }
}
