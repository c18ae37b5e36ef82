//! An amount of money.

use billing::Money;
use leptos::prelude::*;

use crate::browser;

/// Rounded to the currency's smallest coin: for balances at a glance.
pub fn text(money: Money) -> String {
    browser::money(&money.amount(), money.currency().code())
}

/// With every digit: for what is booked or promised.
pub fn exact_text(money: Money) -> String {
    browser::money_exact(&money.amount(), money.currency().code())
}

/// A change of a balance, exact, with its sign: what is booked is no alarm, whichever way it goes.
#[component]
pub fn ChangeAmount(
    /// How much.
    money: Money,
) -> impl IntoView {
    let plus = if money.is_positive() { "+" } else { "" };
    view! { <span class="amount">{plus} {exact_text(money)}</span> }
}

/// A balance, red and with a minus when it is below nothing.
#[component]
pub fn Amount(
    /// How much.
    #[prop(into)]
    money: Signal<Money>,
    /// With every digit.
    #[prop(optional)]
    exact: bool,
) -> impl IntoView {
    let words = move || if exact { exact_text(money.get()) } else { text(money.get()) };
    view! { <span class="amount" class:negative=move || money.get().is_negative()>{words}</span> }
}
