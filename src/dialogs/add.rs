//! *Add to Agency Billing*: what will be lost, what will be added, and where the balance goes. *Close account* asks the same.

mod choice;
mod loss;

use ::billing::{
    api::{AccountSnapshot, AgencyBillingBody, ClosureBody},
    funding::{Command, Payer, Refusal, ReturnChoice},
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
    closes: bool,
}

/// What would happen with a decision, now: it follows the balance as usage goes on.
fn planned(desk: Desk, account: &AccountSnapshot, decided: Decided) -> Result<Plan, Refusal> {
    let Decided { choice, take_over_negative, closes } = decided;
    let command = if closes {
        Command::CloseAccount { choice, take_over_negative }
    } else {
        Command::AddToAgency { choice, take_over_negative }
    };
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
    /// And closes the account.
    closes: bool,
) -> impl IntoView {
    let desk = desk();
    let choice = ReturnChoice::Transfer;
    let decided = RwSignal::new(Decided { choice, take_over_negative: false, closes });
    let is_customers =
        Memo::new(move |_| account.with(|account| account.funding.payer() == Payer::Customer));
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
                    <Show when=move || is_customers.get()>
                        <Loss account=account />
                        <Choice account=account decided=decided />
                    </Show>
                    <Refused attempt=attempt />
                </div>
                <div class="modal-side">
                    <PlanPanel plan=Signal::derive(move || shown.get().ok()) />
                </div>
            </div>
            <footer class="modal-foot">
                <Reason id="add-refused" reason=Signal::derive(reason) />
                <Button on_press=move |()| desk.leave_dialog()>"Cancel"</Button>
                <Button
                    kind=Kind::Primary
                    submit=true
                    busy=attempt.pending()
                    disabled=Signal::derive(move || reason().is_some())
                    described_by="add-refused"
                >
                    {if closes { "Close account" } else { "Add to Agency Billing" }}
                </Button>
            </footer>
        </form>
    }
}

fn add(desk: Desk, account: Signal<AccountSnapshot>, attempt: Attempt, decided: Decided) {
    let (id, name) = account.with_untracked(|account| (account.id, account.name.clone()));
    let Decided { choice, take_over_negative, closes } = decided;
    let content = format!("{decided:?}");
    let call = move |guard| async move {
        if closes {
            let body = ClosureBody { balance: choice, take_over_negative };
            return api::close(id, &body, &guard).await;
        }
        let body = AgencyBillingBody { choice, take_over_negative };
        api::add_to_agency_billing(id, &body, &guard).await
    };
    attempt.send(desk, id, content, call, move |account| {
        let words = match (account.funding.payer(), closes) {
            (Payer::Agency, true) => format!("{name} is closed"),
            (Payer::Agency, false) => format!("{name} is on agency billing"),
            (Payer::Customer, true) => format!("{name} closes once its payment is known"),
            (Payer::Customer, false) => {
                format!("{name} returns to agency billing once its payment is known")
            }
        };
        desk.toaster.tell(words);
        desk.leave_dialog();
    });
}
