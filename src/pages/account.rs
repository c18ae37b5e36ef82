//! One account: who pays, since when and by whose action, and its books.

mod books;
mod history;
mod overview;
mod payments;
mod usage;

use billing::{SubAccountId, api::AccountSnapshot};
use leptos::prelude::*;

use self::{books::Books, history::History, overview::Overview, payments::Payments, usage::Usage};
use super::NotFoundPage;
use crate::{
    api::{self, ApiError},
    components::{AgencyBalance, Trouble},
    routes::{Route, Step, statements_of},
    state::desk,
    ui::{Icon, Shape, SkeletonLines},
};

/// The page.
#[component]
pub fn AccountPage(
    /// Whose.
    id: SubAccountId,
    /// Its payments, in place of everything else.
    payments: bool,
) -> impl IntoView {
    let desk = desk();
    let failed = RwSignal::new(None::<ApiError>);
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
    let epoch = desk.store.epoch();
    Effect::new(move || {
        epoch.track();
        load();
    });
    let account = desk.store.account(id);
    let known = Memo::new(move |_| account.with(Option::is_some));
    move || {
        let known = known.get();
        match (desk.store.row(id).filter(|_| known), failed.get()) {
            (Some(account), _) => {
                view! { <Known account=account.into() payments=payments /> }.into_any()
            }
            (None, Some(error)) if error.is_not_found() => view! { <NotFoundPage /> }.into_any(),
            (None, Some(error)) => {
                view! { <h1 class="unseen">"Account"</h1> <Trouble error=error on_retry=load /> }
                    .into_any()
            }
            (None, None) => view! { <OnItsWay /> }.into_any(),
        }
    }
}

#[component]
fn OnItsWay() -> impl IntoView {
    view! {
        <h1 class="unseen">"Account"</h1>
        <div class="card section" aria-busy="true">
            <SkeletonLines count=5 />
        </div>
    }
}

#[component]
fn Known(account: Signal<AccountSnapshot>, payments: bool) -> impl IntoView {
    let id = account.with_untracked(|account| account.id);
    let page = Route::Account { id, dialog: None };
    let paid = Route::Payments { id, refund: None }.href();
    let close = page.with_dialog(id, Step::Close).href();
    let is_open = move || account.with(|account| account.funding.closed.is_none());
    let name = move || account.with(|account| account.name.to_string());
    let external_id = move || account.with(|account| account.external_id.clone());
    let statements = move || account.with(|account| statements_of(account.id));
    view! {
        <header class="page-head">
            <div>
                <a class="back" href=if payments { page.href() } else { Route::accounts().href() }>
                    <Icon shape=Shape::Back />
                    {if payments { "Account" } else { "Accounts" }}
                </a>
                <h1>{name}</h1>
                <p class="quiet">
                    {external_id} " · " <a href=statements target="_blank">"Statements and receipts"</a>
                    " · " <a href=paid>"Payments"</a>
                    <Show when=is_open>" · " <a href=close.clone()>"Close account…"</a></Show>
                </p>
            </div>
            <AgencyBalance />
        </header>
        {if payments {
            view! { <Payments account=account /> }.into_any()
        } else {
            view! { <Sections account=account /> }.into_any()
        }}
    }
}

#[component]
fn Sections(account: Signal<AccountSnapshot>) -> impl IntoView {
    view! {
        <div class="account-page">
            <Overview account=account />
            <History account=account />
            <div class="account-books">
                <Usage account=account />
                <Books account=account />
            </div>
        </div>
    }
}
