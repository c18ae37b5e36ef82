//! The account is closed.

use ::billing::api::AccountSnapshot;
use leptos::prelude::*;

use super::facts::Facts;
use crate::{
    api,
    components::date,
    dialogs::{attempt::Attempt, refused::Refused},
    state::desk,
    ui::{Button, Kind},
};

/// Since when, what that means, and the way to open it again.
#[component]
pub fn Closed(account: Signal<AccountSnapshot>) -> impl IntoView {
    let desk = desk();
    let attempt = Attempt::default();
    let since = move || account.with(|account| account.funding.closed.map(date));
    let facts = move || vec![("Closed since", since().unwrap_or_default())];
    let open = move |()| {
        let (id, name) = account.with_untracked(|account| (account.id, account.name.clone()));
        let call = move |guard| async move { api::reopen(id, &guard).await };
        attempt.send(desk, id, String::new(), call, move |_| {
            desk.toaster.tell(format!("{name} is open again"));
        });
    };
    view! {
        <Facts facts=Signal::derive(facts) />
        <p class="quiet">
            "It is paused, and nobody can be asked to pay for it. Usage that still arrives is recorded, and the agency pays it."
        </p>
        <Refused attempt=attempt />
        <div class="actions">
            <Button kind=Kind::Primary busy=attempt.pending() on_press=open>
                "Open again"
            </Button>
        </div>
    }
}
