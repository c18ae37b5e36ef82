//! Who paid from when to when, newest first.

use billing::{Timestamp, timeline::Interval};
use leptos::prelude::*;

use super::{
    billing_cell::side,
    when::{date, date_time},
};
use crate::ui::Gate;

/// The intervals as a list.
#[component]
pub fn IntervalList(
    /// Oldest first, as they come.
    intervals: Vec<Interval>,
) -> impl IntoView {
    let item = |interval: Interval| {
        let payer = match interval.payer {
            billing::funding::Payer::Agency => "Agency paid",
            billing::funding::Payer::Customer => "Customer paid",
        };
        let now = match interval.payer {
            billing::funding::Payer::Agency => "Agency pays",
            billing::funding::Payer::Customer => "Customer pays",
        };
        let words = if interval.to.is_some() { payer } else { now };
        let by = format!("by {}", interval.by.label());
        view! {
            <li>
                <Gate side=side(interval.payer) />
                <div>
                    <span>
                        <strong>{words}</strong>
                        " "
                        {span(interval.from, interval.to)}
                    </span>
                    <small>{by}</small>
                </div>
            </li>
        }
    };
    view! { <ol class="intervals">{intervals.into_iter().rev().map(item).collect_view()}</ol> }
}

fn span(from: Timestamp, to: Option<Timestamp>) -> impl IntoView {
    let time = |at: Timestamp| {
        view! { <time datetime=at.to_string() title=date_time(at)>{date(at)}</time> }
    };
    match to {
        Some(to) => view! { {time(from)} " – " {time(to)} }.into_any(),
        None => view! { "since " {time(from)} }.into_any(),
    }
}
