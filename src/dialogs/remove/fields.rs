//! The three fields.

use ::billing::api::AccountSnapshot;
use leptos::prelude::*;

use super::{draft::Draft, errors::Errors};
use crate::{
    components::exact_text,
    dialogs::attempt::Attempt,
    state::desk,
    ui::{Field, Note, TextArea},
};

/// Customer's email address, starting balance, message.
#[component]
pub fn Fields(
    account: Signal<AccountSnapshot>,
    draft: RwSignal<Draft>,
    errors: Errors,
    attempt: Attempt,
) -> impl IntoView {
    let desk = desk();
    let id = account.with_untracked(|account| account.id);
    let minimum = exact_text(desk.policy().minimum);
    let change = move |change: &dyn Fn(&mut Draft)| {
        attempt.clear();
        draft.update(|draft| change(draft));
        draft.with_untracked(|draft| draft.keep(id));
    };
    let email = move |email: String| {
        let agency = desk.store.agency().get_untracked();
        let account = account.get_untracked();
        change(&|draft| draft.set_email(email.clone(), &account, &agency));
    };
    let balance = move |balance: String| {
        change(&|draft| draft.typed.starting_balance.clone_from(&balance));
    };
    let message = move |message: String| {
        change(&|draft| {
            draft.typed.message.clone_from(&message);
            draft.message_is_own = true;
        });
    };
    view! {
        <div class="two-fields">
            <Field
                id="customer-email"
                label="Customer's email address"
                kind="email"
                inputmode="email"
                autofocus=true
                value=Signal::derive(move || draft.with(|draft| draft.typed.email.clone()))
                on_input=email
                on_leave=move |()| errors.leave("/email")
                error=errors.at("/email")
            />
            <Field
                id="starting-balance"
                label="Starting balance"
                inputmode="decimal"
                value=Signal::derive(move || draft.with(|draft| draft.typed.starting_balance.clone()))
                on_input=balance
                on_leave=move |()| errors.leave("/starting_balance")
                error=errors.at("/starting_balance")
            />
        </div>
        <TextArea
            id="message-text"
            label="Email message text"
            value=Signal::derive(move || draft.with(|draft| draft.typed.message.clone()))
            on_input=message
            on_leave=move |()| errors.leave("/message")
            error=errors.at("/message")
        />
        <Note>
            {format!("The customer may pay any amount from {minimum}; the starting balance is what you suggest.")}
        </Note>
    }
}
