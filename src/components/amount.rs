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
