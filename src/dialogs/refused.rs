//! Why a command was not done, in the words of whoever refused.

use leptos::prelude::*;

use super::attempt::Attempt;
use crate::ui::{Note, Tone};

/// The sentence, announced as it appears; field errors stand at their fields.
#[component]
pub fn Refused(
    /// Of which command.
    attempt: Attempt,
) -> impl IntoView {
    let error = attempt.error();
    move || {
        error.get().map(|error| {
            let outdated = error.is_outdated().then_some(
                " What you see here is up to date again: look at it once more before you go on.",
            );
            view! { <Note tone=Tone::Bad>{error.to_string()} {outdated}</Note> }
        })
    }
}

/// A sentence under a button that can't be pressed: the rule's own.
#[component]
pub fn Reason(
    /// What the button's `described_by` names.
    id: &'static str,
    /// The rule's sentence; nothing while the button can be pressed.
    #[prop(into)]
    reason: Signal<Option<String>>,
) -> impl IntoView {
    move || reason.get().map(|reason| view! { <p class="reason" id=id>{reason}</p> })
}
