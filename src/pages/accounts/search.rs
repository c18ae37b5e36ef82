//! The search field: what is typed becomes part of the address a moment after the last key.

use leptos::prelude::*;

use crate::{
    browser::{self, Timer},
    routes::{ListQuery, Route},
    state::desk,
    ui::{Icon, Shape},
};

/// How long after the last key.
const PAUSE_MILLIS: i32 = 250;

/// The id of the field: `/` leads to it.
pub const SEARCH_ID: &str = "search";

/// The field.
#[component]
pub fn Search(query: Memo<ListQuery>) -> impl IntoView {
    let desk = desk();
    let typed = RwSignal::new(query.with_untracked(|query| query.text.clone()));
    let asked = StoredValue::new(typed.get_untracked());
    let timer = StoredValue::new_local(None::<Timer>);
    // Back and forward change the address under the field.
    Effect::new(move || {
        let text = query.with(|query| query.text.clone());
        if asked.get_value() != text {
            asked.set_value(text.clone());
            typed.set(text);
        }
    });
    let ask = move || {
        let text = typed.get_untracked().trim().to_owned();
        if query.with_untracked(|query| query.text != text) {
            asked.set_value(text.clone());
            let list = ListQuery { text, ..query.get_untracked() };
            desk.navigator.replace(&Route::Accounts { list, dialog: None }.href());
        }
    };
    let input = move |event| {
        typed.set(event_target_value(&event));
        timer.set_value(browser::after(PAUSE_MILLIS, ask));
    };
    view! {
        <div class="search">
            <Icon shape=Shape::Lens />
            <label class="unseen" for=SEARCH_ID>
                "Search accounts"
            </label>
            <input
                id=SEARCH_ID
                type="search"
                placeholder="Search by name, id or e-mail"
                maxlength="200"
                autocomplete="off"
                spellcheck="false"
                aria-keyshortcuts="/"
                prop:value=typed
                on:input=input
            />
            <kbd aria-hidden="true">"/"</kbd>
        </div>
    }
}
