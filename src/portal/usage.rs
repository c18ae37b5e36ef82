//! A report over any days, on the screen and as a file.

use billing::api::ReportBy;
use leptos::prelude::*;

use super::{desk::desk, report};
use crate::{
    api,
    components::PagesView,
    routes::{ClientRoute, parameter, query},
    ui::{Segment, Segmented},
};

/// What a client user's report is segmented by.
const SEGMENTS: [(ReportBy, &str); 3] =
    [(ReportBy::Account, "Account"), (ReportBy::Type, "Type"), (ReportBy::Day, "Day")];

/// The page.
#[component]
pub fn UsagePage() -> impl IntoView {
    let desk = desk();
    // While the page is left, its route is another one: the report stays as it was until it is gone.
    let asked = Memo::new(move |last: Option<&String>| match desk.route.get() {
        ClientRoute::Usage { query } => query,
        _ => last.cloned().unwrap_or_default(),
    });
    let value = move |name: &str| asked.with(|asked| parameter(asked, name)).unwrap_or_default();
    let changed = move |name: &str, new: &str| {
        let pick = |field: &str| if field == name { new.to_owned() } else { value(field) };
        let (from, to, by) = (pick("from"), pick("to"), pick("by"));
        query(&[("from", &from), ("to", &to), ("by", &by)])
    };
    let pages = desk.pages(Signal::derive(move || api::client_report(&asked.get())));
    let segments = move || {
        let by = ReportBy::from_name(&value("by")).unwrap_or_default();
        let segment = |(other, label): (ReportBy, &'static str)| Segment {
            label,
            count: None,
            href: ClientRoute::Usage { query: changed("by", other.name()) }.href(),
            current: other == by,
        };
        SEGMENTS.map(segment).to_vec()
    };
    let day = move |name: &'static str, label: &'static str| {
        // What the server took when nothing was asked for.
        let shown = move || {
            let told = pages.all.with(|all| all.first().map(|report| report.text(name)));
            Some(value(name)).filter(|day| !day.is_empty()).or(told)
        };
        let change = move |event| {
            let query = changed(name, &event_target_value(&event));
            desk.navigator.push(&ClientRoute::Usage { query }.href());
        };
        view! {
            <label class="select">
                <span>{label}</span>
                <input type="date" prop:value=shown on:change=change />
            </label>
        }
    };
    view! {
        <header class="page-head">
            <div>
                <h1>"Usage"</h1>
                <p class="quiet">"What your accounts used, by the days of the events (UTC)."</p>
            </div>
        </header>
        <div class="toolbar report-tools">
            {day("from", "From")} {day("to", "To")}
            <Segmented label="By" segments=Signal::derive(segments) />
            <a class="button" download="" href=move || api::client_report_csv(&asked.get())>
                "Download CSV"
            </a>
        </div>
        <PagesView pages=pages label="Report" show=report::table />
    }
}
