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
    let payer = Memo::new(move |_| account.with(|account| account.funding.payer()));
    let line = Memo::new(move |_| account.with(|account| status(account, desk.now.get())));
    view! {
        <div class="payer">
            <Gate side=Signal::derive(move || side(payer.get())) />
            <div>
                <span>{move || payer_words(payer.get())}</span>
                {move || {
                    let line = line.get();
                    view! { <StateMark tone=line.tone text=line.text /> }
                }}
            </div>
        </div>
    }
}
