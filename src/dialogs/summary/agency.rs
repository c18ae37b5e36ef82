//! The agency pays and nobody was asked.

use ::billing::{
    api::AccountSnapshot,
    funding::{Closure, FundingState},
};
use leptos::prelude::*;

use super::facts::Facts;
use crate::{
    components::{ago, date, text},
    routes::Step,
    state::desk,
};

/// Since when, how the last request ended, and the way to ask (again).
#[component]
pub fn AgencyPays(account: Signal<AccountSnapshot>) -> impl IntoView {
    let desk = desk();
    let agency = desk.store.agency();
    let facts = move || {
        let mut facts = vec![
            ("Agency pays since", account.with(|account| date(account.funding.since()))),
            ("Agency balance", agency.with(|agency| text(agency.balance))),
        ];
        account.with(|account| {
            if let FundingState::Agency { last_request: Some(last), .. } = &account.funding.state {
                let when = ago(last.closed_at, desk.now.get());
                let how = match last.closure {
                    Closure::Revoked => "withdrawn",
                    other => other.name(),
                };
                facts.push(("Last request", format!("to {}, {how} {when}", last.email)));
            }
        });
        facts
    };
    let id = account.with_untracked(|account| account.id);
    let remove = move || desk.route.get().with_dialog(id, Step::Remove).href();
    view! {
        <Facts facts=Signal::derive(facts) />
        <p class="quiet">
            "The customer can take over: they get an e-mail with a secure link and pay into a balance of their own. Until they have paid, the agency keeps paying."
        </p>
        <div class="actions">
            <a class="button primary" href=remove data-replace="">
                "Remove from Agency Billing"
            </a>
        </div>
    }
}
