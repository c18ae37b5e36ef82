//! Whether what is shown is what is the case, in a word.

use leptos::prelude::*;

use crate::state::Live;

/// The mark beside the person's name.
#[component]
pub fn LiveMark(
    /// Whether the page is live.
    live: Signal<Live>,
) -> impl IntoView {
    let words = move || match live.get() {
        Live::Connecting => "Connecting…",
        Live::Connected => "Live",
        Live::Reconnecting => "Reconnecting…",
    };
    let class = move || match live.get() {
        Live::Connected => "state good",
        Live::Connecting | Live::Reconnecting => "state wait",
    };
    view! {
        <p class="live" role="status">
            <span class=class>{words}</span>
        </p>
    }
}
