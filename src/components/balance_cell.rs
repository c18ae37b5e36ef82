//! The balance that an account draws from.

use billing::{api::AccountSnapshot, funding::Payer};
use leptos::prelude::*;

use super::amount::Amount;
use crate::state::desk;

/// The amount, and whose it is.
#[component]
pub fn BalanceCell(
    /// Of which account.
    #[prop(into)]
    account: Signal<AccountSnapshot>,
) -> impl IntoView {
    let agency = desk().store.agency();
    let payer = move || account.with(|account| account.funding.payer());
    let money = move || match payer() {
        Payer::Agency => agency.with(|agency| agency.balance),
        Payer::Customer => account.with(|account| account.customer_balance),
    };
    let whose = move || match payer() {
        Payer::Agency => "agency's, shared",
        Payer::Customer => "customer's own",
    };
    view! {
        <Amount money=Signal::derive(money) />
        <small>{whose}</small>
    }
}
