//! The way around: whose app it is, the pages that are there, who is signed in, whether the page is live.

use leptos::prelude::*;

use super::shell::Page;
use crate::{
    api,
    routes::Route,
    state::{Live, desk},
    ui::{Gate, Icon, Shape, Side},
};

/// The bar.
#[component]
pub fn SideBar(live: Signal<Live>) -> impl IntoView {
    let desk = desk();
    let agency = desk.store.agency();
    let name = move || agency.with(|agency| agency.name.to_string());
    // A link leads to its page, or to the page that this one belongs to.
    let link = move |page: Page, href: String, label: &'static str| {
        let current = move || match desk.route.with(Page::of) {
            shown if shown == page => Some("page"),
            Page::Account(_) if page == Page::Accounts => Some("true"),
            _ => None,
        };
        view! {
            <li>
                <a href=href aria-current=current>
                    {label}
                </a>
            </li>
        }
        .into_any()
    };
    let mailbox = desk.me.with_value(|me| me.demo.as_ref().map(|demo| demo.mailbox_url.clone()));
    view! {
        <header class="side">
            <p class="brand">
                <Gate side=Side::Start />
                {name}
            </p>
            <nav aria-label="Main">
                <p class="nav-group" id="nav-settings">
                    "Settings"
                </p>
                <ul aria-labelledby="nav-settings">
                    {link(Page::Accounts, Route::accounts().href(), "Accounts")}
                    {link(Page::Prices, Route::Prices.href(), "Prices")}
                </ul>
                <p class="nav-group" id="nav-reports">
                    "Reports"
                </p>
                <ul aria-labelledby="nav-reports">
                    {link(Page::Usage, Route::Usage { query: String::new() }.href(), "Usage")}
                </ul>
                {mailbox
                    .map(|href| {
                        view! {
                            <p class="nav-group" id="nav-demo">
                                "Demo"
                            </p>
                            <ul aria-labelledby="nav-demo">
                                <li>
                                    <a href=href target="_blank" rel="noopener">
                                        "Demo mailbox"
                                        <Icon shape=Shape::Outside />
                                        <span class="unseen">"(opens in a new tab)"</span>
                                    </a>
                                </li>
                            </ul>
                        }
                    })}
            </nav>
            <Person live=live />
        </header>
    }
}

#[component]
fn Person(live: Signal<Live>) -> impl IntoView {
    let desk = desk();
    let name = desk.me.with_value(|me| me.user.name.to_string());
    let email = desk.me.with_value(|me| me.user.email.to_string());
    let words = move || match live.get() {
        Live::Connecting => "Connecting…",
        Live::Connected => "Live",
        Live::Reconnecting => "Reconnecting…",
    };
    let class = move || match live.get() {
        Live::Connected => "state good",
        Live::Connecting | Live::Reconnecting => "state wait",
    };
    let sign_out = move |_| {
        leptos::task::spawn_local(async move {
            if desk.session.check(api::sign_out().await).is_ok() {
                desk.session.end();
            } else {
                desk.toaster.tell("Signing out did not work. Try again.");
            }
        });
    };
    view! {
        <div class="person">
            <p class="live" role="status">
                <span class=class>{words}</span>
            </p>
            <p class="who" title=email>
                {name}
            </p>
            <button type="button" class="button ghost" on:click=sign_out>
                "Sign out"
            </button>
        </div>
    }
}
