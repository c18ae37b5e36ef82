//! A new password, by the link of a letter.

use billing::api::SetPasswordBody;
use leptos::prelude::*;

use super::{card, dead, is_dead, nobody, password::PasswordForm, sign_in_link};
use crate::{api, browser, dialogs::Attempt, routes::FORGOT};

/// What to do about a link that leads nowhere.
const NEXT: &str = "A link is good for an hour, and once. Ask for a new one.";

/// The page.
#[component]
pub fn Reset() -> impl IntoView {
    browser::restart_on_new_link();
    let token = StoredValue::new(browser::link_token().unwrap_or_default());
    let attempt = Attempt::default();
    let done = RwSignal::new(false);
    let choose = move |password: String| {
        let body = SetPasswordBody { token: token.get_value(), password };
        attempt.ask(
            None,
            String::new(),
            move |_| api::accept_reset(body),
            move |()| {
                // What has been used up is of no use to whoever looks over a shoulder.
                browser::clear_fragment();
                done.set(true);
            },
        );
    };
    let is_over = Memo::new(move |_| attempt.error().get().filter(is_dead));
    move || {
        if done.get() {
            let body = view! {
                <p role="status">
                    "From now on it is the new one. Wherever you were signed in, you are not any more."
                </p>
                {sign_in_link("Sign in")}
            };
            card(nobody(), "Your password is changed".to_owned(), body.into_any())
        } else if let Some(error) = is_over.get() {
            let again = view! { <p><a href=FORGOT>"Ask for a new link"</a></p> };
            dead(&error, NEXT, again.into_any())
        } else {
            let form = view! { <PasswordForm email=None button="Set the password" attempt=attempt on_choose=choose /> };
            card(nobody(), "Choose a new password".to_owned(), form.into_any())
        }
    }
}
