//! The settings: people, keys, prices, the widget, the trail; and the doors for those who are not signed in yet (an invitation,
//! a forgotten password). A download of its own, beside the agency's app.
//!
//! Start reading at [`Settings`]. Every page is one list and the dialogs over it; a dialog is a query of the page's address, so
//! Back closes it. Who may change what is asked of `billing::access`, and the server asks again.

mod account_field;
mod audit;
mod branding;
mod confirm;
mod copy;
mod doors;
mod embedding;
mod form;
mod guide;
mod keys;
mod names;
mod page;
mod people;
mod prices;
mod second_factor;
mod sessions;
mod set_price;
mod shell;
mod signed_in;

use leptos::prelude::*;

use self::{doors::Door, signed_in::SignedIn};
use crate::{
    api::ApiError,
    browser::{self, Navigator},
    components::{WaitingFrame, no_page},
    routes::{Route, is_settings},
    state::{Session, Who},
};

/// Starts the settings on their page.
pub fn start() {
    // Nothing here should panic; while developing, the console says what did.
    #[cfg(debug_assertions)]
    console_error_panic_hook::set_once();
    if let Some(place) = browser::mount_point("app") {
        leptos::mount::mount_to(place, Settings).forget();
    }
}

/// The whole entry.
#[component]
pub fn Settings() -> impl IntoView {
    let navigator = Navigator::start(is_settings);
    match Door::of(&navigator.address().get_untracked().path) {
        Some(door) => door.show(),
        None => view! { <Inside navigator=navigator /> }.into_any(),
    }
}

/// What is for people who are signed in.
#[component]
fn Inside(navigator: Navigator) -> impl IntoView {
    let session = Session::start();
    let address = navigator.address();
    let route =
        Memo::new(move |_| address.with(|address| Route::parse(&address.path, &address.query)));
    let who = session.who();
    Effect::new(move || {
        let target = match who.get() {
            Who::Nobody => Route::SignIn { next: Some(route.get_untracked().href()) },
            // Of a client, say: the app knows where they belong.
            Who::Unknown(ApiError::Unreadable) => Route::Home,
            _ => return,
        };
        navigator.replace(&target.href());
    });
    move || match who.get() {
        Who::Asking | Who::Nobody | Who::Unknown(ApiError::Unreadable) => {
            view! { <WaitingFrame /> }.into_any()
        }
        Who::Unknown(error) => no_page("Sluice", error, move || session.ask()),
        Who::Person(me) => {
            view! { <SignedIn me=*me session=session navigator=navigator route=route /> }.into_any()
        }
    }
}
