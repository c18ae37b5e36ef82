//! How it ended: paid, paid back, or a link that is dead. Each says what to do next, if there is anything.

use billing::{
    Money, Timestamp,
    api::{PayState, PayView},
    funding::Card,
};
use leptos::prelude::*;

use super::part::begin;
use crate::{
    browser,
    ui::{Gate, Side},
};

/// The pause before the gate on the receipt moves: long enough to be seen.
const GATE_MOVES_AFTER_MILLIS: i32 = 300;

/// The receipt.
#[component]
pub fn Paid(
    /// What the link is about.
    view: PayView,
    /// How much.
    amount: Money,
    /// When.
    paid_at: Timestamp,
    /// With what.
    card: Option<Card>,
) -> impl IntoView {
    let side = RwSignal::new(Side::Start);
    begin(async move {
        browser::sleep(GATE_MOVES_AFTER_MILLIS).await;
        side.try_set(Side::End);
    });
    let PayView { agency_name, account_name, email, .. } = view;
    let fact = |name: &'static str, text: String| {
        view! {
            <div>
                <dt>{name}</dt>
                <dd>{text}</dd>
            </div>
        }
    };
    view! {
        <dl class="pay-facts">
            {fact("Amount", amount.text())}
            {card.map(|card| fact("Card", card.label()))}
            {fact("Date", browser::date_time(paid_at.millis()))}
            {fact("Account", account_name.to_string())}
            {fact("Paid to", agency_name.to_string())}
        </dl>
        <section class="pay-next">
            <h2>"What happens now"</h2>
            <p class="pay-payer">
                <Gate side=side />
                <span>{format!("From now on {account_name} is paid from this balance.")}</span>
            </p>
            <p>{format!("A receipt is on its way to {email}. {agency_name} has been told; you can close this page.")}</p>
        </section>
    }
}

/// What to do about a link that no longer leads to a payment.
pub fn advice(view: &PayView, state: &PayState) -> Vec<String> {
    let PayView { agency_name: agency, account_name: account, email, .. } = view;
    let say = |sentences: &[&str]| sentences.iter().map(ToString::to_string).collect();
    match state {
        PayState::PaidBack { amount } => say(&[
            &format!(
                "Another payment for {account} came first, or the request was called off meanwhile. Your {amount} is on its \
                 way back to your card; banks take five to ten days to show it."
            ),
            &format!("There is nothing to do. If it does not arrive, write to {agency}."),
        ]),
        PayState::AlreadyPaid => say(&[
            &format!("Somebody has paid for {account} meanwhile. Nothing was charged to you."),
            &format!("There is nothing to do. If that surprises you, ask {agency}."),
        ]),
        PayState::Expired => say(&[
            &format!(
                "It could be used until {}. Nothing was charged.",
                browser::date_time(view.expires_at.millis())
            ),
            &format!("If you still want to pay, ask {agency} to send a new link to {email}."),
        ]),
        PayState::Revoked => say(&[
            &format!("{agency} called it off. Nothing was charged, and there is nothing to pay."),
            &format!("If that surprises you, ask {agency} for a new link."),
        ]),
        PayState::Replaced => say(&[
            &format!(
                "{agency} has sent a new request since, with terms of its own. Nothing was charged."
            ),
            &format!("Use the link in the newest e-mail to {email}."),
        ]),
        PayState::Open { .. }
        | PayState::Processing { .. }
        | PayState::ActionRequired { .. }
        | PayState::Paid { .. } => Vec::new(),
    }
}
