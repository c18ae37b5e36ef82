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
    components::{WaitingFrame, no_page},
    routes::Route,
    state::{Desk, Session},
    ui::Toasts,
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
    let desk = Desk::lay(me, session, navigator, route);
    Names::provide();
    let live = desk.listen();
    let access = RwSignal::new(None::<Result<Access, ApiError>>);
    let ask = move || {
        access.set(None);
        leptos::task::spawn_local(async move {
            let answer = session.check(api::access().await);
            let _ = access.try_set(Some(answer));
        });
    };
    ask();
    move || match access.get() {
        Some(Ok(access)) => {
            provide_context(Mine(access.role));
            view! {
                <Shell live=live />
                <Toasts toaster=desk.toaster />
                <Guide route=route />
            }
            .into_any()
        }
        Some(Err(error)) => no_page("Sluice", error, ask),
        None => view! { <WaitingFrame /> }.into_any(),
    }
}
