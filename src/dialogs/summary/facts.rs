//! A list of facts: what, and how it is.

use leptos::prelude::*;

/// Facts under each other.
#[component]
pub fn Facts(
    /// Each with its name.
    #[prop(into)]
    facts: Signal<Vec<(&'static str, String)>>,
) -> impl IntoView {
    let fact = |(name, value): (&'static str, String)| {
        view! {
            <div>
                <dt>{name}</dt>
                <dd>{value}</dd>
            </div>
        }
    };
    view! { <dl class="facts">{move || facts.get().into_iter().map(fact).collect_view()}</dl> }
}
