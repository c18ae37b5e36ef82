//! By who pays, by standing, and the order: links and selects that change the address.

use billing::api::{AccountSort, PayerFilter};
use leptos::prelude::*;

use super::count;
use crate::{
    routes::{ListQuery, Route, standing_from_name, standing_name},
    state::desk,
    ui::{Segment, Segmented},
};

fn label(filter: PayerFilter) -> &'static str {
    match filter {
        PayerFilter::All => "All",
        PayerFilter::Agency => "Agency",
        PayerFilter::Customer => "Customer",
        PayerFilter::Between => "In between",
    }
}

/// The filters beside the search field.
#[component]
pub fn Filters(query: Memo<ListQuery>) -> impl IntoView {
    let desk = desk();
    let counts = desk.store.counts();
    let segments = move || {
        let (query, counts) = (query.get(), counts.get());
        let segment = |funding| Segment {
            label: label(funding),
            count: counts.as_ref().map(|counts| count::of(counts, funding)),
            current: query.funding == funding,
            href: Route::Accounts { list: ListQuery { funding, ..query.clone() }, dialog: None }
                .href(),
        };
        PayerFilter::ALL.into_iter().map(segment).collect::<Vec<_>>()
    };
    let go = move |list| desk.go(&Route::Accounts { list, dialog: None });
    let by_standing = move |event| {
        let standing = standing_from_name(&event_target_value(&event));
        go(ListQuery { standing, ..query.get_untracked() });
    };
    let by_order = move |event| {
        let sort = AccountSort::from_name(&event_target_value(&event)).unwrap_or_default();
        go(ListQuery { sort, ..query.get_untracked() });
    };
    let standing =
        move || query.with(|query| query.standing.map(standing_name).unwrap_or_default());
    view! {
        <Segmented label="Balance from" segments=Signal::derive(segments) />
        <label class="select">
            <span class="unseen">"Standing"</span>
            <select prop:value=standing on:change=by_standing>
                <option value="">"Any standing"</option>
                <option value="active">"Active"</option>
                <option value="low">"Low"</option>
                <option value="paused">"Paused"</option>
            </select>
        </label>
        <label class="select only-narrow">
            <span class="unseen">"Sort"</span>
            <select prop:value=move || query.with(|query| query.sort.name()) on:change=by_order>
                <option value="name">"By name"</option>
                <option value="external_id">"By external id"</option>
                <option value="balance">"Least balance first"</option>
                <option value="-balance">"Most balance first"</option>
                <option value="-since">"Newest payer first"</option>
                <option value="since">"Longest payer first"</option>
            </select>
        </label>
    }
}
