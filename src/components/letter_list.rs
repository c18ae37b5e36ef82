//! The letters about an account, newest first, and what the mail server made of each.

use billing::api::{LetterState, LetterView};
use leptos::prelude::*;

use super::when::{ago, date_time};
use crate::state::desk;

/// The letters as a list, under a heading; nothing when there are none.
#[component]
pub fn LetterList(
    /// Newest first, as they come.
    letters: Vec<LetterView>,
) -> impl IntoView {
    let now = desk().now;
    let item = move |letter: LetterView| {
        let (at, words) = (letter.at, words(&letter));
        view! {
            <li>
                <span>{words}</span>
                <small>
                    <time datetime=at.to_string() title=date_time(at)>{move || ago(at, now.get())}</time>
                </small>
            </li>
        }
    };
    (!letters.is_empty()).then(|| {
        view! {
            <h3>"Mail"</h3>
            <ol class="events">{letters.into_iter().map(item).collect_view()}</ol>
        }
    })
}

fn words(letter: &LetterView) -> String {
    let kind = letter.kind.replace('_', " ");
    let to = letter.to.as_ref().map_or("the owner", |to| to.as_str());
    let state = match letter.state {
        LetterState::Waiting => "not sent yet",
        LetterState::Accepted => "accepted by the mail server",
        LetterState::Deferred => "put off and tried again",
        LetterState::Refused => "refused",
        LetterState::Dropped => "no longer needed",
    };
    let why = letter.detail.as_deref().map(|why| format!(" ({why})")).unwrap_or_default();
    format!("To {to}, {kind}: {state}{why}")
}
