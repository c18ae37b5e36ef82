//! Where the balance goes, and whether the agency takes over what is below nothing.

use ::billing::{api::AccountSnapshot, funding::ReturnChoice, plan::Plan};
use leptos::prelude::*;

use super::{Decided, planned};
use crate::{components::exact_text, state::desk};

/// The two ways; one only when nothing is left, and a box to tick when the balance is negative.
#[component]
pub(super) fn Choice(
    account: Signal<AccountSnapshot>,
    decided: RwSignal<Decided>,
) -> impl IntoView {
    // Only its sign decides what is asked: a choice under somebody's cursor stays while usage goes on.
    let positive =
        Memo::new(move |_| account.with(|account| account.customer_balance.is_positive()));
    let negative =
        Memo::new(move |_| account.with(|account| account.customer_balance.is_negative()));
    move || {
        if positive.get() {
            view! { <Ways account=account decided=decided /> }.into_any()
        } else if negative.get() {
            view! { <TakeOver account=account decided=decided /> }.into_any()
        } else {
            view! { <p>"Nothing is left on the customer's balance."</p> }.into_any()
        }
    }
}

#[component]
fn Ways(account: Signal<AccountSnapshot>, decided: RwSignal<Decided>) -> impl IntoView {
    let desk = desk();
    let amount = move || account.with(|account| exact_text(account.customer_balance));
    let refund = Memo::new(move |_| {
        let closes = decided.with(|decided| decided.closes);
        let asked = Decided { choice: ReturnChoice::Refund, take_over_negative: false, closes };
        account.with(|account| planned(desk, account, asked))
    });
    let refund_words = move || {
        refund.with(|plan| match plan {
            Ok(plan) => refund_words(plan),
            Err(refusal) => refusal.to_string(),
        })
    };
    let cannot = move || refund.with(Result::is_err);
    let chosen = move |choice| decided.get().choice == choice;
    let choose = move |choice| decided.update(|decided| decided.choice = choice);
    view! {
        <fieldset class="stack">
            <legend><h2>"Where the balance goes"</h2></legend>
            <label class="choice">
                <input
                    type="radio"
                    name="choice"
                    prop:checked=move || chosen(ReturnChoice::Transfer)
                    on:change=move |_| choose(ReturnChoice::Transfer)
                />
                <span>{move || format!("Add {} to the agency balance", amount())}</span>
                <small>"In one balanced entry, at once."</small>
            </label>
            <label class="choice">
                <input
                    type="radio"
                    name="choice"
                    aria-describedby="refund-words"
                    disabled=cannot
                    prop:checked=move || chosen(ReturnChoice::Refund)
                    on:change=move |_| choose(ReturnChoice::Refund)
                />
                <span>"Refund to the card instead"</span>
                <small id="refund-words">{refund_words}</small>
            </label>
        </fieldset>
    }
}

fn refund_words(plan: &Plan) -> String {
    let rest = plan
        .balances
        .iter()
        .find(|line| line.of == ::billing::funding::Payer::Agency)
        .and_then(|line| line.after.minus(line.before).ok())
        .filter(|rest| !rest.is_zero());
    let refunded = exact_text(plan.refunded);
    match rest {
        Some(rest) => format!(
            "{refunded} goes back to the card; {} can't be refunded and is added to the agency balance.",
            exact_text(rest)
        ),
        None => format!("{refunded} goes back to the card."),
    }
}

#[component]
fn TakeOver(account: Signal<AccountSnapshot>, decided: RwSignal<Decided>) -> impl IntoView {
    let words = move || {
        account.with(|account| {
            let balance = exact_text(account.customer_balance);
            format!("The agency takes over the negative balance of {balance}")
        })
    };
    view! {
        <label class="choice">
            <input
                type="checkbox"
                prop:checked=move || decided.get().take_over_negative
                on:change=move |event| {
                    let ticked = event_target_checked(&event);
                    decided.update(|decided| decided.take_over_negative = ticked);
                }
            />
            <span>{words}</span>
            <small>"The agency balance pays what the customer's usage cost beyond their balance."</small>
        </label>
    }
}
