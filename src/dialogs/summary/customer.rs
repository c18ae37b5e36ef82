//! The customer pays.

use ::billing::{
    api::AccountSnapshot,
    funding::{Card, Command, ReturnChoice, can},
};
use leptos::prelude::*;

use super::facts::Facts;
use crate::{
    components::{date, exact_text},
    dialogs::refused::Reason,
    routes::Step,
    state::desk,
    ui::Button,
};

/// Who, with which card, what is on the balance; the way back to agency billing.
#[component]
pub fn CustomerPays(account: Signal<AccountSnapshot>) -> impl IntoView {
    let desk = desk();
    let id = account.with_untracked(|account| account.id);
    let facts = move || account.with(facts_of);
    let reason = Memo::new(move |_| {
        // Whatever the balance is: taking over a negative one is asked in the next step.
        let command =
            Command::AddToAgency { choice: ReturnChoice::Transfer, take_over_negative: true };
        account.with(|account| {
            if matches!(account.funding.phase(), ::billing::funding::Phase::Returning) {
                return Some(::billing::funding::Refusal::ReturnUnderWay.to_string());
            }
            let judged = desk.judge(account.customer_balance, |context| {
                can(&account.funding, &command, context)
            });
            judged.err().map(|refusal| refusal.to_string())
        })
    });
    let go = move |()| {
        let route = desk.route.get_untracked().with_dialog(id, Step::Add);
        desk.navigator.replace(&route.href());
    };
    view! {
        <Facts facts=Signal::derive(facts) />
        <div class="actions">
            <Button
                disabled=Signal::derive(move || reason.get().is_some())
                described_by="add-reason"
                on_press=go
            >
                "Add to Agency Billing"
            </Button>
        </div>
        <Reason id="add-reason" reason=reason />
    }
}

fn facts_of(account: &AccountSnapshot) -> Vec<(&'static str, String)> {
    let customer = account.funding.customer();
    let card = customer.and_then(|customer| customer.card.as_ref()).map(Card::label);
    let email = customer.map(|customer| customer.email.to_string()).unwrap_or_default();
    vec![
        ("Customer pays since", date(account.funding.since())),
        ("Customer", email),
        ("Card on file", card.unwrap_or_else(|| "none".to_owned())),
        ("Customer's balance", exact_text(account.customer_balance)),
    ]
}
