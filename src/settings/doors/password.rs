//! The form in which somebody chooses a password.

use billing::{people::check_password, text::EmailAddress};
use leptos::{ev, prelude::*};

use crate::{
    browser,
    dialogs::Attempt,
    settings::form::Said,
    ui::{Button, Field, Kind},
};

/// A password, and the button that sets it.
#[component]
pub fn PasswordForm(
    /// Whose it will be, where that is known.
    email: Option<EmailAddress>,
    /// What is on the button.
    button: &'static str,
    /// How the attempt goes.
    attempt: Attempt,
    /// Sends it.
    #[prop(into)]
    on_choose: Callback<String>,
) -> impl IntoView {
    let password = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<String>);
    let told = attempt.wrong("/password");
    let address = email.clone().map(|email| {
        view! {
            <div class="field">
                <label for="join-email">"Email address"</label>
                <input id="join-email" type="email" autocomplete="username" readonly prop:value=email.to_string() />
            </div>
        }
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let typed = password.get_untracked();
        // The server's own rule; of a forgotten password the address is known there alone.
        let found = email.as_ref().and_then(|email| check_password(&typed, email).err());
        wrong.set(found.map(|found| found.detail));
        if wrong.with_untracked(Option::is_none) {
            on_choose.run(typed);
        } else {
            leptos::task::spawn_local(async {
                browser::sleep(0).await;
                browser::focus_first_invalid("main");
            });
        }
    };
    crate::settings::form::focus_wrong(attempt, "main");
    let input = move |text| {
        attempt.clear();
        wrong.set(None);
        password.set(text);
    };
    view! {
        <form class="stack" novalidate on:submit=submit>
            {address}
            <Field
                id="new-password"
                label="Password"
                kind="password"
                autocomplete="new-password"
                autofocus=true
                hint=Signal::stored(Some("At least 12 characters. A sentence that only you would write does well.".to_owned()))
                value=password
                on_input=input
                error=Signal::derive(move || wrong.get().or_else(|| told.get()))
            />
            <Said attempt=attempt />
            <Button kind=Kind::Big submit=true busy=attempt.pending()>
                {button}
            </Button>
        </form>
    }
}
