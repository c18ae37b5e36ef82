//! Several lines of text to fill in.

use leptos::prelude::*;

use super::field::{FieldError, described_by};

/// A labelled text area; like [`super::Field`] otherwise.
#[component]
pub fn TextArea(
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
    /// Tells that the person has left it.
    #[prop(optional, into)]
    on_leave: Option<Callback<()>>,
    /// What is wrong, if anything is.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// What helps to fill it in.
    #[prop(optional, into)]
    hint: Signal<Option<String>>,
    /// How many lines it shows.
    #[prop(default = 8)]
    rows: u32,
) -> impl IntoView {
    let left = move |_| {
        // A field that is taken away with its form loses the focus, too; then there is nobody to tell.
        if let Some(on_leave) = on_leave {
            let _ = on_leave.try_run(());
        }
    };
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <textarea
                id=id
                name=id
                rows=rows
                prop:value=value
                on:input=move |event| on_input.run(event_target_value(&event))
                on:blur=left
                aria-required="true"
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=move || described_by(id, hint, error)
            ></textarea>
            {move || hint.get().map(|hint| view! { <small id=format!("{id}-hint")>{hint}</small> })}
            <FieldError id=id error=error />
        </div>
    }
}
