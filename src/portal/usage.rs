//! A report over any days, on the screen and as a file.

use billing::api::ReportBy;
use leptos::prelude::*;

use super::{desk::desk, report};
use crate::{
    api,
    components::{PagesView, ReportTools},
    routes::ClientRoute,
};

/// What a client user's report is segmented by.
const SEGMENTS: &[ReportBy] = &[ReportBy::Account, ReportBy::Type, ReportBy::Day];

/// The page.
#[component]
pub fn UsagePage() -> impl IntoView {
    let desk = desk();
    // While the page is left, its route is another one: the report stays as it was until it is gone.
    let asked = Memo::new(move |last: Option<&String>| match desk.route.get() {
        ClientRoute::Usage { query } => query,
        _ => last.cloned().unwrap_or_default(),
    });
    let pages = desk.pages(Signal::derive(move || api::client_report(&asked.get())));
    let page = |query| ClientRoute::Usage { query }.href();
    view! {
        <header class="page-head">
            <div>
                <h1>"Usage"</h1>
                <p class="quiet">"What your accounts used, by the days of the events (UTC)."</p>
            </div>
        </header>
        <ReportTools
            asked=asked
            by=SEGMENTS
            page=page
            csv=api::client_report_csv
            navigator=desk.navigator
            pages=pages
        />
        <PagesView pages=pages label="Report" show=report::table />
    }
}
