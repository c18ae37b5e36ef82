//! *Remove from Agency Billing*: whom to ask, for how much, with which words.
//!
//! One draft in one signal; one parse, `billing`'s, into terms; one command. What is wrong is told at its field once the
//! person has left it or has tried to send.

mod draft;
mod errors;
mod fields;
mod preview;

use ::billing::{
    RequestId,
    api::{AccountSnapshot, FieldProblem},
    drafts::BillingRequestTerms,
    funding::{Command, Refusal},
    plan::{Plan, plan},
};
use leptos::{ev, prelude::*};

use self::{draft::Draft, errors::Errors, fields::Fields, preview::MailPreview};
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

type Parsed = Result<BillingRequestTerms, Vec<FieldProblem>>;

/// The form, its preview and its plan.
#[component]
pub fn Remove(
    /// The account.
    account: Signal<AccountSnapshot>,
) -> impl IntoView {
    let desk = desk();
    let id = account.with_untracked(|account| account.id);
    let start = desk.store.agency().with_untracked(|agency| {
        account.with_untracked(|account| Draft::start(account, agency, &desk.policy()))
    });
    let draft = RwSignal::new(start);
    let attempt = Attempt::default();
    let parsed = Memo::new(move |_| draft.with(|draft| draft.typed.parse(&desk.policy())));
    let errors = Errors::new(parsed, attempt);
    let terms = move || parsed.with(|parsed| parsed.as_ref().ok().cloned());
    let planned = Memo::new(move |_| account.with(|account| planned(desk, account, terms())));
    let reason = move || planned.with(|plan| plan.as_ref().err().map(ToString::to_string));
    let send = move |event: ev::SubmitEvent| {
        event.prevent_default();
        match parsed.get_untracked() {
            Ok(terms) => email_client(desk, id, attempt, errors, terms),
            Err(_) => errors.show_all(),
        }
    };
    let cancel = move |()| {
        Draft::forget(id);
        desk.leave_dialog();
    };
    view! {
        <form class="modal-form" id="remove-form" novalidate on:submit=send>
            <div class="modal-columns">
                <div class="modal-body stack">
                    <Fields account=account draft=draft errors=errors attempt=attempt />
                    <Refused attempt=attempt />
                </div>
                <div class="modal-side">
                    <PlanPanel plan=Signal::derive(move || planned.get().ok()) />
                    <MailPreview account=account draft=draft />
                </div>
            </div>
            <footer class="modal-foot">
                <Reason id="remove-reason" reason=Signal::derive(reason) />
                <Button on_press=cancel>"Cancel"</Button>
                <Button
                    kind=Kind::Primary
                    submit=true
                    busy=attempt.pending()
                    disabled=Signal::derive(move || reason().is_some())
                    described_by="remove-reason"
                >
                    "Email Client"
                </Button>
            </footer>
        </form>
    }
}

/// What would happen with these terms; while some are missing, with the least that is allowed.
fn planned(
    desk: Desk,
    account: &AccountSnapshot,
    terms: Option<BillingRequestTerms>,
) -> Result<Plan, Refusal> {
    let terms = terms.or_else(|| sample(desk)).ok_or(Refusal::Overflow)?;
    let command = Command::RequestBilling {
        // Any that is not the open one's: the server draws the real one.
        request: RequestId::new(desk.now.get(), [0; 10]),
        email: terms.email,
        starting_balance: terms.starting_balance,
        message: terms.message,
    };
    let agency = desk.store.agency().with(|agency| agency.balance);
    desk.judge(account.customer_balance, |context| {
        plan(account.id, &account.funding, &command, context, agency)
    })
}

/// Stands in until the person has typed terms that can be sent: an address that names nobody.
fn sample(desk: Desk) -> Option<BillingRequestTerms> {
    use ::billing::text::{EmailAddress, MessageText};
    let email = EmailAddress::parse("billing@customer.example").ok()?;
    let message = MessageText::parse("…").ok()?;
    Some(BillingRequestTerms { email, starting_balance: desk.policy().minimum, message })
}

fn email_client(
    desk: Desk,
    id: ::billing::SubAccountId,
    attempt: Attempt,
    errors: Errors,
    terms: BillingRequestTerms,
) {
    let body = terms.body();
    let content = serde_json::to_string(&body).unwrap_or_default();
    let call = move |guard| async move {
        let answer = api::request_billing(id, &body, &guard).await;
        if answer.as_ref().is_err_and(|error| !error.fields().is_empty()) {
            errors.show_all();
        }
        answer
    };
    attempt.send(desk, id, content, call, move |_| {
        Draft::forget(id);
        desk.toaster.tell(format!("E-mail is on its way to {}", terms.email));
        desk.leave_dialog();
    });
}
