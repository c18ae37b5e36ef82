//! What was paid for an account: each payment, what went back of it, what its cardholder disputes, and what can be refunded.

use billing::{api::AccountSnapshot, funding::Card};
use leptos::prelude::*;

use crate::{
    api,
    browser::Json,
    components::PagesView,
    routes::Route,
    state::{Pages, desk},
    ui::Html,
};

/// The section.
#[component]
pub fn Payments(account: Signal<AccountSnapshot>) -> impl IntoView {
    let id = account.with_untracked(|account| account.id);
    // What is left of the balance decides what can be refunded.
    let moved = Signal::derive(move || {
        account.with(|account| format!("{} {}", account.customer_balance, account.funding.version))
    });
    let pages = Pages::of(desk(), Signal::stored(api::payments(id)), moved);
    view! { <PagesView pages=pages label="Payments" show=lines /> }
}

const COLUMNS: &[(&str, &str)] = &[
    ("Begun", "cell-date"),
    ("Card", ""),
    ("Amount", "money"),
    ("State", ""),
    ("Back to the card", ""),
];

fn lines(pages: &[Json], html: &mut Html) {
    if pages.first().is_some_and(|page| page.list("payments").is_empty()) {
        html.tag("<p class=quiet>Nobody has paid for this account yet.</p>");
        return;
    }
    html.table("Payments, newest first", COLUMNS);
    let route = desk().route.get_untracked();
    for page in pages {
        for payment in page.list("payments") {
            row(&payment, &route, html);
        }
    }
    html.tag("</table>");
}

fn row(payment: &Json, route: &Route, html: &mut Html) {
    html.cell(&payment.when("started_at"), "", purpose(&payment.text("for")), "");
    let card = payment.wire::<Card>("card").map(|card| card.label()).unwrap_or_default();
    html.cell(&card, "", &payment.text("email"), "");
    html.fact(&payment.money("amount"));
    html.cell(state(&payment.text("status")), "", &why(payment), &attention(payment));
    let back: Vec<_> = payment.list("refunds").iter().map(refund).collect();
    if payment.has("refundable") {
        let words = format!("Refund up to {}…", payment.money("refundable"));
        let href = route.refund(&payment.text("id")).href();
        html.cell(&words, &href, &back.join("\n"), "");
    } else if back.is_empty() {
        let why =
            if payment.has("settled_at") { payment.text("not_refundable") } else { String::new() };
        html.cell("", "", &why, "");
    } else {
        html.fact(&back.join("\n"));
    }
}

fn purpose(word: &str) -> &'static str {
    match word {
        "switch" => "First payment",
        "recharge" => "Auto-recharge",
        _ => "Top-up",
    }
}

fn state(word: &str) -> &'static str {
    match word {
        "settled" => "Paid",
        "failed" => "Failed",
        "action_required" => "Customer is authenticating",
        _ => "Under way",
    }
}

fn why(payment: &Json) -> String {
    let failure = payment.get("failure").text("message");
    let decided = payment.list("disputes");
    let decided = decided.iter().filter_map(|dispute| match dispute.text("status").as_str() {
        "won" => Some(format!("Dispute won: {} came back", dispute.money("amount"))),
        "lost" => Some(format!("Dispute lost: {} is gone", dispute.money("amount"))),
        _ => None,
    });
    failure.lines().map(str::to_owned).chain(decided).collect::<Vec<_>>().join("\n")
}

/// What somebody has to do something about.
fn attention(payment: &Json) -> String {
    let disputes = payment.list("disputes");
    let open = disputes.iter().filter(|dispute| dispute.text("status") == "open").map(|dispute| {
        let (amount, words, lost) =
            (dispute.money("amount"), dispute.text("words"), dispute.text("lost"));
        let answer_by = dispute.has("answer_by").then(|| dispute.when("answer_by"));
        let until = answer_by.map(|at| format!(" by {at}")).unwrap_or_default();
        format!(
            "Disputed, {amount}: {words}. {lost} until the bank decides. Answer it in your payment provider's dashboard{until}."
        )
    });
    let aside = payment.text("put_aside");
    let aside = (!aside.is_empty()).then(|| format!("Put aside for a person to look at: {aside}"));
    open.chain(aside).collect::<Vec<_>>().join("\n")
}

fn refund(refund: &Json) -> String {
    let state = match refund.text("status").as_str() {
        "succeeded" => "refunded",
        "failed" => "could not be refunded",
        _ => "on its way",
    };
    format!("{} {state}", refund.money("amount"))
}
