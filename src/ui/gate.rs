//! The one sign of the product: a gate seen from the side. The filled half is the side that is open.

use leptos::prelude::*;

/// Which half is filled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    /// The near one: the agency.
    #[default]
    Start,
    /// The far one: the customer.
    End,
}

/// What is drawn of it.
pub const GATE: &str = "<path class=gate-sill d=\"M2 9h14\" fill=none stroke=currentColor stroke-width=1.6 />\
    <path class=gate-frame d=\"M2.7 4.7h4.6v8.6H2.7zM10.7 4.7h4.6v8.6h-4.6z\" fill=none stroke=currentColor stroke-width=1.4 />\
    <path class=gate-leaf d=\"M2 4h6v10H2z\" fill=currentColor />";

/// The gate. Decoration: words beside it always say the same. It slides when its side changes.
#[component]
pub fn Gate(
    /// Which half is filled.
    #[prop(into)]
    side: Signal<Side>,
) -> impl IntoView {
    let name = move || match side.get() {
        Side::Start => "start",
        Side::End => "end",
    };
    view! {
        <svg
            class="gate"
            data-side=name
            viewBox="0 0 18 18"
            aria-hidden="true"
            focusable="false"
            inner_html=GATE
        ></svg>
    }
}
