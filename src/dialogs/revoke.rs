//! Calling an open request off: what will happen, and whether it is meant.

use ::billing::{
    api::AccountSnapshot,
    funding::{Command, Refusal},
    plan::{Plan, plan},
};
use leptos::prelude::*;

use super::{
    attempt::Attempt,
    refused::{Reason, Refused},
};
use crate::{
    api,
    components::PlanPanel,
    state::{Desk, desk},
    ui::{Button, Kind},
};

fn planned(desk: Desk, account: &AccountSnapshot) -> Result<Plan, Refusal> {
    let open = account.funding.open_request().ok_or(Refusal::NoOpenRequest)?;
    let command = Command::RevokeRequest { request: open.id };
    let agency = desk.store.agency().with(|agency| agency.balance);
    desk.judge(account.customer_balance, |context| {
        plan(account.id, &account.funding, &command, context, agency)
    })
}

/// The confirmation.
#[component]
pub fn Revoke(
    /// The account.
    account: Signal<AccountSnapshot>,
) -> impl IntoView {
    let desk = desk();
    let attempt = Attempt::default();
    let planned = Memo::new(move |_| account.with(|account| planned(desk, account)));
    let reason = move || planned.with(|plan| plan.as_ref().err().map(ToString::to_string));
    let revoke = move |()| {
        let open = account.with_untracked(|account| {
            account.funding.open_request().map(|open| (account.id, open.id, open.email.clone()))
        });
        let Some((id, request, email)) = open else { return };
        let call = move |guard| async move { api::revoke_request(id, request, &guard).await };
        attempt.send(desk, id, request.to_string(), call, move |_| {
            desk.toaster.tell(format!("The request to {email} is revoked"));
            desk.leave_dialog();
        });
    };
    view! {
        <div class="modal-body stack">
            <PlanPanel plan=Signal::derive(move || planned.get().ok()) />
            <Refused attempt=attempt />
            <Reason id="revoke-reason" reason=Signal::derive(reason) />
        </div>
        <footer class="modal-foot">
            <Button on_press=move |()| desk.leave_dialog()>"Cancel"</Button>
            <Button
                kind=Kind::Danger
                busy=attempt.pending()
                disabled=Signal::derive(move || reason().is_some())
                described_by="revoke-reason"
                on_press=revoke
            >
                "Revoke request"
            </Button>
        </footer>
    }
}
