//! What a navigation does besides showing a page: the tab's title, a word to those who listen, and the focus.

use leptos::prelude::*;

use super::shell::Page;
use crate::{browser, routes::Route, ui::Announcer};

/// Follows the route for as long as somebody is signed in.
#[component]
pub fn Guide(route: Memo<Route>) -> impl IntoView {
    let title = Memo::new(move |_| route.with(Page::of).title().to_owned());
    Effect::new(move || browser::set_title(&format!("{} · Sluice", title.get())));
    Effect::new(move |last: Option<(Page, bool)>| {
        let now = route.with(|route| (Page::of(route), *route != route.without_dialog()));
        if let Some((page, had_dialog)) = last {
            leptos::task::spawn_local(async move {
                // Once the new view stands.
                browser::sleep(0).await;
                // A dialog gives the focus back by itself, to what is still there.
                if page != now.0 || (had_dialog && !now.1 && browser::has_lost_focus()) {
                    browser::focus_heading();
                }
            });
        }
        now
    });
    view! { <Announcer text=title /> }
}
