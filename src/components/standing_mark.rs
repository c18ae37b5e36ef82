//! What the metered service does, in a word.

use billing::{
    Standing,
    api::{AccountSnapshot, AgencySnapshot},
    funding::Payer,
};
use leptos::prelude::*;

use crate::ui::{StateMark, Tone};

/// The standing of an account: while the agency pays it is the agency's, which may have changed since.
pub fn standing_of(account: &AccountSnapshot, agency: &AgencySnapshot) -> Standing {
    match account.funding.payer() {
        // A closed account is paused, whatever the agency has.
        Payer::Agency if account.funding.closed.is_some() => Standing::Paused,
        Payer::Agency => agency.standing,
        Payer::Customer => account.standing,
    }
}

/// The word and its mark.
#[component]
pub fn StandingMark(
    /// Which.
    #[prop(into)]
    standing: Signal<Standing>,
) -> impl IntoView {
    move || {
        let (tone, word) = match standing.get() {
            Standing::Active => (Tone::Quiet, "Active"),
            Standing::Low => (Tone::Wait, "Low"),
            Standing::Paused => (Tone::Bad, "Paused"),
        };
        view! { <StateMark tone=tone text=word /> }
    }
}
