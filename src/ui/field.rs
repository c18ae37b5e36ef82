//! One line of text to fill in, with its label, its hint and what is wrong with it.

use leptos::{ev, prelude::*};

/// A labelled input. The label is tied to it, hint and error describe it, and a wrong one says so to everybody.
#[component]
pub fn Field(
    /// Unique on the page; hint and error get theirs from it.
    id: &'static str,
    /// What to fill in.
    #[prop(into)]
    label: Signal<String>,
    /// What is in it.
    #[prop(into)]
    value: Signal<String>,
    /// Tells each change.
    #[prop(into)]
    on_input: Callback<String>,
    /// Tells that the person has left it: the moment to say what is wrong.
    #[prop(optional, into)]
    on_leave: Option<Callback<()>>,
    /// What is wrong, if anything is.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// What helps to fill it in.
    #[prop(optional, into)]
    hint: Signal<Option<String>>,
    /// The input's type: `text`, `email`, `password`.
    #[prop(default = "text")]
    kind: &'static str,
    /// Which keyboard a phone shows: `decimal`, `email`.
    #[prop(optional)]
    inputmode: Option<&'static str>,
    /// What a browser may fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// It may be left empty.
    #[prop(optional)]
    optional: bool,
    /// Put the cursor here when the field appears.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let left = move |_: ev::FocusEvent| {
        // A field that is taken away with its form loses the focus, too; then there is nobody to tell.
        if let Some(on_leave) = on_leave {
            let _ = on_leave.try_run(());
        }
    };
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input
                id=id
                name=id
                type=kind
                inputmode=inputmode
                autocomplete=autocomplete
                autofocus=autofocus
                spellcheck="false"
                prop:value=value
                on:input=move |event| on_input.run(event_target_value(&event))
                on:blur=left
                aria-required=(!optional).then_some("true")
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=move || described_by(id, hint, error)
            />
            {move || hint.get().map(|hint| view! { <small id=format!("{id}-hint")>{hint}</small> })}
            <FieldError id=id error=error />
        </div>
    }
}

/// What is wrong with a field, read aloud when it appears.
#[component]
pub(super) fn FieldError(id: &'static str, error: Signal<Option<String>>) -> impl IntoView {
    view! {
        <div class="field-error" id=format!("{id}-error") aria-live="polite">
            {move || error.get().map(|error| view! { <span class="state bad">{error}</span> })}
        </div>
    }
}

/// The ids of what describes a field now.
pub(super) fn described_by(
    id: &str,
    hint: Signal<Option<String>>,
    error: Signal<Option<String>>,
) -> Option<String> {
    match (hint.with(Option::is_some), error.with(Option::is_some)) {
        (true, true) => Some(format!("{id}-error {id}-hint")),
        (false, true) => Some(format!("{id}-error")),
        (true, false) => Some(format!("{id}-hint")),
        (false, false) => None,
    }
}
