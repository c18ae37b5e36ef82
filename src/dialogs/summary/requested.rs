//! A customer has been asked, or is paying.

use ::billing::{
    RequestId,
    api::AccountSnapshot,
    funding::{BillingRequest, Command, can},
};
use leptos::prelude::*;

use super::facts::Facts;
use crate::{
    api,
    components::{ago, date_time, exact_text, failure_words, left},
    dialogs::{
        attempt::Attempt,
        link::CopyLink,
        refused::{Reason, Refused},
    },
    routes::Step,
    state::desk,
    ui::Button,
};

/// Whom, when, until when, opened or not; resend, replace, copy, revoke.
#[component]
pub fn RequestOut(account: Signal<AccountSnapshot>) -> impl IntoView {
    let desk = desk();
    let id = account.with_untracked(|account| account.id);
    let request = Memo::new(move |_| {
        account.with(|account| account.funding.open_request().map(|request| request.id))
    });
    let facts = move || {
        let now = desk.now.get();
        account.with(|account| account.funding.open_request().map(|open| facts_of(open, now)))
    };
    let step = move |step| desk.route.get().with_dialog(id, step).href();
    view! {
        <Facts facts=Signal::derive(move || facts().unwrap_or_default()) />
        <div class="actions">
            {move || request.get().map(|request| view! { <Resend account=account request=request /> })}
            <a class="button" href=move || step(Step::Remove) data-replace="">
                "Replace terms…"
            </a>
            <a class="button danger" href=move || step(Step::Revoke) data-replace="">
                "Revoke…"
            </a>
            {move || request.get().map(|request| view! { <CopyLink account=id request=request /> })}
        </div>
    }
}

fn facts_of(open: &BillingRequest, now: ::billing::Timestamp) -> Vec<(&'static str, String)> {
    let opened = open.opened_at.map_or_else(|| "not yet".to_owned(), |at| ago(at, now));
    let sent = match open.sends {
        0 | 1 => format!("{}, by {}", ago(open.requested_at, now), open.requested_by.label()),
        sends => format!(
            "{}, by {}; mailed {sends} times",
            ago(open.requested_at, now),
            open.requested_by.label()
        ),
    };
    let mut facts = vec![
        ("Requested from", open.email.to_string()),
        ("Starting balance", exact_text(open.starting_balance)),
        ("Sent", sent),
        ("Opened", opened),
        ("Expires", format!("{} ({})", date_time(open.expires_at), left(open.expires_at, now))),
    ];
    if let Some(failure) = &open.last_failure {
        let words = format!("{}, {}", failure_words(failure), ago(failure.at, now));
        facts.push(("Last try", words));
        facts.push(("In the bank's words", failure.message.clone()));
    }
    facts
}

#[component]
fn Resend(account: Signal<AccountSnapshot>, request: RequestId) -> impl IntoView {
    let desk = desk();
    let attempt = Attempt::default();
    let reason = Memo::new(move |_| {
        let command = Command::ResendRequest { request };
        account.with(|account| {
            let judged = desk.judge(account.customer_balance, |context| {
                can(&account.funding, &command, context)
            });
            judged.err().map(|refusal| refusal.to_string())
        })
    });
    let send = move |_| {
        let id = account.with_untracked(|account| account.id);
        let call = move |guard| async move { api::resend_request(id, request, &guard).await };
        attempt.send(desk, id, request.to_string(), call, move |account| {
            if let Some(open) = account.funding.open_request() {
                desk.toaster.tell(format!("E-mail is on its way to {}", open.email));
            }
            desk.leave_dialog();
        });
    };
    view! {
        <div class="actions-news">
            <Refused attempt=attempt />
            <Reason id="resend-reason" reason=reason />
        </div>
        <Button
            busy=attempt.pending()
            disabled=Signal::derive(move || reason.get().is_some())
            described_by="resend-reason"
            on:click=send
        >
            "Resend e-mail"
        </Button>
    }
}
