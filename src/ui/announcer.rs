//! What a screen reader hears when something happened that has no focus of its own.

use leptos::prelude::*;

/// A polite live region, invisible. Changing `text` is what gets it read.
#[component]
pub fn Announcer(
    /// What to say.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    view! {
        <div class="unseen" role="status" aria-live="polite" aria-atomic="true">
            {text}
        </div>
    }
}
