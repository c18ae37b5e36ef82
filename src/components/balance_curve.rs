//! The customer's own balance over the last 90 days.

use billing::api::BalancePoint;
use leptos::prelude::*;

use super::amount::text;
use crate::{
    browser,
    ui::{Curve, CurvePoint},
};

/// The curve under its dates; nothing when there never was a balance.
#[component]
pub fn BalanceCurve(
    /// Oldest first.
    points: Vec<BalancePoint>,
) -> impl IntoView {
    let (first, last) = (points.first().cloned()?, points.last().cloned()?);
    let most = points.iter().map(|point| point.balance).max()?;
    let label = format!(
        "The customer's balance from {} to {}: it was {} at first, at most {}, and is {} now.",
        browser::date(first.at.millis()),
        browser::date(last.at.millis()),
        text(first.balance),
        text(most),
        text(last.balance),
    );
    let places = points.iter().map(|point| CurvePoint { height: point.balance.micros() }).collect();
    Some(view! {
        <figure class="balance-curve">
            <Curve points=places label=label />
            <figcaption aria-hidden="true">
                <small>{browser::month_day(first.at.millis())}</small>
                <small>{format!("at most {}", text(most))}</small>
                <small>{browser::month_day(last.at.millis())}</small>
            </figcaption>
        </figure>
    })
}
