//! The choices over a report on usage: its days, what it is segmented by, the file. They are the page's address.

use billing::api::ReportBy;
use leptos::prelude::*;

use crate::{
    browser::Navigator,
    routes::{parameter, query},
    state::Pages,
    ui::{Segment, Segmented},
};

/// What is above a report.
#[component]
pub fn ReportTools(
    /// What is asked for: the query of the page's address.
    asked: Memo<String>,
    /// What the report may be segmented by.
    by: &'static [ReportBy],
    /// The page's address with another query.
    page: fn(String) -> String,
    /// Where the file is.
    csv: fn(&str) -> String,
    /// Goes to the page with other choices.
    navigator: Navigator,
    /// The report, as the server told it.
    pages: Pages,
) -> impl IntoView {
    let value = move |name: &str| asked.with(|asked| parameter(asked, name)).unwrap_or_default();
    let changed = move |name: &str, new: &str| {
        let pick = |field: &str| if field == name { new.to_owned() } else { value(field) };
        let (from, to, by) = (pick("from"), pick("to"), pick("by"));
        page(query(&[("from", &from), ("to", &to), ("by", &by)]))
    };
    let segments = move || {
        let current = ReportBy::from_name(&value("by")).unwrap_or_default();
        let segment = |by: &ReportBy| Segment {
            label: label(*by),
            count: None,
            href: changed("by", by.name()),
            current: *by == current,
        };
        by.iter().map(segment).collect::<Vec<_>>()
    };
    let day = move |name: &'static str, label: &'static str| {
        // What the server took when nothing was asked for.
        let shown = move || {
            let told = pages.all.with(|all| all.first().map(|report| report.text(name)));
            Some(value(name)).filter(|day| !day.is_empty()).or(told)
        };
        let change = move |event| navigator.push(&changed(name, &event_target_value(&event)));
        view! {
            <label class="select">
                <span>{label}</span>
                <input type="date" prop:value=shown on:change=change />
            </label>
        }
    };
    view! {
        <div class="toolbar report-tools">
            {day("from", "From")} {day("to", "To")}
            <Segmented label="By" segments=Signal::derive(segments) />
            <a class="button" download="" href=move || csv(&asked.get())>
                "Download CSV"
            </a>
        </div>
    }
}

fn label(by: ReportBy) -> &'static str {
    match by {
        ReportBy::Account => "Account",
        ReportBy::Type => "Type",
        ReportBy::Day => "Day",
        ReportBy::Payer => "Payer",
    }
}
