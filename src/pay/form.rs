//! The form: who asks, for what, how much, the card, one button.

use billing::api::PayView;
use leptos::{ev, prelude::*};

use super::{
    amount::{self, Amount, AmountField},
    card::{Card, CardState},
    complaint::Complaint,
    desk::{Desk, Step},
    waiting::Alert,
};
use crate::{
    browser,
    ui::{Button, Kind},
};

/// From how many characters or lines on a message is shown folded: the form should be near.
const LONG_MESSAGE_CHARS: usize = 500;
const LONG_MESSAGE_LINES: usize = 8;

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
        <form class="pay-form" class:pay-busy=busy novalidate on:submit=submit>
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
                <Button kind=Kind::Big submit=true busy=busy>
                    {move || busy.get().then(|| view! { <span class="pay-spinner" aria-hidden="true"></span> })}
                    {label}
                </Button>
                <small class="pay-terms">{terms}</small>
            </div>
        </form>
    }
}

/// What the agency wrote, as plain text with its line ends. A long one is folded.
#[component]
fn Letter(text: String, agency: String) -> impl IntoView {
    let long =
        text.chars().count() > LONG_MESSAGE_CHARS || text.lines().count() > LONG_MESSAGE_LINES;
    let whole = RwSignal::new(!long);
    let unfold = move || {
        long.then(|| {
            view! {
                <button
                    type="button"
                    aria-expanded=move || whole.get().to_string()
                    on:click=move |_| whole.update(|whole| *whole = !*whole)
                >
                    {move || if whole.get() { "Show less of the message" } else { "Show the whole message" }}
                </button>
            }
        })
    };
    view! {
        <figure class="pay-letter">
            <figcaption class="unseen">{format!("Message from {agency}")}</figcaption>
            <p class:cut=move || !whole.get()>{text}</p>
            {unfold()}
        </figure>
    }
}
