//! How much: typed, or one of the round amounts.

use billing::{
    Money, Policy,
    api::{FieldProblem, PayView},
    drafts,
};
use leptos::{ev, prelude::*};

use super::part::{flag, nothing, part, text};

/// The field's id; its hint and its error get theirs from it.
pub const FIELD: &str = "pay-amount";

/// What was typed, and what it comes to. A handle.
#[derive(Clone, Copy)]
pub struct Amount {
    typed: RwSignal<String>,
    /// The person has left the field, or wanted to pay: the moment to say what is wrong.
    judged: RwSignal<bool>,
    parsed: Memo<Result<Money, FieldProblem>>,
}

impl Amount {
    /// Starts at what the agency asked for.
    pub fn new(view: &PayView) -> Self {
        let policy = Policy {
            minimum: view.minimum,
            maximum: view.maximum,
            ..Policy::standard(view.minimum.currency())
        };
        let typed = RwSignal::new(view.starting_balance.amount());
        let parsed = Memo::new(move |_| typed.with(|typed| drafts::parse_payment(typed, &policy)));
        Self { typed, judged: RwSignal::new(false), parsed }
    }

    /// The amount, while it is one that can be paid.
    pub fn payable(self) -> Option<Money> {
        self.parsed.with(|parsed| parsed.as_ref().ok().copied())
    }

    /// Says what is wrong from now on.
    pub fn judge(self) {
        self.judged.set(true);
    }

    fn error(self) -> Option<String> {
        let judged = self.judged.get();
        self.parsed.with(|parsed| {
            parsed.as_ref().err().filter(|_| judged).map(|problem| problem.detail.clone())
        })
    }

    fn choose(self, amount: Money) {
        self.typed.set(amount.amount());
        self.judged.set(false);
    }

    fn leave(self) {
        self.judge();
        if let Some(amount) = untrack(move || self.payable()) {
            self.typed.set(amount.amount());
        }
    }
}

/// `$25` where there are no cents, else `$25.50`.
fn short(amount: Money) -> String {
    let text = amount.text();
    text.strip_suffix(".00").map_or_else(|| text.clone(), ToOwned::to_owned)
}

/// The field, its limit, and the round amounts. While `locked` nothing in it changes.
#[component]
pub fn AmountField(
    /// What is typed.
    amount: Amount,
    /// What the link is about.
    view: PayView,
    /// A payment is under way.
    #[prop(into)]
    locked: Signal<bool>,
) -> impl IntoView {
    let invalid = move || amount.error().is_some();
    let error = part(move || match amount.error() {
        Some(error) => view! { <p class="pay-error">{error}</p> }.into_any(),
        None => nothing(),
    });
    let hint = format!("At least {}", view.minimum);
    let input = move |event: ev::Event| amount.typed.set(event_target_value(&event));
    let presets = view.presets.into_iter().map(move |preset| {
        let chosen = text(move || (amount.payable() == Some(preset)).to_string());
        let choose = move |_| {
            if !locked.get_untracked() {
                amount.choose(preset);
            }
        };
        view! {
            <button type="button" class="button" aria-pressed=chosen on:click=choose>
                {short(preset)}
            </button>
        }
    });
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
                    aria-invalid=flag(invalid)
                    aria-describedby="pay-amount-error pay-amount-hint"
                    readonly=locked
                    prop:value=text(move || amount.typed.get())
                    on:input=input
                    on:change=move |_| amount.leave()
                />
            </div>
            <div id="pay-amount-error" aria-live="polite">
                {error}
            </div>
            <small id="pay-amount-hint">{hint}</small>
            <div class="pay-presets" role="group" aria-label="Round amounts">
                {presets.collect_view()}
            </div>
        </div>
    }
}
