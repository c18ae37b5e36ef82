//! A line of moments: now, then, from then on.

use leptos::prelude::*;

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MomentLine {
    /// When and what, in a few words.
    pub title: String,
    /// What it means.
    pub detail: String,
}

/// The line; its first moment is now.
#[component]
pub fn Moments(
    /// From now on.
    #[prop(into)]
    moments: Signal<Vec<MomentLine>>,
) -> impl IntoView {
    let line = |moment: MomentLine| {
        view! {
            <li>
                <span>{moment.title}</span>
                <small>{moment.detail}</small>
            </li>
        }
    };
    view! { <ol class="moments">{move || moments.get().into_iter().map(line).collect_view()}</ol> }
}
