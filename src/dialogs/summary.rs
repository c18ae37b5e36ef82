//! What is the case with an account's billing, and what can be done about it.

mod agency;
mod closed;
mod customer;
mod facts;
mod requested;

use ::billing::{api::AccountSnapshot, funding::Phase};
use leptos::prelude::*;

use self::{agency::AgencyPays, closed::Closed, customer::CustomerPays, requested::RequestOut};
use crate::components::BillingCell;

/// The first step of the dialog, by state.
#[component]
pub fn Summary(
    /// The account.
    account: Signal<AccountSnapshot>,
) -> impl IntoView {
    let closed = Memo::new(move |_| account.with(|account| account.funding.closed.is_some()));
    let phase = Memo::new(move |_| account.with(|account| account.funding.phase()));
    view! {
        <div class="modal-body summary">
            <div class="summary-state card">
                <BillingCell account=account />
            </div>
            {move || match phase.get() {
                Phase::Agency if closed.get() => view! { <Closed account=account /> }.into_any(),
                Phase::Agency => view! { <AgencyPays account=account /> }.into_any(),
                Phase::Requested | Phase::Paying => {
                    view! { <RequestOut account=account /> }.into_any()
                }
                Phase::Customer | Phase::Returning => {
                    view! { <CustomerPays account=account /> }.into_any()
                }
            }}
        </div>
    }
}
