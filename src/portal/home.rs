//! All that a client user belongs to, at a glance.

use billing::api::{ClientAccount, ReportBy};
use leptos::prelude::*;

use super::{
    desk::desk,
    report,
    words::{payer, standing},
};
use crate::{
    api,
    components::{Amount, PagesView, Trouble, date},
    routes::{ClientRoute, query},
    ui::{Blank, Gate, Side, SkeletonLines},
};

/// The page.
#[component]
pub fn HomePage() -> impl IntoView {
    let desk = desk();
    let accounts = desk.accounts();
    let lead = move || {
        let count = accounts.with(|all| all.as_ref().map(Vec::len));
        count.map(|count| {
            let noun = if count == 1 { "account" } else { "accounts" };
            format!("{count} {noun} with {}", desk.agency())
        })
    };
    let by_type = query(&[("by", ReportBy::Type.name())]);
    let pages = desk.pages(Signal::stored(api::client_report(&by_type)));
    view! {
        <header class="page-head">
            <div>
                <h1>"Your accounts"</h1>
                <p class="quiet">{lead}</p>
            </div>
        </header>
        {move || match (accounts.get(), desk.failed()) {
            (Some(all), _) if all.is_empty() => view! { <Nothing /> }.into_any(),
            (Some(all), _) => {
                view! {
                    <ul class="client-accounts">{all.into_iter().map(card).collect_view()}</ul>
                }
                    .into_any()
            }
            (None, Some(error)) => {
                view! { <Trouble error=error on_retry=move |()| desk.load() /> }.into_any()
            }
            (None, None) => {
                view! {
                    <div class="client-accounts" aria-busy="true">
                        <div class="card client-account">
                            <SkeletonLines count=4 />
                        </div>
                        <div class="card client-account">
                            <SkeletonLines count=4 />
                        </div>
                    </div>
                }
                    .into_any()
            }
        }}
        <PagesView pages=pages label="Usage in the last 30 days" show=report::table />
    }
}

fn card(account: ClientAccount) -> AnyView {
    let desk = desk();
    let side = if account.balance.is_some() { Side::End } else { Side::Start };
    let page = ClientRoute::Account { id: account.id }.href();
    let figure = match account.balance {
        Some(balance) => view! {
            <dl class="figure">
                <dt>"Your balance"</dt>
                <dd>
                    <Amount money=balance />
                </dd>
            </dl>
        }
        .into_any(),
        None => view! { <p class="quiet">"Nothing is due from you."</p> }.into_any(),
    };
    let (name, external_id) = (account.name.to_string(), account.external_id.clone());
    view! {
        <li class="card client-account">
            <div>
                <h2>
                    <a href=page>{name}</a>
                </h2>
                <small>{external_id}</small>
            </div>
            {figure}
            <div class="payer">
                <Gate side=side />
                <div>
                    <span>{payer(&account, &desk.agency())}</span>
                    <small>{format!("since {}", date(account.since))}</small>
                </div>
                {standing(&account)}
            </div>
        </li>
    }
    .into_any()
}

#[component]
fn Nothing() -> impl IntoView {
    let title = "No account is yours to see";
    view! {
        <Blank title=title>
            <p>{format!("{} decides which accounts you see. Ask them if one is missing.", desk().agency())}</p>
        </Blank>
    }
}
