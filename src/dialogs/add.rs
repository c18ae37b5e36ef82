//! *Add to Agency Billing*: what will be lost, what will be added, and where the balance goes.

mod choice;
mod loss;

use ::billing::{
    api::{AccountSnapshot, AgencyBillingBody},
    funding::{Command, Refusal, ReturnChoice},
    plan::{Plan, plan},
};
use leptos::{ev, prelude::*};

use self::{choice::Choice, loss::Loss};
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

/// What the person has decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Decided {
    choice: ReturnChoice,
    take_over_negative: bool,
}

/// What would happen with a decision, now: it follows the balance as usage goes on.
fn planned(desk: Desk, account: &AccountSnapshot, decided: Decided) -> Result<Plan, Refusal> {
    let Decided { choice, take_over_negative } = decided;
    let command = Command::AddToAgency { choice, take_over_negative };
    let agency = desk.store.agency().with(|agency| agency.balance);
    desk.judge(account.customer_balance, |context| {
        plan(account.id, &account.funding, &command, context, agency)
    })
}

/// The form and its plan.
#[component]
pub fn Add(
    /// The account.
    account: Signal<AccountSnapshot>,
) -> impl IntoView {
    let desk = desk();
    let decided =
        RwSignal::new(Decided { choice: ReturnChoice::Transfer, take_over_negative: false });
    let attempt = Attempt::default();
    let judged = Memo::new(move |_| account.with(|account| planned(desk, account, decided.get())));
    let reason = move || judged.with(|plan| plan.as_ref().err().map(ToString::to_string));
    // While the button waits for its box to be ticked, the plan is shown as if it were.
    let shown = Memo::new(move |_| {
        let agreed = Decided { take_over_negative: true, ..decided.get() };
        account.with(|account| planned(desk, account, agreed))
    });
    let send = move |event: ev::SubmitEvent| {
        event.prevent_default();
        add(desk, account, attempt, decided.get_untracked());
    };
    view! {
        <form class="modal-form" novalidate on:submit=send>
            <div class="modal-columns">
                <div class="modal-body stack">
                    <Loss account=account />
                    <Choice account=account decided=decided />
                    <Refused attempt=attempt />
                </div>
                <div class="modal-side">
                    <PlanPanel plan=Signal::derive(move || shown.get().ok()) />
                </div>
            </div>
            <footer class="modal-foot">
                <Reason id="add-refused" reason=Signal::derive(reason) />
                <Button on:click=move |_| desk.leave_dialog()>"Cancel"</Button>
                <Button
                    kind=Kind::Primary
                    submit=true
                    busy=attempt.pending()
                    disabled=Signal::derive(move || reason().is_some())
                    described_by="add-refused"
                >
                    "Add to Agency Billing"
                </Button>
            </footer>
        </form>
    }
}

fn add(desk: Desk, account: Signal<AccountSnapshot>, attempt: Attempt, decided: Decided) {
    let (id, name) = account.with_untracked(|account| (account.id, account.name.clone()));
    let Decided { choice, take_over_negative } = decided;
    let body = AgencyBillingBody { choice, take_over_negative };
    let content = serde_json::to_string(&body).unwrap_or_default();
    let call = move |guard| async move { api::add_to_agency_billing(id, &body, &guard).await };
    attempt.send(desk, id, content, call, move |account| {
        let words = match account.funding.payer() {
            ::billing::funding::Payer::Agency => format!("{name} is on agency billing"),
            ::billing::funding::Payer::Customer => {
                format!("{name} returns to agency billing once its payment is known")
            }
        };
        desk.toaster.tell(words);
        desk.leave_dialog();
    });
}
