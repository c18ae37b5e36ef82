//! Some of a payment back to its card: how much, and what will be on the balance then.

use ::billing::{
    Money, PaymentId, SubAccountId,
    api::{AccountSnapshot, RefundBody},
    funding::{Command, refundable},
    plan::{Plan, plan},
};
use leptos::{ev, prelude::*};

use super::{
    attempt::Attempt,
    billing::framed,
    refused::{Reason, Refused},
};
use crate::{
    api,
    components::{PlanPanel, exact_text},
    state::{Desk, desk},
    ui::{Button, Field, Kind},
};

/// The dialog, once its account is known.
pub fn refund(id: SubAccountId, payment: PaymentId) -> AnyView {
    let account = desk().store.account(id);
    let known = Memo::new(move |_| account.with(Option::is_some));
    let row = move || known.get().then(|| desk().store.row(id)).flatten();
    let about = Signal::derive(move || {
        account.with(|account| account.as_ref().map(|account| account.name.to_string()))
    });
    let body = move || row().map(|row| view! { <Form account=row.into() payment=payment /> });
    framed("Refund to the card", about, body.into_any())
}

/// What was typed, and what would follow from it; else what is wrong.
fn planned(
    desk: Desk,
    account: &AccountSnapshot,
    payment: PaymentId,
    text: &str,
) -> Result<(Money, Plan), String> {
    let amount = Money::parse_typed(text, account.customer_balance.currency());
    let amount = amount.map_err(|error| error.to_string())?;
    let command = Command::RefundPayment { payment, amount };
    let agency = desk.store.agency().with(|agency| agency.balance);
    let plan = desk.judge(account.customer_balance, |context| {
        plan(account.id, &account.funding, &command, context, agency)
    });
    plan.map(|plan| (amount, plan)).map_err(|refusal| refusal.to_string())
}

#[component]
fn Form(account: Signal<AccountSnapshot>, payment: PaymentId) -> impl IntoView {
    let desk = desk();
    // All that can be, to begin with.
    let all = account.with_untracked(|account| {
        let most = desk.judge(account.customer_balance, |context| {
            refundable(&account.funding, payment, context)
        });
        most.map(Money::amount).unwrap_or_default()
    });
    let text = RwSignal::new(all);
    let attempt = Attempt::default();
    let judged = Memo::new(move |_| {
        account.with(|account| text.with(|text| planned(desk, account, payment, text)))
    });
    let reason = move || judged.with(|plan| plan.as_ref().err().cloned());
    let send = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let Ok((amount, _)) = judged.get_untracked() else { return };
        let id = account.with_untracked(|account| account.id);
        let body = RefundBody { amount: amount.into() };
        let content = format!("{payment} {amount}");
        let call = move |guard| async move { api::refund(id, payment, &body, &guard).await };
        attempt.send(desk, id, content, call, move |_| {
            desk.toaster.tell(format!("{} is on its way back to the card", exact_text(amount)));
            desk.leave_dialog();
        });
    };
    let label = move || match judged.get() {
        Ok((amount, _)) => format!("Refund {}", exact_text(amount)),
        Err(_) => "Refund".to_owned(),
    };
    view! {
        <form class="modal-form" novalidate on:submit=send>
            <div class="modal-columns">
                <div class="modal-body stack">
                    <Field
                        id="refund-amount"
                        label="Amount"
                        value=text
                        on_input=move |typed| {
                            attempt.clear();
                            text.set(typed);
                        }
                        inputmode="decimal"
                        autofocus=true
                    />
                    <p class="quiet">
                        "It is taken from the customer's balance; they go on paying with what is left."
                    </p>
                    <Refused attempt=attempt />
                </div>
                <div class="modal-side">
                    <PlanPanel plan=Signal::derive(move || judged.get().ok().map(|(_, plan)| plan)) />
                </div>
            </div>
            <footer class="modal-foot">
                <Reason id="refund-refused" reason=Signal::derive(reason) />
                <Button on_press=move |()| desk.leave_dialog()>"Cancel"</Button>
                <Button
                    kind=Kind::Primary
                    submit=true
                    busy=attempt.pending()
                    disabled=Signal::derive(move || reason().is_some())
                    described_by="refund-refused"
                >
                    {label}
                </Button>
            </footer>
        </form>
    }
}
