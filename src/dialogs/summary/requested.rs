//! A customer has been asked, or is paying.

use ::billing::{
    Money, RequestId, SubAccountId,
    api::{AccountSnapshot, FundingAnswer},
    funding::{BillingRequest, Command, can},
};
use leptos::prelude::*;

use super::facts::Facts;
use crate::{
    api::{self, ApiError, Guard},
    components::{ago, date_time, exact_text, left},
    dialogs::{
        attempt::Attempt,
        link::CopyLink,
        refused::{Reason, Refused},
    },
    routes::Step,
    state::desk,
    ui::Button,
};

type Answer = Result<FundingAnswer, ApiError>;

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
    let asks_for_usage = Memo::new(move |_| {
        account
            .with(|account| account.funding.open_request().is_some_and(|open| open.usage.is_some()))
    });
    let button = move |order| {
        move || {
            request.get().map(|request| {
                view! { <OrderButton account=account request=request order=order /> }
            })
        }
    };
    let step = move |step| desk.route.get().with_dialog(id, step).href();
    view! {
        <Facts facts=Signal::derive(move || facts().unwrap_or_default()) />
        <div class="actions">
            {button(Order::Resend)}
            {button(Order::AskForUsage)}
            {move || asks_for_usage.get().then(|| button(Order::NoUsage))}
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
    if let Some(usage) = open.usage {
        let words = format!("{}, counted until {}", usage.amount, date_time(usage.until));
        facts.insert(2, ("Usage on top", words));
    }
    if let Some(failure) = &open.last_failure {
        let words = format!("{}, {}", failure.words(), ago(failure.at, now));
        facts.push(("Last try", words));
        facts.push(("In the bank's words", failure.message.clone()));
    }
    facts
}

/// What a button asks the server to do with the open request.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    Resend,
    AskForUsage,
    NoUsage,
}

impl Order {
    fn words(self) -> &'static str {
        match self {
            Self::Resend => "Resend e-mail",
            Self::AskForUsage => "Ask for usage so far",
            Self::NoUsage => "Don't ask for usage",
        }
    }

    fn reason_id(self) -> &'static str {
        match self {
            Self::Resend => "resend-reason",
            Self::AskForUsage => "usage-reason",
            Self::NoUsage => "no-usage-reason",
        }
    }

    /// The command, as far as it can be judged here: the server knows what usage has cost.
    fn command(self, request: RequestId, coin: Money) -> Command {
        match self {
            Self::Resend => Command::ResendRequest { request },
            Self::AskForUsage => Command::AskForUsage { request, amount: Some(coin) },
            Self::NoUsage => Command::AskForUsage { request, amount: None },
        }
    }

    async fn send(self, id: SubAccountId, request: RequestId, guard: Guard) -> Answer {
        match self {
            Self::Resend => api::resend_request(id, request, &guard).await,
            asks => api::ask_for_usage(id, request, asks == Self::AskForUsage, &guard).await,
        }
    }
}

#[component]
fn OrderButton(
    account: Signal<AccountSnapshot>,
    request: RequestId,
    order: Order,
) -> impl IntoView {
    let desk = desk();
    let attempt = Attempt::default();
    let id_of_reason = order.reason_id();
    let reason = Memo::new(move |_| {
        account.with(|account| {
            let coin = Money::from_minor(1, account.customer_balance.currency()).ok()?;
            let command = order.command(request, coin);
            let judged = desk.judge(account.customer_balance, |context| {
                can(&account.funding, &command, context)
            });
            judged.err().map(|refusal| refusal.to_string())
        })
    });
    let send = move |()| {
        let id = account.with_untracked(|account| account.id);
        let call = move |guard| order.send(id, request, guard);
        attempt.send(desk, id, request.to_string(), call, move |account| {
            let Some(open) = account.funding.open_request() else { return };
            desk.toaster.tell(match (order, open.usage) {
                (Order::Resend, _) => format!("E-mail is on its way to {}", open.email),
                (_, Some(usage)) => format!("{} of usage is asked for on top", usage.amount),
                (_, None) => "Usage is no longer asked for".to_owned(),
            });
            if order == Order::Resend {
                desk.leave_dialog();
            }
        });
    };
    view! {
        <div class="actions-news">
            <Refused attempt=attempt />
            <Reason id=id_of_reason reason=reason />
        </div>
        <Button
            busy=attempt.pending()
            disabled=Signal::derive(move || reason.get().is_some())
            described_by=id_of_reason
            on_press=send
        >
            {order.words()}
        </Button>
    }
}
