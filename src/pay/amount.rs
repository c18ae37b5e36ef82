//! How much: typed, or one of the round amounts.

use billing::{
    Money, Policy,
    api::{FieldProblem, PayView},
    drafts,
};
use leptos::{ev, prelude::*};

use super::{
    desk::{Desk, Step},
    part::{flag, nothing, paragraph, part, text},
};
use crate::browser;

/// The field's id; its hint and its error get theirs from it.
pub const FIELD: &str = "pay-amount";

/// What was typed, and what it comes to. A handle.
#[derive(Clone, Copy)]
pub struct Amount {
    typed: RwSignal<String>,
    /// The person has left the field, or wanted to pay: the moment to say what is wrong.
    judged: RwSignal<bool>,
    minimum: Money,
    maximum: Money,
    desk: Desk,
}

impl Amount {
    /// Starts at what the agency asked for.
    pub fn new(desk: Desk, view: &PayView) -> Self {
        Self {
            desk,
            typed: RwSignal::new(view.starting_balance.amount()),
            judged: RwSignal::new(false),
            minimum: view.minimum,
            maximum: view.maximum,
        }
    }

    fn parsed(self) -> Result<Money, FieldProblem> {
        let (minimum, maximum) = (self.minimum, self.maximum);
        let policy = Policy { minimum, maximum, ..Policy::standard(minimum.currency()) };
        drafts::parse_payment(&self.typed.get(), &policy)
    }

    /// The amount, while it is one that can be paid.
    pub fn payable(self) -> Option<Money> {
        self.parsed().ok()
    }

    /// The amount, if it can be paid; says what is wrong from now on.
    pub fn judge(self) -> Option<Money> {
        self.judged.set(true);
        untrack(move || self.payable())
    }

    /// The sentence that is to be read beside the field now.
    fn error(self) -> Option<String> {
        let problem = self.parsed().err();
        problem.filter(|_| self.judged.get()).map(|problem| problem.detail)
    }

    /// Takes what was typed or chosen; the card fields are told, since some cards' pages show it.
    fn take(self, typed: String) {
        self.typed.set(typed);
        if let Some(coins) = untrack(move || self.coins()) {
            browser::update_card_amount(coins);
        }
    }

    /// What the card is charged, while that can be paid: usage that is asked for comes on top.
    pub fn total(self) -> Option<Money> {
        let amount = self.payable()?;
        self.desk.usage().map_or(Some(amount), |usage| amount.plus(usage).ok())
    }

    /// The smallest coins that it comes to.
    pub fn coins(self) -> Option<u32> {
        self.total().and_then(Money::minor).and_then(|coins| u32::try_from(coins).ok())
    }
}

/// `$25` where there are no cents, else `$25.50`.
fn short(amount: Money) -> String {
    let text = amount.text();
    text.strip_suffix(".00").map_or_else(|| text.clone(), ToOwned::to_owned)
}

/// The field, its limit, and the round amounts. While a payment is under way nothing in it changes.
pub fn amount_field(desk: Desk, amount: Amount, view: &PayView) -> AnyView {
    let locked = move || desk.step() != Step::Idle;
    let input = move |event: ev::Event| amount.take(event_target_value(&event));
    let leave = move |_: ev::Event| {
        if let Some(payable) = amount.judge() {
            amount.take(payable.amount());
        }
    };
    let error = part(move || match amount.error() {
        Some(error) => paragraph("pay-error", error),
        None => nothing(),
    });
    let preset = |preset: &Money| {
        let preset = *preset;
        let choose = move |_: ev::MouseEvent| {
            if !untrack(locked) {
                amount.take(preset.amount());
                amount.judged.set(false);
            }
        };
        view! {
            <button
                type="button"
                class="button"
                aria-pressed=text(move || (amount.payable() == Some(preset)).to_string())
                on:click=choose
            >
                {short(preset)}
            </button>
        }
        .into_any()
    };
    let presets: Vec<AnyView> = view.presets.iter().map(preset).collect();
    view! {
        <div class="pay-amount">
            <label for=FIELD>"Amount"</label>
            <div class="pay-sum">
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
                    aria-invalid=flag(move || amount.error().is_some())
                    aria-describedby="pay-amount-error pay-amount-hint"
                    readonly=flag(locked)
                    prop:value=text(move || amount.typed.get())
                    on:input=input
                    on:change=leave
                />
            </div>
            <div id="pay-amount-error" aria-live="polite">
                {error}
            </div>
            <small id="pay-amount-hint">{format!("At least {}", view.minimum)}</small>
            <div class="pay-presets" role="group" aria-label="Round amounts">
                {presets}
            </div>
        </div>
    }
    .into_any()
}
