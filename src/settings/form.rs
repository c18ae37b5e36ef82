//! What the settings' forms share: the frame of a dialog's form, choices, what was refused, where the cursor goes.

use leptos::{ev, prelude::*};

use crate::{
    browser,
    dialogs::Attempt,
    state::desk,
    ui::{Button, Field, Kind, Note, Tone},
};

/// A form in a dialog, with the button that leaves it and the one that sends it.
#[component]
pub fn DialogForm(
    /// How far it is.
    attempt: Attempt,
    /// What the button that sends it says.
    act: &'static str,
    /// How much that button is meant.
    #[prop(default = Kind::Primary)]
    kind: Kind,
    /// Sends it.
    #[prop(into)]
    on_send: Callback<()>,
    /// Its fields, and what was refused.
    children: Children,
) -> impl IntoView {
    let desk = desk();
    let send = move |event: ev::SubmitEvent| {
        event.prevent_default();
        on_send.run(());
    };
    view! {
        <form class="modal-form" novalidate on:submit=send>
            <div class="modal-body stack">{children()}</div>
            <footer class="modal-foot">
                <Button on_press=move |()| desk.leave_dialog()>"Cancel"</Button>
                <Button kind=kind submit=true busy=attempt.pending()>
                    {act}
                </Button>
            </footer>
        </form>
    }
}

/// The password that shows that it is still you.
#[component]
pub fn PasswordField(
    /// The id of the field.
    id: &'static str,
    /// What is typed.
    password: Typed,
) -> impl IntoView {
    view! {
        <Field
            id=id
            label="Your password"
            kind="password"
            autocomplete="current-password"
            autofocus=true
            value=password.text
            on_input=move |text| password.input(text)
            error=password.attempt.wrong("/current_password")
        />
    }
}

/// Something that is typed; what was wrong with it is forgotten with the next letter.
#[derive(Clone, Copy)]
pub struct Typed {
    /// What stands there.
    pub text: RwSignal<String>,
    attempt: Attempt,
}

impl Typed {
    /// Nothing yet.
    pub fn new(attempt: Attempt) -> Self {
        Self { text: RwSignal::new(String::new()), attempt }
    }

    /// Takes what was typed.
    pub fn input(self, text: String) {
        self.attempt.clear();
        self.text.set(text);
    }

    /// What stands there, if anything does.
    pub fn some(self) -> Option<String> {
        Some(self.text.get_untracked()).filter(|text| !text.is_empty())
    }
}

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
