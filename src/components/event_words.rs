//! Everything that happened to an account's funding, in words, newest first.

use billing::funding::{Closure, Event, Payer, Recorded, ReturnChoice};
use leptos::prelude::*;

use super::{
    amount::exact_text,
    status::failure_words,
    when::{ago, date_time},
};
use crate::state::desk;

/// The events as a list.
#[component]
pub fn EventList(
    /// Oldest first, as they come.
    events: Vec<Recorded>,
) -> impl IntoView {
    let now = desk().now;
    let item = move |recorded: Recorded| {
        let (at, by) = (recorded.at, recorded.actor.label());
        view! {
            <li>
                <span>{words(&recorded.event)}</span>
                <small>
                    <time datetime=at.to_string() title=date_time(at)>{move || ago(at, now.get())}</time>
                    " · "
                    {by}
                </small>
            </li>
        }
    };
    view! { <ol class="events">{events.into_iter().rev().map(item).collect_view()}</ol> }
}

fn words(event: &Event) -> String {
    match event {
        Event::BillingRequested { email, starting_balance, .. } => {
            format!("Asked {email} to take over, from {}", exact_text(*starting_balance))
        }
        Event::UsageAsked { amount, .. } => match amount {
            Some(amount) => format!("Asked for {amount} of usage on top"),
            None => "Usage no longer asked for".to_owned(),
        },
        Event::RequestResent { .. } => "Request mailed once more".to_owned(),
        Event::RequestOpened { .. } => "Link opened".to_owned(),
        Event::RequestClosed { closure, email, .. } => match closure {
            Closure::Revoked => format!("Request to {email} withdrawn"),
            Closure::Expired => format!("Request to {email} expired"),
            Closure::Replaced => format!("Request to {email} replaced"),
            Closure::Paid => format!("Request to {email} paid"),
        },
        Event::PaymentStarted { amount, card, .. } => {
            format!("Payment of {} begun with {}", exact_text(*amount), card.label())
        }
        Event::PaymentNeedsAction { .. } => "The bank asks the customer to authenticate".to_owned(),
        Event::PaymentCancelAsked { .. } => "Payment no longer wanted: cancelling it".to_owned(),
        Event::PaymentFailed { failure, .. } => failure_words(failure),
        Event::PaymentCredited { amount, usage: Some(usage), .. } => {
            format!("{amount} paid, {usage} of it for usage")
        }
        Event::PaymentCredited { amount, .. } => {
            format!("{} added to the customer's balance", exact_text(*amount))
        }
        Event::PaymentRejected { amount, .. } => {
            format!("{} came too late and is paid back", exact_text(*amount))
        }
        Event::SwitchedToCustomer { email, late, .. } => {
            let late = if *late { ", after the request had ended" } else { "" };
            format!("Customer billing began: {email} paid{late}")
        }
        Event::CardChanged { card: Some(card) } => {
            format!("{} is charged from now on", card.label())
        }
        Event::CardChanged { card: None } => "Card removed".to_owned(),
        Event::RefundAsked { amount, .. } => format!("Refund of {} asked for", exact_text(*amount)),
        Event::DisputeOpened { amount, .. } => {
            format!("Payment of {} disputed", exact_text(*amount))
        }
        Event::DisputeClosed { amount, won, .. } => {
            let how = if *won { "won" } else { "lost" };
            format!("Dispute over {} {how}", exact_text(*amount))
        }
        Event::AccountClosed => "Account closed".to_owned(),
        Event::AccountReopened => "Account opened again".to_owned(),
        Event::ReturnAsked { .. } => {
            "Added to agency billing: waits for a payment under way".to_owned()
        }
        Event::ReturnedToAgency { choice, moved, .. } => match choice {
            ReturnChoice::Transfer => {
                format!("Agency billing began: {} moved to the agency", exact_text(*moved))
            }
            ReturnChoice::Refund => "Agency billing began: balance refunded to the card".to_owned(),
        },
        Event::RefundSettled { amount, .. } => {
            format!("Refund of {} reached the card", exact_text(*amount))
        }
        Event::RefundFailed { amount, to, .. } => {
            let whose = match to {
                Payer::Agency => "agency's",
                Payer::Customer => "customer's",
            };
            format!("Refund of {} failed: it is on the {whose} balance", exact_text(*amount))
        }
    }
}
