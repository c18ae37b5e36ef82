//! How it ended: paid, paid back, or a link that is dead. Each says what to do next, if there is anything.

use billing::{
    Money, Timestamp,
    api::{PayState, PayView},
    funding::Card,
};
use leptos::prelude::*;

use super::{part::paragraph, stage::is_top_up};
use crate::browser;

/// The receipt.
pub fn receipt(view: &PayView, amount: Money, paid_at: Timestamp, card: Option<Card>) -> AnyView {
    let PayView { agency_name, account_name, email, .. } = view;
    let facts = [
        ("Amount", Some(amount.text())),
        ("Of it for usage since you were asked", view.usage.map(Money::text)),
        ("Card", card.map(|card| card.label())),
        ("Date", Some(browser::date_time(paid_at.millis()))),
        ("Account", Some(account_name.to_string())),
        ("Paid to", Some(agency_name.to_string())),
    ];
    let (payer, told) = match view.balance {
        Some(balance) => (format!("There is {balance} on the balance now."), "You".to_owned()),
        None => {
            let payer = format!("From now on {account_name} is paid from this balance.");
            (payer, format!("{agency_name} has been told; you"))
        }
    };
    let told = format!("A receipt is on its way to {email}. {told} can close this page.");
    view! {
        {facts_list(facts.map(|(name, text)| (name.to_owned(), text)).into())}
        <section class="pay-next">
            <h2>"What happens now"</h2>
            {paragraph("pay-payer", payer)}
            {paragraph("", told)}
        </section>
    }
    .into_any()
}

/// Names and what they are; those that are nothing are left out.
pub fn facts_list(facts: Vec<(String, Option<String>)>) -> AnyView {
    let fact = |(name, text): (String, Option<String>)| {
        let row = |text| {
            view! {
                <div>
                    <dt>{name}</dt>
                    <dd>{text}</dd>
                </div>
            }
        };
        text.map(|text| row(text).into_any())
    };
    let facts: Vec<AnyView> = facts.into_iter().filter_map(fact).collect();
    view! { <dl class="pay-facts">{facts}</dl> }.into_any()
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
            &match is_top_up(view) {
                true => "If you still want to pay, go back to where you came from and choose Top up again.".to_owned(),
                false => format!("If you still want to pay, ask {agency} to send a new link to {email}."),
            },
        ]),
        PayState::AgencyPays => say(&[
            &format!("{agency} has taken billing back: usage of {account} is paid from the agency's balance. Nothing was charged."),
            &format!("If that surprises you, ask {agency}."),
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
