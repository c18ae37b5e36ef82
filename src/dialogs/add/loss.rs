//! What will be lost.

use ::billing::{api::AccountSnapshot, funding::Card};
use leptos::prelude::*;

use crate::ui::{Note, Tone};

/// The card on file, by its last four.
#[component]
pub fn Loss(account: Signal<AccountSnapshot>) -> impl IntoView {
    let words = move || {
        account.with(|account| {
            let card = account.funding.customer().and_then(|customer| customer.card.as_ref());
            card.map(Card::label).map_or_else(
                || "The customer's billing information will be dropped. There is no card on file.".to_owned(),
                |card| {
                    format!(
                        "The customer's billing information will be dropped: {card} is removed from file. To pay again, they have to be asked again."
                    )
                },
            )
        })
    };
    view! { <Note tone=Tone::Wait>{words}</Note> }
}
