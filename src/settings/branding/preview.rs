//! The top of the pay page as it would be, in light and in dark, before anything is saved.

use billing::brand::{Colour, Palette, Shades};
use leptos::prelude::*;

use super::Draft;
use crate::ui::{Gate, Side};

/// The card.
#[component]
pub(super) fn Preview(draft: Draft) -> impl IntoView {
    view! {
        <section class="card section" aria-label="Preview">
            <h2>"Preview"</h2>
            {panel(draft, "light", |palette| palette.light)}
            {panel(draft, "dark", |palette| palette.dark)}
            <p class="quiet">"The pay page, in light and in dark. Your own people keep Sluice's colours."</p>
        </section>
    }
}

fn panel(draft: Draft, scheme: &'static str, of: fn(Palette) -> Shades) -> AnyView {
    // Nothing puts the product's own colour back.
    let colour = move |part: fn(&Shades) -> Colour| {
        move || draft.palette().map(|it| part(&of(it)).to_string()).unwrap_or_default()
    };
    let logo = move || match draft.logo.get() {
        Some(logo) => {
            let (width, height) = logo.size;
            view! { <img src=logo.url alt="" width=width.to_string() height=height.to_string() /> }
                .into_any()
        }
        None => view! { <Gate side=Side::Start /> }.into_any(),
    };
    view! {
        <div
            class=format!("brand-preview {scheme}")
            style=("--accent", colour(|it| it.ink))
            style=("--fill", colour(|it| it.fill))
            style=("--on-fill", colour(|it| it.on_fill))
        >
            <p class="brand">{logo} <span>{move || draft.name.get()}</span></p>
            <p class="brand-heading">"Set up billing for Brightwater Plumbing"</p>
            <p class="brand-link">"Show the whole message"</p>
            <p class="brand-button">"Pay $100.00"</p>
        </div>
    }
    .into_any()
}
