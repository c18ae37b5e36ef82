//! What an account used: by day, type and payer, each line with the way to what made its amount.

use billing::api::AccountSnapshot;
use leptos::prelude::*;

use crate::{
    api,
    browser::{self, Json},
    components::{PagesView, price_words},
    routes::{Route, Step, query},
    state::{Pages, desk},
    ui::Html,
};

/// The section.
#[component]
pub fn Usage(account: Signal<AccountSnapshot>) -> impl IntoView {
    let desk = desk();
    let id = account.with_untracked(|account| account.id);
    let agency = desk.store.agency();
    // Usage moves one of the two balances, and a request begins a count of what it costs.
    let moved = Signal::derive(move || {
        let own = account
            .with(|account| format!("{} {}", account.customer_balance, account.funding.version));
        format!("{own} {}", agency.with(|agency| agency.balance))
    });
    let pages = Pages::of(desk, Signal::stored(api::usage(id)), moved);
    view! { <PagesView pages=pages label="Usage" show=lines /> }
}

const COLUMNS: &[(&str, &str)] = &[
    ("Day", ""),
    ("Type of event", ""),
    ("Quantity", "money"),
    ("Paid by", ""),
    ("Amount", "money"),
    ("Why", "money"),
];

fn lines(pages: &[Json], html: &mut Html) {
    let route = desk().route.get_untracked();
    html.tag("<div class=section-tools>");
    if let Route::Account { id, .. } | Route::Draws { id, .. } = &route {
        for (words, of) in [("Own price…", ""), ("Markup…", "markup")] {
            let query = query(&[("of", of), ("account", &id.to_string())]);
            html.link(
                "<a class=\"button ghost\" href=\"",
                &Route::SetPrice { query }.href(),
                words,
            );
        }
    }
    html.tag("</div>");
    let first = pages.first().filter(|page| page.has("since_request"));
    if let Some(page) = first {
        let cost = page.money("since_request");
        html.around("<p class=note>Usage has cost you ", &cost, " since you asked. ");
        if let Route::Account { id, .. } = &route {
            let dialog = route.with_dialog(*id, Step::Summary).href();
            html.link("<a href=\"", &dialog, "Ask for it too…");
        }
        html.tag("</p>");
    }
    if pages.first().is_some_and(|page| page.list("lines").is_empty()) {
        html.tag("<p class=quiet>Nothing has been used yet.</p>");
        return;
    }
    html.table("Usage, newest day first", COLUMNS);
    for page in pages {
        for line in page.list("lines") {
            row(&line, &route, html);
        }
    }
    html.tag("</table>");
}

fn row(line: &Json, route: &Route, html: &mut Html) {
    let (day, event_type, payer) = (line.text("day"), line.text("event_type"), line.text("payer"));
    html.fact(&browser::utc_day(&day));
    html.fact(&event_type);
    let events = price_words::events(line.count("events"));
    html.cell(&browser::number(&line.text("quantity")), "", &events, "");
    let late = price_words::late(line.count("late_events"));
    html.cell(price_words::payer(&payer), "", "", &late);
    html.fact(&line.money("amount"));
    html.cell("Explain", &route.draws_of_day(&day, &event_type, &payer).href(), "", "");
}
