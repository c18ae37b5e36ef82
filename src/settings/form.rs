//! What the settings' forms share: choices, what was refused, where the cursor goes.

use leptos::prelude::*;

use crate::{
    browser,
    dialogs::Attempt,
    ui::{Note, Tone},
};

/// Puts the cursor into the first field that the server found wrong.
pub fn focus_wrong(attempt: Attempt, scope: &'static str) {
    Effect::new(move || {
        if attempt.error().with(Option::is_some) {
            leptos::task::spawn_local(async move {
                // Once the view says which fields are wrong.
                browser::sleep(0).await;
                browser::focus_first_invalid(scope);
            });
        }
    });
}

/// Why it was not done, unless that stands at its fields.
#[component]
pub fn Said(
    /// Of which attempt.
    attempt: Attempt,
) -> impl IntoView {
    move || {
        let error = attempt.error().get().filter(|error| error.fields().is_empty())?;
        Some(view! { <Note tone=Tone::Bad>{error.to_string()}</Note> })
    }
}

/// A box to tick, or one of several to choose, with what it means under it.
#[component]
pub fn Choice(
    /// `radio` or `checkbox`.
    kind: &'static str,
    /// What the choices of a group have in common.
    name: &'static str,
    /// What it is called.
    label: &'static str,
    /// What it means.
    hint: &'static str,
    /// Whether it is chosen.
    #[prop(into)]
    checked: Signal<bool>,
    /// Tells whether it is now.
    #[prop(into)]
    on_change: Callback<bool>,
) -> impl IntoView {
    view! {
        <label class="choice">
            <input
                type=kind
                name=name
                prop:checked=checked
                on:change=move |event| on_change.run(event_target_checked(&event))
            />
            <span>{label}</span>
            <small>{hint}</small>
        </label>
    }
}

/// What is wrong with a group of choices, read aloud when it appears.
#[component]
pub fn GroupError(
    /// The sentence, if something is.
    error: Signal<Option<String>>,
) -> impl IntoView {
    view! {
        <div class="field-error" aria-live="polite">
            {move || error.get().map(|error| view! { <span class="state bad">{error}</span> })}
        </div>
    }
}
