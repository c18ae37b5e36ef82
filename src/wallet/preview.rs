//! What an auto-recharge would have charged in the last 30 days, by the rule that charges: a sentence, and bars.

use billing::{
    Money,
    wallet::{Foreseen, RechargeSettings, foresee},
};
use leptos::prelude::*;

use super::till::Till;
use crate::{
    browser,
    components::text,
    ui::{Bar, Bars},
};

/// The preview.
pub fn preview(till: Till, settings: &RechargeSettings) -> AnyView {
    let view = till.view();
    let days = &view.days;
    let foreseen = foresee(settings, &view.limits, days);
    let zero = Money::zero(settings.below.currency());
    let used = days.iter().fold(zero, |sum, day| sum.plus(day.amount).unwrap_or(sum));
    let charged = |day: &str| {
        let of_day = foreseen.charges.iter().filter(|(charged, _)| charged == day);
        of_day.fold(0_i64, |sum, (_, amount)| sum.saturating_add(amount.micros()))
    };
    let bars: Vec<Bar> = days
        .iter()
        .map(|day| Bar { back: day.amount.micros(), front: charged(&day.day) })
        .collect();
    let words = sentence(&foreseen);
    let capped = (foreseen.capped > 0).then(|| {
        let days = if foreseen.capped == 1 { "day" } else { "days" };
        let words = format!(
            "On {} {days} the limits would have left the balance below {}.",
            foreseen.capped, settings.below
        );
        view! { <p class="state wait">{words}</p> }
    });
    let chart = used.is_positive().then(|| {
        let ends = days.first().zip(days.last());
        let ends = ends.map(|(first, last)| {
            view! {
                <small>{browser::utc_day(&first.day)}</small>
                <small>{browser::utc_day(&last.day)}</small>
            }
        });
        view! {
            <Bars bars=bars label=format!("Charges beside usage, day by day. {words}") />
            <figcaption>
                <div class="wallet-axis">{ends}</div>
                <small>
                    <i class="bar-front" aria-hidden="true"></i>
                    "Charged "
                    <i class="bar-back" aria-hidden="true"></i>
                    {format!("Used: {} in all", text(used))}
                </small>
            </figcaption>
        }
    });
    view! {
        <figure class="wallet-preview">
            <p>
                "In the last 30 days this would have made "
                <strong>{words.clone()}</strong>
                "."
            </p>
            {capped}
            {chart}
        </figure>
    }
    .into_any()
}

fn sentence(foreseen: &Foreseen) -> String {
    match foreseen.charges.len() {
        0 => "no charges".to_owned(),
        1 => format!("1 charge, {} in all", foreseen.total),
        count => format!("{count} charges, {} in all", foreseen.total),
    }
}
