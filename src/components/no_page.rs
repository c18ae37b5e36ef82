//! What stands where a page will be: the empty frame while the server is asked, or, alone on the screen, why there is none.

use leptos::prelude::*;

use super::Trouble;
use crate::api::ApiError;

/// The frame of the page while the server is asked who it is, as in the HTML.
#[component]
pub fn WaitingFrame() -> impl IntoView {
    view! {
        <div class="shell" aria-busy="true">
            <div class="side"></div>
            <main class="page">
                <p class="unseen" role="status">
                    "Loading…"
                </p>
            </main>
        </div>
    }
}

/// Nothing could be loaded: why, and a way to try again. The heading is for those who do not see the screen.
pub fn no_page(
    heading: &'static str,
    error: ApiError,
    again: impl Fn() + Send + Sync + 'static,
) -> AnyView {
    view! {
        <main class="alone">
            <h1 class="unseen">{heading}</h1>
            <Trouble error=error on_retry=move |()| again() />
        </main>
    }
    .into_any()
}
