//! A row of links of which one is current: a filter that lives in the address.

use leptos::prelude::*;

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// What it is called.
    pub label: &'static str,
    /// How many there are behind it, once known.
    pub count: Option<u64>,
    /// Where it leads.
    pub href: String,
    /// It is the one that is shown.
    pub current: bool,
}

/// Two blank figures: the row does not jump when the counts arrive.
fn unknown() -> String {
    "\u{2007}\u{2007}".to_owned()
}

/// The row.
#[component]
pub fn Segmented(
    /// What they choose between, for those who can't see the row.
    label: &'static str,
    /// Them.
    #[prop(into)]
    segments: Signal<Vec<Segment>>,
) -> impl IntoView {
    let link = |segment: Segment| {
        view! {
            <a href=segment.href aria-current=segment.current.then_some("true")>
                {segment.label}
                " "
                <small>{segment.count.map_or_else(unknown, |count| count.to_string())}</small>
            </a>
        }
    };
    view! {
        <div class="segmented" role="group" aria-label=label>
            {move || segments.get().into_iter().map(link).collect_view()}
        </div>
    }
}
