//! Who comes in: a client user. Everybody else is led on: to the sign-in page, or to the agency's app.

use leptos::prelude::*;

use super::{desk::Desk, frame::Frame, guide::Guide, person::Person};
use crate::{
    api::{self, ApiError},
    browser::{self, Navigator},
    components::{WaitingFrame, no_page},
    routes::{ClientRoute, Route},
    state::{Session, Who},
};

/// Under what the tab remembers where one wanted to go when nobody was signed in.
const WANTED: &str = "portal-wanted";

/// What is known of whoever asks.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Found {
    Asking,
    Client(Person),
    Unknown(ApiError),
}

/// The whole of it.
#[component]
pub fn Entrance() -> impl IntoView {
    let session = Session::unasked();
    let navigator = Navigator::start(ClientRoute::owns);
    let address = navigator.address();
    let route = Memo::new(move |_| {
        address.with(|address| ClientRoute::parse(&address.path, &address.query))
    });
    let found = RwSignal::new(Found::Asking);
    let ask = move || {
        found.set(Found::Asking);
        leptos::task::spawn_local(async move {
            match session.check(api::whoever().await) {
                Ok(me) => match Person::read(&me) {
                    Some(person) => {
                        if !person.stylesheet.is_empty() {
                            browser::dress(&person.stylesheet);
                        }
                        go_on(navigator);
                        found.set(Found::Client(person));
                    }
                    None => browser::load(&Route::Home.href(), true),
                },
                Err(error) if error.is_signed_out() => {}
                Err(error) => found.set(Found::Unknown(error)),
            }
        });
    };
    ask();
    let who = session.who();
    Effect::new(move || {
        if who.get() == Who::Nobody {
            browser::remember(WANTED, &route.get_untracked().href());
            browser::load(&Route::SignIn { next: None }.href(), true);
        }
    });
    move || match found.get() {
        Found::Asking => view! { <WaitingFrame /> }.into_any(),
        Found::Unknown(error) => no_page("Accounts", error, ask),
        Found::Client(person) => {
            let desk = Desk::new(session, navigator, route, person);
            provide_context(desk);
            let live = desk.listen();
            view! {
                <Frame live=live />
                <Guide />
            }
            .into_any()
        }
    }
}

/// After signing in: on to where one wanted to go.
fn go_on(navigator: Navigator) {
    let Some(wanted) = browser::recall(WANTED) else { return };
    browser::forget(WANTED);
    let (path, query) = wanted.split_once('?').unwrap_or((&wanted, ""));
    let route = ClientRoute::parse(path, query);
    if route != ClientRoute::NotFound {
        navigator.replace(&route.href());
    }
}
