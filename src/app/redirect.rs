//! Where one ends up: to the sign-in page when nobody is known, and from there to where one wanted to go.

use leptos::prelude::*;

use crate::{
    browser::Navigator,
    routes::Route,
    state::{Session, Who},
};

/// Leads on, whenever who is asking or where changes.
pub fn redirect(session: Session, navigator: Navigator, route: Memo<Route>) {
    let who = session.who();
    Effect::new(move || {
        let target = match (who.get(), route.get()) {
            (Who::Nobody, Route::SignIn { .. }) => None,
            (Who::Nobody, Route::Home | Route::NotFound) => {
                Some(Route::SignIn { next: None }.href())
            }
            (Who::Nobody, page) => Some(Route::SignIn { next: Some(page.href()) }.href()),
            (Who::Person(_), Route::SignIn { next }) => Some(Route::safe_next(next.as_deref())),
            (Who::Person(_), Route::Home) => Some(Route::accounts().href()),
            _ => None,
        };
        if let Some(href) = target {
            navigator.replace(&href);
        }
    });
}
