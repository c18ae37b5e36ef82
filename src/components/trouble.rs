//! What went wrong with a call, in the server's own words, and a way to try again.

use leptos::prelude::*;

use crate::{
    api::ApiError,
    ui::{Blank, Button},
};

/// A screen that could not be loaded.
#[component]
pub fn Trouble(
    /// Why.
    error: ApiError,
    /// Tries again.
    #[prop(into)]
    on_retry: Callback<()>,
) -> impl IntoView {
    let reference = match &error {
        ApiError::Problem(problem) if !problem.request_id.is_empty() => {
            Some(format!("Reference: {}", problem.request_id))
        }
        _ => None,
    };
    view! {
        <div role="alert">
            <Blank title="This could not be loaded">
                <p>{error.to_string()}</p>
                {reference.map(|reference| view! { <p><small>{reference}</small></p> })}
                <div class="actions">
                    <Button on_press=on_retry>"Retry"</Button>
                </div>
            </Blank>
        </div>
    }
}
