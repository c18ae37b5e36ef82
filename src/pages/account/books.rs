//! The ledger: the customer's balance over time, and every line.

use billing::api::{AccountSnapshot, BalancePoint};
use leptos::prelude::*;

use crate::{
    api,
    browser::Json,
    components::{BalanceCurve, PagesView},
    routes::Route,
    state::{Pages, desk},
    ui::Html,
};

/// How the reference of draws begins that have their events.
const EVENTS: &str = "events/";

/// The section.
#[component]
pub fn Books(account: Signal<AccountSnapshot>) -> impl IntoView {
    let id = account.with_untracked(|account| account.id);
    // What moves the customer's balance or the funding writes a line.
    let moved = Signal::derive(move || {
        account.with(|account| format!("{} {}", account.customer_balance, account.funding.version))
    });
    let pages = Pages::of(desk(), Signal::stored(api::ledger(id)), moved);
    let curve = move || {
        let curve = pages.all.with(|all| all.first()?.wire::<Vec<BalancePoint>>("curve"));
        view! { <BalanceCurve points=curve.unwrap_or_default() /> }
    };
    view! { <PagesView pages=pages label="Ledger" show=lines also=curve.into_any() /> }
}

const COLUMNS: &[(&str, &str)] = &[
    ("Date", "cell-date"),
    ("What", ""),
    ("Reference", "cell-reference"),
    ("Amount", "money"),
    ("Balance after", "money"),
];

fn lines(pages: &[Json], html: &mut Html) {
    if pages.first().is_some_and(|page| page.list("lines").is_empty()) {
        html.tag("<p class=quiet>Nothing has been booked yet.</p>");
        return;
    }
    html.table("Ledger, newest first", COLUMNS);
    let route = desk().route.get_untracked();
    for page in pages {
        for line in page.list("lines") {
            row(&line, &route, html);
        }
    }
    html.tag("</table>");
}

fn row(line: &Json, route: &Route, html: &mut Html) {
    let reference = line.text("reference");
    html.fact(&line.when("at"));
    // Usage leads to what made its amount.
    let draws = reference.starts_with(EVENTS);
    let draws = draws.then(|| route.draws_of_entry(line.count("entry")).href());
    html.cell(what(&line.text("kind")), &draws.unwrap_or_default(), "", "");
    html.fact(&short(&reference));
    let amount = line.money("amount");
    let plus = if amount.starts_with('\u{2212}') { "" } else { "+" };
    html.fact(&format!("{plus}{amount}"));
    let whose = if line.text("balance_of") == "agency" { "agency's" } else { "customer's" };
    html.cell(&line.money("balance_after"), "", whose, "");
}

/// The business event, by its word on the wire.
fn what(kind: &str) -> &'static str {
    match kind {
        "top_up" => "Payment",
        "unapplied_payment" => "Payment to be paid back",
        "draw" => "Usage",
        "return" => "Returned to agency billing",
        "refund_settled" => "Refund reached the card",
        "refund_failed" => "Refund that failed",
        "refund" => "Refund to the card",
        "dispute" => "Payment disputed",
        "dispute_won" => "Dispute won",
        _ => "Adjustment",
    }
}

/// Enough of a reference to tell it from its neighbours: a long id by its kind and its last letters, anything else whole.
fn short(reference: &str) -> String {
    if let Some(events) = reference.strip_prefix(EVENTS) {
        let events = events.split('/').next().unwrap_or_default();
        return format!("events {}", events.replace('-', "–"));
    }
    let characters = reference.chars().count();
    match reference.split_once('_') {
        Some((kind, _)) if characters > 20 && kind.len() <= 4 => {
            let end: String = reference.chars().skip(characters.saturating_sub(6)).collect();
            format!("{kind}_…{end}")
        }
        _ => reference.to_owned(),
    }
}
