//! The way around: whose app it is, the pages that are there, who is signed in, whether the page is live. It knows no page: an
//! entry says which link is shown.

use leptos::prelude::*;

use super::LiveMark;
use crate::{
    api,
    routes::{REPORTS, SESSIONS, SETTINGS},
    state::{Live, desk},
    ui::{Gate, Icon, Shape, Side},
};

/// The bar, the same in every entry: a link into another one is loaded by the browser.
#[component]
pub fn SideBar(
    /// Whether the page is live.
    live: Signal<Live>,
    /// The address in the bar that is shown, and how: `page`, or `true` for one that this page belongs to.
    shown: Signal<(&'static str, &'static str)>,
) -> impl IntoView {
    let desk = desk();
    let agency = desk.store.agency();
    let name = move || agency.with(|agency| agency.name.to_string());
    let group = move |links: &'static [(&'static str, &'static str)]| {
        let link = |(label, href): &(&'static str, &'static str)| {
            let (label, href) = (*label, *href);
            let current =
                move || Some(shown.get()).filter(|shown| shown.0 == href).map(|shown| shown.1);
            view! {
                <li>
                    <a href=href aria-current=current>
                        {label}
                    </a>
                </li>
            }
        };
        links.iter().map(link).collect_view()
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
                    {group(&SETTINGS)}
                </ul>
                <p class="nav-group" id="nav-reports">
                    "Reports"
                </p>
                <ul aria-labelledby="nav-reports">
                    {group(&REPORTS)}
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
            <Person live=live shown=shown />
        </header>
    }
}

#[component]
fn Person(live: Signal<Live>, shown: Signal<(&'static str, &'static str)>) -> impl IntoView {
    let desk = desk();
    let name = desk.me.with_value(|me| me.user.name.to_string());
    let email = desk.me.with_value(|me| me.user.email.to_string());
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
            <LiveMark live=live />
            <p class="who" title=email>
                {name}
            </p>
            <a
                class="own"
                href=SESSIONS
                aria-current=move || (shown.get().0 == SESSIONS).then_some("page")
            >
                "Your sessions"
            </a>
            <button type="button" class="button ghost" on:click=sign_out>
                "Sign out"
            </button>
        </div>
    }
}
