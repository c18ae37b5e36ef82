//! What a navigation does besides showing a page: the tab's title, a word to those who listen, and the focus.

use leptos::prelude::*;

use super::desk::desk;
use crate::{browser, routes::ClientRoute, ui::Announcer};

/// Follows the route.
#[component]
pub fn Guide() -> impl IntoView {
    let desk = desk();
    let title = Memo::new(move |_| match desk.route.get() {
        ClientRoute::Accounts => "Accounts".to_owned(),
        ClientRoute::Account { id } => {
            let name =
                desk.account(id).with(|account| account.as_ref().map(|it| it.name.to_string()));
            name.unwrap_or_else(|| "Account".to_owned())
        }
        ClientRoute::Usage { .. } => "Usage".to_owned(),
        ClientRoute::NotFound => "Page not found".to_owned(),
    });
    let agency = desk.agency();
    Effect::new(move || browser::set_title(&format!("{} · {agency}", title.get())));
    Effect::new(move |last: Option<ClientRoute>| {
        // A report over other days is the same page.
        let page = match desk.route.get() {
            ClientRoute::Usage { .. } => ClientRoute::Usage { query: String::new() },
            route => route,
        };
        if last.is_some_and(|last| last != page) {
            leptos::task::spawn_local(async {
                // Once the new view stands.
                browser::sleep(0).await;
                browser::focus_heading();
            });
        }
        page
    });
    view! { <Announcer text=title /> }
}
