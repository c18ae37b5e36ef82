//! The frame around every page: whose client one is, the way around, who is signed in, whether the page is live.

use leptos::prelude::*;

use super::{
    account::AccountPage, desk::desk, home::HomePage, usage::UsagePage, words::NotFoundPage,
};
use crate::{
    api, browser,
    components::LiveMark,
    routes::{ClientRoute, Route},
    state::Live,
    ui::{Gate, Note, Side, Tone},
};

/// The frame and the page in it.
#[component]
pub fn Frame(live: Signal<Live>) -> impl IntoView {
    let desk = desk();
    // Other days of a report are the same page.
    let page = Memo::new(move |_| match desk.route.get() {
        ClientRoute::Usage { .. } => ClientRoute::Usage { query: String::new() },
        route => route,
    });
    view! {
        <a class="skip" href="#main">
            "Skip to content"
        </a>
        <div class="shell">
            <SideBar live=live page=page />
            <main class="page" id="main" tabindex="-1">
                {move || match page.get() {
                    ClientRoute::Accounts => view! { <HomePage /> }.into_any(),
                    ClientRoute::Account { id } => view! { <AccountPage id=id /> }.into_any(),
                    ClientRoute::Usage { .. } => view! { <UsagePage /> }.into_any(),
                    ClientRoute::NotFound => view! { <NotFoundPage /> }.into_any(),
                }}
            </main>
        </div>
    }
}

#[component]
fn SideBar(live: Signal<Live>, page: Memo<ClientRoute>) -> impl IntoView {
    let desk = desk();
    let link = move |to: ClientRoute, label: &'static str| {
        let (href, here) = (to.href(), to);
        let current = move || {
            let inside = matches!(page.get(), ClientRoute::Account { .. });
            match page.get() == here {
                true => Some("page"),
                false => (inside && here == ClientRoute::Accounts).then_some("true"),
            }
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
    view! {
        <header class="side">
            <p class="brand">
                <Gate side=Side::Start />
                {desk.agency()}
            </p>
            <nav aria-label="Main">
                <ul>
                    {link(ClientRoute::Accounts, "Accounts")}
                    {link(ClientRoute::Usage { query: String::new() }, "Usage")}
                </ul>
            </nav>
            <Who live=live />
        </header>
    }
}

#[component]
fn Who(live: Signal<Live>) -> impl IntoView {
    let desk = desk();
    let (name, email) =
        desk.person.with_value(|person| (person.name.clone(), person.email.clone()));
    let stuck = RwSignal::new(false);
    let sign_out = move |_| {
        stuck.set(false);
        leptos::task::spawn_local(async move {
            match api::sign_out().await {
                Ok(()) => browser::load(&Route::SignIn { next: None }.href(), true),
                Err(error) if error.is_signed_out() => desk.session.end(),
                Err(_) => {
                    let _ = stuck.try_set(true);
                }
            }
        });
    };
    view! {
        <div class="person">
            <LiveMark live=live />
            {move || {
                stuck
                    .get()
                    .then(|| view! { <Note tone=Tone::Bad>"Signing out did not work. Try again."</Note> })
            }}
            <p class="who" title=email>
                {name}
            </p>
            <button type="button" class="button ghost" on:click=sign_out>
                "Sign out"
            </button>
        </div>
    }
}
