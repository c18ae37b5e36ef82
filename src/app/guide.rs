//! What a navigation does besides showing a page: the tab's title, a word to those who listen, and the focus.

use leptos::prelude::*;

use super::shell::Page;
use crate::{
    browser,
    components::pencil_id,
    routes::{Route, Step},
    state::desk,
    ui::Announcer,
};

/// Follows the route for as long as somebody is signed in.
#[component]
pub fn Guide(route: Memo<Route>) -> impl IntoView {
    let desk = desk();
    let name_of = move |id| {
        let account = desk.store.account(id);
        move || account.with(|account| account.as_ref().map(|account| account.name.to_string()))
    };
    let subject = Memo::new(move |_| {
        let route = route.get();
        match (route.dialog(), Page::of(&route)) {
            (Some((id, _)), _) | (None, Page::Account(id) | Page::Payments(id)) => name_of(id)(),
            _ => None,
        }
    });
    let title = Memo::new(move |_| title(&route.get(), subject.get()));
    Effect::new(move || browser::set_title(&format!("{} · Sluice", title.get())));
    Effect::new(move |last: Option<(Page, Option<billing::SubAccountId>)>| {
        let now = route.with(|route| (Page::of(route), route.dialog().map(|(id, _)| id)));
        if let Some((page, dialog)) = last.filter(|last| *last != now) {
            leptos::task::spawn_local(async move {
                // Once the new view stands.
                browser::sleep(0).await;
                match (now, dialog) {
                    ((new, None), Some(id)) if new == page => {
                        browser::focus(&pencil_id(id));
                    }
                    ((new, None), _) if new != page => browser::focus_heading(),
                    _ => {}
                }
            });
        }
        now
    });
    view! { <Announcer text=title /> }
}

fn title(route: &Route, subject: Option<String>) -> String {
    let of = |what: &str| match &subject {
        Some(name) => format!("{what}: {name}"),
        None => what.to_owned(),
    };
    match (route, route.dialog()) {
        (_, Some((_, Step::Summary))) => of("Billing"),
        (_, Some((_, Step::Remove))) => of("Remove from Agency Billing"),
        (_, Some((_, Step::Revoke))) => of("Revoke the billing request"),
        (_, Some((_, Step::Add))) => of("Add to Agency Billing"),
        (_, Some((_, Step::Close))) => of("Close account"),
        (Route::Accounts { .. }, None) => "Accounts".to_owned(),
        (Route::Account { .. }, None) => subject.unwrap_or_else(|| "Account".to_owned()),
        (Route::Payments { refund: None, .. }, None) => of("Payments"),
        (Route::Payments { .. }, None) => of("Refund to the card"),
        (Route::Draws { .. }, None) => of("What made this amount"),
        (Route::Usage { .. }, None) => "Usage".to_owned(),
        (Route::NotFound, None) => "Page not found".to_owned(),
        _ => "Sluice".to_owned(),
    }
}
