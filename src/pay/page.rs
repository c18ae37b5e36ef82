//! The page under the agency's name: the form, or what has become of it, and what holds for the link as a whole.

use billing::api::{PayState, PayView};
use leptos::prelude::*;

use super::{
    desk::Desk,
    ending::{advice, receipt},
    form::pay_form,
    part::{nothing, paragraph, part, top},
    stage::{Stage, is_top_up},
    trouble::trouble_page,
    waiting::{authentication, processing},
};
use crate::browser;

/// What comes under the form's heading.
const LEAD: &str = "From your first payment on, usage is paid from a balance of your own, which you pay in advance.";

/// The whole page.
pub fn page(desk: Desk) -> impl IntoView {
    let form = move || {
        if !desk.has_form() {
            return nothing();
        }
        let Some(view) = desk.view() else { return nothing() };
        let heading = Stage::Form.heading(Some(&view));
        let hidden = part_is_hidden(desk);
        view! {
            <div class="pay-column" hidden=hidden>
                {lead(heading, &view)}
                {pay_form(desk, &view)}
            </div>
        }
        .into_any()
    };
    (part(move || other(desk)), part(form), part(move || foot(desk)))
}

/// The heading of the form, and what the page is about.
fn lead(heading: String, view: &PayView) -> AnyView {
    let Some(balance) = view.balance else { return top(heading, LEAD) };
    let now = format!("There is {balance} on the balance. Usage is paid from it.");
    (top(heading, ""), paragraph("quiet", now)).into_any()
}

/// The form stays where it is, unseen, while another page stands in its place.
fn part_is_hidden(desk: Desk) -> Box<dyn FnMut() -> bool + Send> {
    Box::new(move || desk.stage() != Stage::Form)
}

/// Every stage but the form.
fn other(desk: Desk) -> AnyView {
    let stage = desk.stage();
    let view = desk.view();
    let heading = stage.heading(view.as_deref());
    let content = match (stage, view) {
        (Stage::Form, _) | (Stage::State(_), None) => return nothing(),
        (Stage::Trouble(trouble), _) => trouble_page(desk, &trouble),
        (Stage::State(state), Some(view)) => in_state(desk, &view, state),
    };
    view! {
        <div class="pay-column">
            {top(heading, "")}
            {content}
        </div>
    }
    .into_any()
}

fn in_state(desk: Desk, view: &PayView, state: PayState) -> AnyView {
    match state {
        PayState::Processing { amount } => processing(desk, view, amount),
        PayState::ActionRequired { amount, client_secret } => {
            authentication(desk, amount, client_secret)
        }
        PayState::Paid { amount, paid_at, card } => receipt(view, amount, paid_at, card),
        state => paragraphs("pay-say", advice(view, &state)),
    }
}

/// What holds for the link as a whole.
fn foot(desk: Desk) -> AnyView {
    let stage = desk.stage();
    let Some(view) = desk.view() else { return nothing() };
    let mut lines = Vec::new();
    if stage == Stage::Form {
        let until = browser::date_time(view.expires_at.millis());
        let mailed = match is_top_up(&view) {
            true => format!("The receipt goes to {}.", view.email),
            false => format!("Mailed to {}.", view.email),
        };
        lines.push(format!("{mailed} The link works until {until}."));
    }
    if view.gateway.test_mode {
        lines.push("Test mode: no real money moves".to_owned());
    }
    if lines.is_empty() { nothing() } else { paragraphs("pay-foot quiet", lines) }
}

fn paragraphs(class: &'static str, texts: Vec<String>) -> AnyView {
    let all: Vec<AnyView> = texts.into_iter().map(|text| paragraph("", text)).collect();
    view! { <div class=class>{all}</div> }.into_any()
}
