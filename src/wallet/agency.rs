//! Settings > Billing: the agency's own balance, for whoever of its people is signed in.

use std::sync::Arc;

use billing::{
    access::{Right, may},
    api::{Me, WalletView},
};
use leptos::prelude::*;

use super::{page::wallet, till::Till};
use crate::{
    api::{self, ApiError, WalletOf},
    browser::{self, Navigator},
    components::{SideBar, Trouble, WaitingFrame, no_page},
    routes::{BILLING, Route},
    state::{Desk, Live, Notice, Session, Who, listen},
    ui::{Announcer, Note, SkeletonLines, Toasts},
};

const TITLE: &str = "Billing";
/// How long to wait for more to happen before the balance is asked for.
const SETTLE_MILLIS: i32 = 1_000;

/// The whole entry, from the question who it is.
#[component]
pub fn Billing() -> impl IntoView {
    let session = Session::start();
    let navigator = Navigator::start(|path| path == BILLING);
    browser::set_title(&format!("{TITLE} · Sluice"));
    let who = session.who();
    Effect::new(move || {
        let target = match who.get() {
            Who::Nobody => Route::SignIn { next: Some(BILLING.to_owned()) },
            // Of a client, say: the app knows where they belong.
            Who::Unknown(ApiError::Unreadable) => Route::Home,
            _ => return,
        };
        navigator.replace(&target.href());
    });
    move || match who.get() {
        Who::Asking | Who::Nobody | Who::Unknown(ApiError::Unreadable) => {
            view! { <WaitingFrame /> }.into_any()
        }
        Who::Unknown(error) => no_page("Sluice", error, move || session.ask()),
        Who::Person(me) => {
            view! { <SignedIn me=*me session=session navigator=navigator /> }.into_any()
        }
    }
}

/// The page of somebody who is signed in, beside the way around.
#[component]
fn SignedIn(me: Me, session: Session, navigator: Navigator) -> impl IntoView {
    // No page of the app's is shown here.
    let desk = Desk::lay(me, session, navigator, Memo::new(|_| Route::Home));
    let (live, stirred) = stirs(desk);
    let found = RwSignal::new(None::<Result<(Arc<WalletView>, bool), ApiError>>);
    let ask = move || {
        found.set(None);
        leptos::task::spawn_local(async move {
            let answer = session.check(first(WalletOf::Agency).await);
            let _ = found.try_set(Some(answer));
        });
    };
    ask();
    let content = move || match found.get() {
        None => {
            view! { <section class="card section"><SkeletonLines count=5 /></section> }.into_any()
        }
        Some(Err(error)) => view! { <Trouble error=error on_retry=move |()| ask() /> }.into_any(),
        Some(Ok((view, may_change))) => {
            let till = Till::new(WalletOf::Agency, Some(session), may_change, desk.toaster, view);
            // Whatever the change stream tells is a reason to ask.
            Effect::new(move |first: Option<()>| {
                stirred.track();
                if first.is_some() {
                    till.glance();
                }
            });
            let read_only = (!may_change).then(|| {
                view! { <Note><strong>"Read only. "</strong> {Right::ManageAgencyBilling.who_may()}</Note> }
            });
            view! {
                <div class="head-note">{read_only}</div>
                {wallet(till)}
            }
            .into_any()
        }
    };
    view! {
        <a class="skip" href="#main">
            "Skip to content"
        </a>
        <div class="shell">
            <SideBar live=live shown=Signal::stored((BILLING, "page")) />
            <main class="page" id="main" tabindex="-1">
                <header class="page-head">
                    <div>
                        <h1>{TITLE}</h1>
                        <p class="quiet">"The balance that all your clients on agency billing draw from."</p>
                    </div>
                </header>
                {content}
            </main>
        </div>
        <Toasts toaster=desk.toaster />
        <Announcer text=Signal::stored(TITLE.to_owned()) />
    }
}

/// Whether the page is live, and a count that grows when something has happened, be it often: what a change says is not read, since the
/// balance comes with an answer of its own.
fn stirs(desk: Desk) -> (Signal<Live>, RwSignal<u32>) {
    let (seq, waits) = (StoredValue::new(desk.store.seq()), StoredValue::new(false));
    let stirred = RwSignal::new(0_u32);
    let live = listen(
        desk.session,
        move || seq.get_value(),
        move |told| {
            if let Notice::Change { seq: now, .. } | Notice::Reset(now) = told {
                seq.set_value(now);
            }
            if waits.get_value() {
                return;
            }
            waits.set_value(true);
            leptos::task::spawn_local(async move {
                browser::sleep(SETTLE_MILLIS).await;
                // The page may have been left meanwhile.
                if waits.try_set_value(false).is_none() {
                    stirred.update(|count| *count = count.wrapping_add(1));
                }
            });
        },
    );
    (live, stirred)
}

/// The balance, and whether the person may change anything about it.
async fn first(of: WalletOf) -> Result<(Arc<WalletView>, bool), ApiError> {
    let access = api::access().await?;
    Ok((Arc::new(of.view().await?), may(access.role, Right::ManageAgencyBilling)))
}
