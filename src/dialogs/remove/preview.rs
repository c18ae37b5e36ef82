//! The mail as the customer will see it.

use ::billing::{
    api::AccountSnapshot,
    letters::{REQUEST_BUTTON, request_subject},
};
use leptos::prelude::*;

use super::draft::Draft;
use crate::state::desk;

/// To whom, the subject, the text, the button; as typed, right or wrong.
#[component]
pub fn MailPreview(account: Signal<AccountSnapshot>, draft: RwSignal<Draft>) -> impl IntoView {
    let agency = desk().store.agency();
    let to = move || {
        let email = draft.with(|draft| draft.typed.email.trim().to_owned());
        let email = if email.is_empty() { "your customer".to_owned() } else { email };
        format!("To {email} · from {}", agency.with(|agency| agency.name.to_string()))
    };
    let subject = move || account.with(|account| request_subject(&account.name));
    view! {
        <section class="mail card" aria-label="Preview of the e-mail">
            <small>{to}</small>
            <strong>{subject}</strong>
            <p>{move || draft.with(|draft| draft.typed.message.clone())}</p>
            <span class="mail-button">{REQUEST_BUTTON}</span>
        </section>
    }
}
