//! What stands where there is nothing to show: why, and what to do about it.

use leptos::prelude::*;

use super::{Gate, Side};

/// An empty, failed or unmatched screen.
#[component]
pub fn Blank(
    /// The fact, as a heading.
    #[prop(into)]
    title: Signal<String>,
    /// What to do: sentences, a button.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="blank">
            <Gate side=Side::Start />
            <h2>{title}</h2>
            {children()}
        </div>
    }
}
