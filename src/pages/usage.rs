//! A report on usage: by account, type, day or payer, over any days, on the screen and as a file.

use billing::api::ReportBy;
use leptos::prelude::*;

use crate::{
    api,
    browser::{self, Json},
    components::{AgencyBalance, PagesView, ReportTools, price_words},
    routes::Route,
    state::{Pages, desk},
    ui::Html,
};

/// The page.
#[component]
pub fn UsagePage() -> impl IntoView {
    let desk = desk();
    // While the page is left, its route is another one: the report stays as it was until it is gone.
    let asked = Memo::new(move |last: Option<&String>| match desk.route.get() {
        Route::Usage { query } => query,
        _ => last.cloned().unwrap_or_default(),
    });
    let agency = desk.store.agency();
    let moved = Signal::derive(move || agency.with(|agency| agency.balance.to_string()));
    let path = Signal::derive(move || api::report(&asked.get()));
    let pages = Pages::of(desk, path, moved);
    let page = |query| Route::Usage { query }.href();
    view! {
        <header class="page-head">
            <div>
                <h1>"Usage"</h1>
                <p class="quiet">"What was drawn, by the days of the events (UTC)."</p>
            </div>
            <AgencyBalance />
        </header>
        <ReportTools
            asked=asked
            by=&ReportBy::ALL
            page=page
            csv=api::report_csv
            navigator=desk.navigator
            pages=pages
        />
        <PagesView pages=pages label="Report" show=report />
    }
}

const COLUMNS: &[(&str, &str)] =
    &[("Segment", ""), ("Events", "money"), ("Agency paid", "money"), ("Customers paid", "money")];

fn report(pages: &[Json], html: &mut Html) {
    let Some(report) = pages.first() else { return };
    let rows = report.list("rows");
    if rows.is_empty() {
        html.tag("<p class=quiet>Nothing was drawn in these days. What has no price yet waits under Prices.</p>");
        return;
    }
    let by = report.text("by");
    html.table("Usage in these days", COLUMNS);
    for segment in &rows {
        let label = segment.text("label");
        let day = if by == "day" { browser::utc_day(&label) } else { String::new() };
        let named = match by.as_str() {
            "day" => &day,
            "payer" => price_words::payer(&label),
            _ => &label,
        };
        let id = segment.text("key").parse().ok();
        let page = id.map(|id| Route::Account { id, dialog: None }.href()).unwrap_or_default();
        html.cell(named, &page, "", "");
        // Of several types it is a sum of different things, which says nothing.
        let quantity = if by == "type" { segment.text("quantity") } else { String::new() };
        figures(segment, &quantity, html);
    }
    html.tag("</tbody><tfoot>");
    let more = report.count("segments").saturating_sub(rows.len() as u64);
    let more = if more > 0 { format!("with {more} more: see the CSV") } else { String::new() };
    html.cell("Total", "", &more, "");
    figures(&report.get("total"), "", html);
    html.tag("</table>");
}

fn figures(segment: &Json, quantity: &str, html: &mut Html) {
    let late = price_words::late(segment.count("late_events"));
    let events = browser::number(&segment.count("events").to_string());
    let units = match quantity {
        "" => String::new(),
        quantity => format!("{} units", browser::number(quantity)),
    };
    html.cell(&events, "", &units, &late);
    html.fact(&segment.money("agency_paid"));
    html.fact(&segment.money("customer_paid"));
}
