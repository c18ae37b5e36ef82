//! There is nothing to show: no link, an unknown one, or no answer.

use leptos::prelude::*;

use super::{
    desk::{Desk, Step},
    part::{Go, text},
    stage::Trouble,
};

impl Trouble {
    /// The fact.
    pub fn heading(&self) -> &'static str {
        match self {
            Self::NoLink => "Open the link from your e-mail",
            Self::UnknownLink => "This link does not work",
            Self::TooMany => "Too many tries in a short time",
            Self::TooManyAttempts(_) => "Too many payments were tried",
            Self::Unreachable(_) => "Your request can't be shown right now",
        }
    }

    /// What is known, and what to do.
    fn advice(&self) -> String {
        match self {
            Self::NoLink => "This page belongs to a link that was mailed to you. Open it from that e-mail: the address \
                             alone does not say what is to be paid."
                .to_owned(),
            Self::UnknownLink => "It may have been cut off when it was copied. Open it from the e-mail once more, or ask \
                                  whoever sent it for a new one. Nothing was charged."
                .to_owned(),
            Self::TooMany => "Wait a minute, then try again. Nothing was charged.".to_owned(),
            Self::TooManyAttempts(said) => format!("{said} Nothing was charged."),
            Self::Unreachable(said) => {
                format!("{said} Your link is kept; trying again charges nothing.")
            }
        }
    }
}

/// The page for it.
#[component]
pub fn TroublePage(
    /// The page's state.
    desk: Desk,
    /// What is the matter.
    trouble: Trouble,
) -> impl IntoView {
    let step = desk.step();
    let busy = Signal::derive(move || step.get() != Step::Idle);
    let label = move || if busy.get() { "Trying…" } else { "Try again" };
    let again = trouble.may_pass().then(|| {
        let label = text(move || label().to_owned());
        view! { <Go label=label busy=busy press=Box::new(move || desk.open_again()) /> }
    });
    view! {
        <p>{trouble.advice()}</p>
        {again}
    }
}
