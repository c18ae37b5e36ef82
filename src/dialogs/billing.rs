//! The frame of the dialog: whose billing it is, and which step is shown.

use ::billing::{SubAccountId, api::AccountSnapshot, funding::Payer};
use leptos::prelude::*;

use super::{add::Add, remove::Remove, revoke::Revoke, summary::Summary};
use crate::{
    api::{self, ApiError},
    browser,
    components::Trouble,
    routes::Step,
    state::desk,
    ui::{Button, Icon, Modal, Shape, SkeletonLines},
};

/// The id of the dialog's heading.
pub const TITLE_ID: &str = "billing-title";
/// The id of the first field of the only step that has one to fill in.
const FIRST_FIELD_ID: &str = "customer-email";

/// The billing dialog of an account, for as long as its route is the page's.
#[component]
pub fn BillingDialog(
    /// Whose billing.
    id: SubAccountId,
    /// Which step.
    #[prop(into)]
    step: Signal<Step>,
) -> impl IntoView {
    let desk = desk();
    let account = desk.store.account(id);
    let failed = RwSignal::new(None::<ApiError>);
    // Always asked anew: what is decided here is decided on what is the case now.
    let load = move || {
        failed.set(None);
        leptos::task::spawn_local(async move {
            match desk.session.check(api::account(id).await) {
                Ok(detail) => desk.store.apply(detail),
                Err(error) => {
                    let _ = failed.try_set(Some(error));
                }
            }
        });
    };
    load();
    let close = Callback::new(move |()| desk.leave_dialog());
    let known = Memo::new(move |_| account.with(Option::is_some));
    Effect::new(move || {
        known.track();
        step.track();
        focus_step();
    });
    view! {
        <Modal labelled_by=TITLE_ID on_close=close>
            {move || match (known.get(), failed.get()) {
                (true, _) => {
                    view! { <Steps id=id account=account step=step /> }.into_any()
                }
                (false, Some(error)) => {
                    view! {
                        <Head title="Billing" about=None close=close />
                        <Trouble error=error on_retry=load />
                    }
                        .into_any()
                }
                (false, None) => {
                    view! {
                        <Head title="Billing" about=None close=close />
                        <div class="modal-body" aria-busy="true">
                            <SkeletonLines count=4 />
                        </div>
                    }
                        .into_any()
                }
            }}
        </Modal>
    }
}

/// Puts the cursor into a step's first field, or else on the heading: once the step stands.
fn focus_step() {
    leptos::task::spawn_local(async {
        browser::sleep(0).await;
        if !browser::focus(FIRST_FIELD_ID) {
            browser::focus(TITLE_ID);
        }
    });
}

#[component]
fn Steps(
    id: SubAccountId,
    account: Memo<Option<AccountSnapshot>>,
    step: Signal<Step>,
) -> impl IntoView {
    let desk = desk();
    let close = Callback::new(move |()| desk.leave_dialog());
    // Known here and never forgotten while signed in: the row's own signal.
    let account = desk
        .store
        .row(id)
        .map(Signal::from)
        .or_else(|| account.get_untracked().map(Signal::stored))?;
    let payer = move || account.with(|account| account.funding.payer());
    let about = move || {
        let name = account.with(|account| account.name.to_string());
        let draws = match payer() {
            Payer::Agency => "draws from the agency balance today",
            Payer::Customer => "draws from its customer's balance today",
        };
        Some(format!("{name} · {draws}"))
    };
    let title = move || match step.get() {
        Step::Summary => "Billing",
        Step::Remove => "Remove from Agency Billing",
        Step::Revoke => "Revoke the billing request",
        Step::Add => "Add to Agency Billing",
        Step::Close => "Close account",
    };
    Some(view! {
        <Head title=Signal::derive(move || title().to_owned()) about=Signal::derive(about) close=close />
        {move || match step.get() {
            Step::Summary => view! { <Summary account=account /> }.into_any(),
            Step::Remove => view! { <Remove account=account /> }.into_any(),
            Step::Revoke => view! { <Revoke account=account /> }.into_any(),
            Step::Add => view! { <Add account=account closes=false /> }.into_any(),
            Step::Close => view! { <Add account=account closes=true /> }.into_any(),
        }}
    })
}

/// A dialog over the page that is about no account's billing; leaving it is leaving its route: its heading, whom it is about, what is in it.
pub fn framed(title: &'static str, about: Signal<Option<String>>, body: AnyView) -> AnyView {
    let close = Callback::new(move |()| desk().leave_dialog());
    view! {
        <Modal labelled_by=TITLE_ID on_close=close>
            <Head title=title about=about close=close />
            {body}
        </Modal>
    }
    .into_any()
}

/// The dialog's heading, whose billing it is, and the way out.
#[component]
fn Head(
    #[prop(into)] title: Signal<String>,
    #[prop(into)] about: Signal<Option<String>>,
    close: Callback<()>,
) -> impl IntoView {
    view! {
        <header class="modal-head">
            <div>
                <h1 id=TITLE_ID tabindex="-1">{title}</h1>
                {move || about.get().map(|about| view! { <p class="quiet">{about}</p> })}
            </div>
            <Button kind=crate::ui::Kind::Ghost on_press={close} {..} aria-label="Close">
                <Icon shape=Shape::Cross />
            </Button>
        </header>
    }
}
