//! One account in the list.

use billing::api::AccountSnapshot;
use leptos::prelude::*;

use super::{
    balance_cell::BalanceCell,
    billing_cell::BillingCell,
    standing_mark::{StandingMark, standing_of},
};
use crate::{
    routes::{Route, Step},
    state::desk,
    ui::{Icon, Shape},
};

/// The id of the pencil of an account: where the focus returns to when the dialog closes.
pub fn pencil_id(id: billing::SubAccountId) -> String {
    format!("billing-of-{id}")
}

/// A row; each cell names its column for narrow screens, where rows become cards.
#[component]
pub fn AccountRow(
    /// The account.
    account: ArcRwSignal<AccountSnapshot>,
) -> impl IntoView {
    let desk = desk();
    let id = account.with_untracked(|account| account.id);
    let account: Signal<AccountSnapshot> = account.into();
    let name = move || account.with(|account| account.name.to_string());
    let external_id = move || account.with(|account| account.external_id.clone());
    let agency = desk.store.agency();
    let standing =
        move || account.with(|account| agency.with(|agency| standing_of(account, agency)));
    let page = Route::Account { id, dialog: None }.href();
    let pencil = move || desk.route.get().without_dialog().with_dialog(id, Step::Summary).href();
    view! {
        <tr>
            <th scope="row" class="cell-name">
                <a href=page>{name}</a>
                <small>{external_id}</small>
            </th>
            <td class="cell-billing">
                <div>
                    <BillingCell account=account />
                    <a
                        class="button ghost icon-only"
                        id=pencil_id(id)
                        href=pencil
                        aria-label=move || format!("Edit billing of {}", name())
                    >
                        <Icon shape=Shape::Pencil />
                    </a>
                </div>
            </td>
            <td class="cell-standing">
                <StandingMark standing=Signal::derive(standing) />
            </td>
            <td class="cell-balance money">
                <BalanceCell account=account />
            </td>
        </tr>
    }
}
