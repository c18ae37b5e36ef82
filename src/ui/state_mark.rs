//! A few words on how things stand, with a shape that says the same without colour.

use leptos::prelude::*;

/// Of what weight a fact is. Colour comes last: words first, shape second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing to see to.
    #[default]
    Quiet,
    /// Something is under way.
    Wait,
    /// Somebody has to do something.
    Bad,
    /// Done.
    Good,
}

impl Tone {
    /// Its class.
    pub fn class(self) -> &'static str {
        match self {
            Self::Quiet => "quiet",
            Self::Wait => "wait",
            Self::Bad => "bad",
            Self::Good => "good",
        }
    }
}

/// The words with their mark; quiet ones have none.
#[component]
pub fn StateMark(
    /// Of what weight.
    tone: Tone,
    /// The words.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    view! { <span class=format!("state {}", tone.class())>{text}</span> }
}
