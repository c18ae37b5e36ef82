//! The agency's own balance, in sight wherever money is at stake.

use billing::Standing;
use leptos::prelude::*;

use super::{amount::Amount, standing_mark::StandingMark};
use crate::state::desk;

/// The amount under its name; a word when it is low or used up.
#[component]
pub fn AgencyBalance() -> impl IntoView {
    let agency = desk().store.agency();
    let standing = Signal::derive(move || agency.with(|agency| agency.standing));
    view! {
        <dl class="figure">
            <dt>"Agency balance"</dt>
            <dd>
                <Amount money=Signal::derive(move || agency.with(|agency| agency.balance)) />
            </dd>
            <Show when=move || standing.get() != Standing::Active>
                <dd class="figure-note">
                    <StandingMark standing=standing />
                </dd>
            </Show>
        </dl>
    }
}
