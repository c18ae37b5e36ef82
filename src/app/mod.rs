//! The agency's app: who is asking, which page is shown, what a navigation does besides.
//!
//! Start reading at [`App`]. A page is chosen here by its [`Route`]; what it shows is its own business.

mod guide;
mod redirect;
mod shell;
mod signed_in;

use leptos::prelude::*;

use self::{redirect::redirect, signed_in::SignedIn};
use crate::{
    api::is_api,
    browser::{self, Navigator},
    components::{WaitingFrame, no_page},
    pages::{SEARCH_ID, SignInPage},
    routes::{Route, is_beside, is_settings},
    state::{Session, Who},
};

/// Starts the app on its page.
pub fn start() {
    // Nothing here should panic; while developing, the console says what did.
    #[cfg(debug_assertions)]
    console_error_panic_hook::set_once();
    if let Some(place) = browser::mount_point("app") {
        leptos::mount::mount_to(place, App).forget();
    }
}

/// The whole app.
#[component]
pub fn App() -> impl IntoView {
    let session = Session::start();
    let navigator =
        Navigator::start(|path| !is_settings(path) && !is_api(path) && !is_beside(path));
    let address = navigator.address();
    let route =
        Memo::new(move |_| address.with(|address| Route::parse(&address.path, &address.query)));
    redirect(session, navigator, route);
    browser::on_key(|key| key == "/" && browser::focus(SEARCH_ID));
    let who = session.who();
    move || match who.get() {
        Who::Asking => view! { <WaitingFrame /> }.into_any(),
        Who::Nobody => {
            browser::set_title("Sign in · Sluice");
            view! { <SignInPage session=session /> }.into_any()
        }
        Who::Unknown(error) => no_page("Sluice", error, move || session.ask()),
        Who::Person(me) => {
            view! { <SignedIn me=*me session=session navigator=navigator route=route /> }.into_any()
        }
    }
}
