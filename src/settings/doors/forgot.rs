//! A forgotten password: a letter is asked for. The answer is the same whether or not somebody signs in with the address.

use leptos::{ev, prelude::*};

use super::{card, nobody, sign_in_link};
use crate::{
    api,
    dialogs::Attempt,
    settings::form::{Said, focus_wrong},
    ui::{Button, Field, Kind},
};

/// The page.
#[component]
pub fn Forgot() -> impl IntoView {
    let email = RwSignal::new(String::new());
    let asked = RwSignal::new(false);
    let attempt = Attempt::default();
    focus_wrong(attempt, "main");
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let typed = email.get_untracked().trim().to_owned();
        attempt.ask(None, typed.clone(), move |_| api::ask_reset(typed), move |()| asked.set(true));
    };
    let input = move |text| {
        attempt.clear();
        email.set(text);
    };
    move || {
        if asked.get() {
            let words = format!(
                "If somebody signs in with {}, a letter is on its way to them. Its link is good for an hour.",
                email.get_untracked().trim()
            );
            let body = view! {
                <p role="status">{words}</p>
                <p class="quiet">"Nothing there after a few minutes? Look for it among the spam, or ask again."</p>
                {sign_in_link("Back to the sign-in")}
            };
            return card(nobody(), "Look into your mailbox".to_owned(), body.into_any());
        }
        let body = view! {
            <p>"Tell us where you sign in. We mail you a link with which you choose a new password."</p>
            <form class="stack" novalidate on:submit=submit>
                <Field
                    id="email"
                    label="Email address"
                    kind="email"
                    inputmode="email"
                    autocomplete="username"
                    autofocus=true
                    value=email
                    on_input=input
                    error=attempt.wrong("/email")
                />
                <Said attempt=attempt />
                <Button kind=Kind::Big submit=true busy=attempt.pending()>
                    "Mail me a link"
                </Button>
            </form>
            {sign_in_link("Back to the sign-in")}
        };
        card(nobody(), "Forgot your password?".to_owned(), body.into_any())
    }
}
