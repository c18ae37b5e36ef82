//! The form: who asks, for what, how much, the card, one button.

use billing::api::PayView;
use leptos::{ev, prelude::*};

use super::{
    amount::{self, Amount, AmountField},
    card::{Card, CardState},
    complaint::Complaint,
    desk::{Desk, Step},
    part::{Go, flag, text},
    waiting::Alert,
};
use crate::browser;

/// How much of a message is shown unasked, in characters and lines: the form should be near.
const SHOWN_CHARS: usize = 500;
const SHOWN_LINES: usize = 10;

/// The form. It stays as it is while a payment is under way, for the case that it fails.
#[component]
pub fn PayForm(
    /// The page's state.
    desk: Desk,
    /// What the link is about.
    view: PayView,
    /// Another page stands in its place for now.
    hidden: Signal<bool>,
) -> impl IntoView {
    let amount = Amount::new(&view);
    let card = RwSignal::new(CardState::Loading);
    let step = desk.step();
    let busy = Signal::derive(move || step.get() != Step::Idle);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        amount.judge();
        match untrack(move || amount.payable()) {
            None => {
                browser::focus(amount::FIELD);
            }
            Some(_) if card.get_untracked() != CardState::Ready => {
                desk.complain(Complaint::not_loaded());
            }
            Some(amount) => desk.pay(amount),
        }
    };
    let complaint = desk.complaint();
    let complaint = Signal::derive(move || complaint.get().filter(|_| !hidden.get()));
    let sum = move || amount.payable().map(|amount| amount.text());
    let label = move || match (step.get(), sum()) {
        (Step::Idle, Some(sum)) => format!("Pay {sum}"),
        (Step::Idle, None) => "Pay".to_owned(),
        (Step::Card, _) => "Checking the card…".to_owned(),
        (Step::Paying | Step::Authenticating, Some(sum)) => format!("Paying {sum}…"),
        (Step::Paying | Step::Authenticating, None) => "Paying…".to_owned(),
    };
    let agency = view.agency_name.to_string();
    let terms = format!(
        "By paying you agree that the balance moves to {agency} if they take billing back, unless they refund it to \
         your card."
    );
    view! {
        <Letter text=view.message.to_string() agency=agency.clone() />
        <form class="pay-form" aria-busy=flag(move || busy.get()) novalidate on:submit=submit>
            <AmountField amount=amount view=view.clone() locked=busy />
            <Card
                gateway=view.gateway
                agency=agency
                amount=Signal::derive(move || amount.payable())
                state=card
                on_change=move |()| desk.card_changed()
            />
            <div class="pay-final">
                <Alert complaint=complaint />
                <Go label=text(label) busy=busy />
                <small class="pay-terms">{terms}</small>
            </div>
        </form>
    }
}

/// What the agency wrote, as plain text with its line ends. The rest of a long one is folded away.
#[component]
fn Letter(text: String, agency: String) -> impl IntoView {
    let (start, rest) = fold(&text);
    let rest = (!rest.is_empty()).then(|| {
        view! {
            <details>
                <summary>"The rest of the message"</summary>
                <p>{rest.to_owned()}</p>
            </details>
        }
    });
    view! {
        <figure class="pay-letter">
            <figcaption class="unseen">{format!("Message from {agency}")}</figcaption>
            <p>{start.to_owned()}</p>
            {rest}
        </figure>
    }
}

/// Cuts a long message at the end of a word or a line.
fn fold(text: &str) -> (&str, &str) {
    let by_lines = text.match_indices('\n').nth(SHOWN_LINES - 1).map(|(at, _)| at);
    let by_chars = text.char_indices().nth(SHOWN_CHARS).map(|(at, _)| at);
    let Some(at) = by_lines.into_iter().chain(by_chars).min() else { return (text, "") };
    let start = text.get(..at).unwrap_or(text);
    let end = start.rfind(char::is_whitespace).filter(|_| Some(at) != by_lines).unwrap_or(at);
    text.split_at_checked(end).map_or((text, ""), |(start, rest)| (start, rest.trim_start()))
}
