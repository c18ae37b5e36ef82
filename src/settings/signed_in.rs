//! Everything behind the sign-in: lays out the desk, finds out what the person may, listens to changes, shows the page.

use billing::{
    access::{Right, Role, may},
    api::{Access, Me},
};
use leptos::prelude::*;

use super::{guide::Guide, names::Names, shell::Shell};
use crate::{
    api::{self, ApiError},
    browser::Navigator,
    components::Trouble,
    routes::Route,
    state::{Desk, Session, Store, listen, ticking_clock},
    ui::{Toaster, Toasts},
};

/// What the person at the screen is.
#[derive(Clone, Copy)]
struct Mine(Role);

/// Whether the person at the screen may: if not, the sentence that says who may.
///
/// # Errors
/// That sentence.
pub fn i_may(right: Right) -> Result<(), String> {
    let Mine(role) = expect_context();
    if may(role, right) { Ok(()) } else { Err(right.who_may()) }
}

/// The settings of a person who is signed in.
#[component]
pub fn SignedIn(
    me: Me,
    session: Session,
    navigator: Navigator,
    route: Memo<Route>,
) -> impl IntoView {
    let store = Store::new(me.agency.clone(), me.change_seq);
    let toaster = Toaster::default();
    let now = ticking_clock();
    let me = StoredValue::new(me);
    provide_context(Desk { store, session, navigator, route, now, toaster, me });
    Names::provide();
    let live = listen(store, session);
    let access = RwSignal::new(None::<Result<Access, ApiError>>);
    let ask = move || {
        access.set(None);
        leptos::task::spawn_local(async move {
            let answer = session.check(api::access().await);
            let _ = access.try_set(Some(answer));
        });
    };
    ask();
    move || {
        match access.get() {
        Some(Ok(access)) => {
            provide_context(Mine(access.role));
            view! {
                <Shell live=live />
                <Toasts toaster=toaster />
                <Guide route=route />
            }
            .into_any()
        }
        Some(Err(error)) => {
            view! { <main class="alone"><h1 class="unseen">"Sluice"</h1><Trouble error=error on_retry=move |()| ask() /></main> }
                .into_any()
        }
        None => view! { <super::Frame /> }.into_any(),
    }
    }
}
