//! A sentence set apart.

use leptos::prelude::*;

use super::Tone;

/// A note. With the tone of trouble it is announced as an alert.
#[component]
pub fn Note(
    /// Of what weight.
    #[prop(optional)]
    tone: Tone,
    /// For `aria-describedby`.
    #[prop(optional, into)]
    id: Option<String>,
    /// The sentence.
    children: Children,
) -> impl IntoView {
    let role = (tone == Tone::Bad).then_some("alert");
    view! {
        <div class=format!("note {}", tone.class()) role=role id=id>
            {children()}
        </div>
    }
}
