//! The form: what the agency wrote, how much, the card, one button.

use billing::{Money, api::PayView};
use leptos::{ev, prelude::*};

use super::{
    amount::{self, Amount, amount_field},
    card::card_fields,
    desk::{Desk, Step},
    ending::facts_list,
    part::{flag, go, nothing, paragraph, part, text},
    waiting::alert,
};
use crate::browser;

/// How much of a message is shown unasked, in characters and lines: the form should be near.
const SHOWN_CHARS: usize = 500;
const SHOWN_LINES: usize = 10;

/// The form. It stays as it is while a payment is under way, for the case that it fails.
pub fn pay_form(desk: Desk, view: &PayView) -> AnyView {
    let amount = Amount::new(desk, view);
    let busy = move || desk.step() != Step::Idle;
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        match amount.judge() {
            Some(amount) => desk.pay(amount),
            None => {
                browser::focus(amount::FIELD);
            }
        }
    };
    let label = move || {
        let sum = amount.total().map(|amount| format!(" {amount}")).unwrap_or_default();
        match desk.step() {
            Step::Idle => format!("Pay{sum}"),
            Step::Card => "Checking the card…".to_owned(),
            Step::Paying | Step::Authenticating => format!("Paying{sum}…"),
        }
    };
    let agency = &view.agency_name;
    let asked_at = browser::date_time(view.requested_at.millis());
    let of_usage =
        format!("Usage of {} since {asked_at}, which {agency} has paid", view.account_name);
    // While the amount is none that can be paid, what comes on top of it still stands there.
    let on_top = part(move || {
        let Some(usage) = desk.usage() else { return nothing() };
        let line = |name: &str, sum: Option<Money>| (name.to_owned(), sum.map(Money::text));
        facts_list(vec![
            line("Your balance", amount.payable()),
            line(&of_usage, Some(usage)),
            line("Total", amount.total()),
        ])
    });
    let terms = format!(
        "By paying you agree that the balance moves to {agency} if they take billing back, unless they refund it to \
         your card."
    );
    let note = format!(
        "Entered in the payment provider's own fields; neither {agency} nor this page sees it."
    );
    view! {
        {letter(view)}
        <form class="pay-form" aria-busy=flag(busy) novalidate on:submit=submit>
            {amount_field(desk, amount, view)}
            {card_fields(desk, amount, note)}
            {on_top}
            <div class="pay-final">
                {alert(desk, true)}
                {go(text(label), flag(busy), None)}
                {paragraph("pay-terms quiet", terms)}
            </div>
        </form>
    }
    .into_any()
}

/// What the agency wrote, as plain text with its line ends. The rest of a long one is folded away.
fn letter(view: &PayView) -> AnyView {
    let Some(message) = &view.message else { return nothing() };
    let (start, rest) = fold(message.as_str());
    let rest = if rest.is_empty() {
        nothing()
    } else {
        view! {
            <details>
                <summary>"The rest of the message"</summary>
                {paragraph("", rest.to_owned())}
            </details>
        }
        .into_any()
    };
    view! {
        <figure class="pay-letter">
            <figcaption class="unseen">{format!("Message from {}", view.agency_name)}</figcaption>
            {paragraph("", start.to_owned())}
            {rest}
        </figure>
    }
    .into_any()
}

/// Cuts a long message at the end of a word or a line.
fn fold(text: &str) -> (&str, &str) {
    let by_lines = text.match_indices('\n').nth(SHOWN_LINES - 1).map(|(at, _)| at);
    let by_chars = text.char_indices().nth(SHOWN_CHARS).map(|(at, _)| at);
    let Some(at) = by_lines.into_iter().chain(by_chars).min() else { return (text, "") };
    let start = text.get(..at).unwrap_or(text);
    let word = start.rfind(char::is_whitespace).filter(|_| Some(at) != by_lines);
    let (start, rest) = text.split_at_checked(word.unwrap_or(at)).unwrap_or((text, ""));
    (start, rest.trim_start())
}
