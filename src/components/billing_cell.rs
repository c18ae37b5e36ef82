//! Who pays and what is under way: the gate and its two lines.

use billing::{api::AccountSnapshot, funding::Payer};
use leptos::prelude::*;

use super::status::status;
use crate::{
    state::desk,
    ui::{Gate, Side, StateMark},
};

/// The words for who pays.
pub fn payer_words(payer: Payer) -> &'static str {
    match payer {
        Payer::Agency => "Balance from: agency",
        Payer::Customer => "Balance from: customer",
    }
}

/// The side of the gate for who pays.
pub fn side(payer: Payer) -> Side {
    match payer {
        Payer::Agency => Side::Start,
        Payer::Customer => Side::End,
    }
}

/// The gate and its two lines.
#[component]
pub fn BillingCell(
    /// Of which account.
    #[prop(into)]
    account: Signal<AccountSnapshot>,
) -> impl IntoView {
    let desk = desk();
    let payer = move || account.with(|account| account.funding.payer());
    view! {
        <div class="payer">
            <Gate side=Signal::derive(move || side(payer())) />
            <div>
                <span>{move || payer_words(payer())}</span>
                {move || {
                    let line = account.with(|account| status(account, desk.now.get()));
                    view! { <StateMark tone=line.tone text=line.text /> }
                }}
            </div>
        </div>
    }
}
