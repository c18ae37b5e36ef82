//! Who pays now, and from which balance.

use billing::api::AccountSnapshot;
use leptos::prelude::*;

use crate::{
    components::{BalanceCell, BillingCell, StandingMark, pencil_id, standing_of},
    routes::Step,
    state::desk,
    ui::{Icon, Shape},
};

/// The gate, the balance, the standing, and the pencil.
#[component]
pub fn Overview(account: Signal<AccountSnapshot>) -> impl IntoView {
    let desk = desk();
    let agency = desk.store.agency();
    let id = account.with_untracked(|account| account.id);
    let standing =
        move || account.with(|account| agency.with(|agency| standing_of(account, agency)));
    let billing = move || desk.route.get().without_dialog().with_dialog(id, Step::Summary).href();
    let label = move || account.with(|account| format!("Edit billing of {}", account.name));
    view! {
        <section class="card overview" aria-label="Billing">
            <BillingCell account=account />
            <dl class="figure">
                <dt>"Balance it draws from"</dt>
                <dd>
                    <BalanceCell account=account />
                </dd>
            </dl>
            <dl class="figure">
                <dt>"Standing"</dt>
                <dd>
                    <StandingMark standing=Signal::derive(standing) />
                </dd>
            </dl>
            <a class="button" id=pencil_id(id) href=billing aria-label=label>
                <Icon shape=Shape::Pencil />
                "Edit billing"
            </a>
        </section>
    }
}
