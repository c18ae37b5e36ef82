//! What the settings' pages have in common: their head, and addresses of dialogs.

use billing::access::Right;
use leptos::prelude::*;

use super::signed_in::i_may;
use crate::{
    routes::{Route, SettingsPage},
    ui::{Blank, Note},
};

/// The address of a page with this query: a dialog over it, or its filters.
pub fn link_to(page: SettingsPage, query: &str) -> String {
    Route::Settings { page, query: query.to_owned() }.href()
}

/// The heading, what the page is about, and who may change it, if one may not.
#[component]
pub fn Head(
    /// What it is called.
    title: &'static str,
    /// What it is about.
    about: &'static str,
    /// What changing it needs.
    right: Right,
) -> impl IntoView {
    let reason = i_may(right).err().map(|reason| {
        view! { <Note><strong>"Read only. "</strong> {reason}</Note> }
    });
    view! {
        <header class="page-head">
            <div>
                <h1>{title}</h1>
                <p class="quiet">{about}</p>
            </div>
        </header>
        <div class="head-note">{reason}</div>
    }
}

/// A page that not everybody may see: it, or who may.
pub fn only_with(right: Right, title: &'static str, page: impl FnOnce() -> AnyView) -> AnyView {
    match i_may(right) {
        Ok(()) => page(),
        Err(reason) => view! {
            <h1 class="unseen">{title}</h1>
            <Blank title="Not for your role">
                <p>{reason}</p>
            </Blank>
        }
        .into_any(),
    }
}
