//! Paying onto the balance: how much, with which card, and what has become of it.

use billing::{
    Money, Policy,
    api::{FieldProblem, WalletPayment, WalletPaymentStatus, WalletView},
    drafts,
};
use leptos::{ev, prelude::*};

use super::{
    card_fields::card_fields,
    parts::{alert, go, quiet, section},
    task::{Panel, Task},
    till::Till,
    words::{expiry, short},
};
use crate::{
    browser,
    ui::{Button, Kind, Note},
};

/// The field of the amount; its hint and its error get their ids from it.
const FIELD: &str = "wallet-amount";

/// What was typed, and what it comes to. A handle.
#[derive(Clone, Copy)]
struct Amount {
    typed: RwSignal<String>,
    /// The person has left the field, or wanted to pay: the moment to say what is wrong.
    judged: RwSignal<bool>,
    till: Till,
}

impl Amount {
    fn new(till: Till) -> Self {
        let view = till.view();
        let first = view.presets.get(1).copied().unwrap_or(view.minimum);
        Self { typed: RwSignal::new(first.amount()), judged: RwSignal::new(false), till }
    }

    fn parsed(self) -> Result<Money, FieldProblem> {
        let WalletView { minimum, maximum, .. } = *self.till.view();
        let policy = Policy { minimum, maximum, ..Policy::standard(minimum.currency()) };
        drafts::parse_payment(&self.typed.get(), &policy)
    }

    fn judge(self) -> Option<Money> {
        self.judged.set(true);
        untrack(move || self.parsed().ok())
    }

    /// The sentence that is to be read beside the field now.
    fn error(self) -> Option<String> {
        let problem = self.parsed().err().map(|problem| problem.detail);
        problem.filter(|_| self.judged.get()).or_else(|| self.till.wrong(Task::TopUp, "/amount"))
    }

    fn take(self, typed: String) {
        self.typed.set(typed);
        self.till.forget_problems();
        self.till.paid.set(None);
        if self.till.panel.get_untracked() == Panel::NewCard
            && let Some(coins) = untrack(move || self.coins())
        {
            browser::update_card_amount(coins);
        }
    }

    fn coins(self) -> Option<u32> {
        self.parsed().ok().and_then(Money::minor).and_then(|coins| coins.try_into().ok())
    }
}

/// The section. The form stays as it is while a payment is under way, for the case that it fails.
pub fn top_up(till: Till) -> AnyView {
    let under_way = till.of(|view| view.payment.clone().filter(is_under_way));
    let status = move || under_way.get().map(|payment| progress(till, &payment));
    let paid = move || {
        let amount = till.paid.get()?;
        let view = till.view();
        let words = format!("{amount} is on the balance. The receipt goes to {}.", view.email);
        Some(view! { <Note><strong>"Thank you. "</strong> {words}</Note> })
    };
    let content = view! {
        <div role="status">
            {paid}
        </div>
        {status}
        <div hidden=move || under_way.with(Option::is_some)>{form(till)}</div>
        {alert(till, Task::TopUp)}
    };
    section(Task::TopUp, "Top up", content.into_any())
}

fn is_under_way(payment: &WalletPayment) -> bool {
    matches!(payment.status, WalletPaymentStatus::Processing | WalletPaymentStatus::ActionRequired)
}

/// What is said while the gateway or the bank has it.
fn progress(till: Till, payment: &WalletPayment) -> AnyView {
    let amount = payment.amount;
    let what = if payment.is_recharge { "The auto-recharge of" } else { "Your payment of" };
    if payment.status == WalletPaymentStatus::ActionRequired {
        let words =
            format!("{what} {amount} waits for your bank. Nothing is charged before you confirm.");
        let press = Callback::new(move |()| till.confirm(Task::TopUp));
        let button = go(
            till,
            Task::TopUp,
            Kind::Big,
            move || format!("Confirm {amount} with your bank"),
            Some(press),
        );
        return (quiet(words), button).into_any();
    }
    let words = format!(
        "{what} {amount} is under way. This takes a few seconds; the page goes on by itself."
    );
    let slow =
        "It takes longer than usual. You may close this page: what became of it is mailed to you.";
    view! {
        <div role="status" class="stack">
            <div class="wallet-progress" role="progressbar" aria-label="Waiting for the payment"></div>
            <p>{words}</p>
            <p class="late quiet">{slow}</p>
        </div>
    }
    .into_any()
}

fn form(till: Till) -> AnyView {
    let amount = Amount::new(till);
    let new_card = move || till.panel.get() == Panel::NewCard;
    let card = till.of(|view| view.card.clone());
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let new_card = untrack(new_card);
        match amount.judge() {
            // Nothing to pay with: then the fields for it come.
            Some(_) if !new_card && till.view().card.is_none() => till.open(Panel::NewCard),
            Some(amount) => till.top_up(amount, new_card),
            None => {
                browser::focus(FIELD);
            }
        }
    };
    let words = move || {
        let sum = amount.parsed().map(|amount| format!(" {amount}")).unwrap_or_default();
        format!("Pay{sum}")
    };
    let fields = move || {
        new_card().then(|| {
            let coins = untrack(move || amount.coins());
            let least = till.view().minimum.minor().and_then(|coins| coins.try_into().ok());
            card_fields(till, coins.or(least))
        })
    };
    view! {
        <form class="wallet-form" novalidate on:submit=submit>
            {amount_field(till, amount)}
            {move || card.get().map(|card| method(till, &format!("{}, expires {}", card.label(), expiry(&card))))}
            {fields}
            {go(till, Task::TopUp, Kind::Big, words, None)}
        </form>
    }
    .into_any()
}

/// With the card on file, or another one.
fn method(till: Till, on_file: &str) -> AnyView {
    let new_card = move || till.panel.get() == Panel::NewCard;
    let on_file = on_file.to_owned();
    view! {
        <fieldset class="wallet-method">
            <legend>"Pay with"</legend>
            <label class="choice">
                <input
                    type="radio"
                    name="wallet-method"
                    prop:checked=move || !new_card()
                    on:change=move |_| till.open(Panel::Closed)
                />
                <span>{on_file}</span>
            </label>
            <label class="choice">
                <input
                    type="radio"
                    name="wallet-method"
                    prop:checked=new_card
                    on:change=move |_| till.open(Panel::NewCard)
                />
                <span>"Another card"</span>
                <small>"It takes the place of the one on file."</small>
            </label>
        </fieldset>
    }
    .into_any()
}

fn amount_field(till: Till, amount: Amount) -> AnyView {
    let view = till.view();
    let leave = move |_: ev::Event| {
        if let Some(payable) = amount.judge() {
            amount.typed.set(payable.amount());
        }
    };
    let preset = |preset: &Money| {
        let preset = *preset;
        let choose = move |_| {
            amount.take(preset.amount());
            amount.judged.set(false);
        };
        let pressed = move || (amount.parsed().ok() == Some(preset)).to_string();
        view! {
            <button type="button" class="button" aria-pressed=pressed on:click=choose>
                {short(preset)}
            </button>
        }
        .into_any()
    };
    let presets: Vec<AnyView> = view.presets.iter().map(preset).collect();
    let error =
        move || amount.error().map(|error| view! { <span class="state bad">{error}</span> });
    view! {
        <div class="wallet-amount">
            <label for=FIELD>"Amount"</label>
            <div class="wallet-sum">
                <span aria-hidden="true">{view.minimum.currency().sign().trim()}</span>
                <input
                    id=FIELD
                    name="amount"
                    type="text"
                    inputmode="decimal"
                    autocomplete="off"
                    spellcheck="false"
                    maxlength="40"
                    aria-required="true"
                    aria-invalid=move || amount.error().is_some().then_some("true")
                    aria-describedby="wallet-amount-error wallet-amount-hint"
                    prop:value=move || amount.typed.get()
                    on:input=move |event| amount.take(event_target_value(&event))
                    on:change=leave
                />
            </div>
            <div class="field-error" id="wallet-amount-error" aria-live="polite">
                {error}
            </div>
            <div class="wallet-presets" role="group" aria-label="Round amounts">
                {presets}
            </div>
            <small id="wallet-amount-hint">{format!("At least {}", view.minimum)}</small>
        </div>
    }
    .into_any()
}

/// A button that pays a sum with the card on file at once: where somebody is asked to.
pub fn pay_now(till: Till, amount: Money) -> AnyView {
    let press = move |()| till.top_up(amount, false);
    view! {
        <Button kind=Kind::Primary busy=till.is_busy(Task::TopUp) on_press=press>
            {format!("Pay {amount} now")}
        </Button>
    }
    .into_any()
}
