//! The button.

use leptos::prelude::*;

/// How much a button asks to be pressed. One primary at most on a screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// One of several.
    #[default]
    Plain,
    /// The next action.
    Primary,
    /// The next action, as wide as its column: the pay page's.
    Big,
    /// Hardly a button: secondary ways.
    Ghost,
    /// Ends something.
    Danger,
}

impl Kind {
    fn class(self) -> &'static str {
        match self {
            Self::Plain => "button",
            Self::Primary => "button primary",
            Self::Big => "button primary big",
            Self::Ghost => "button ghost",
            Self::Danger => "button danger",
        }
    }
}

/// A button. While `busy` a click does nothing more than a double click should. What a click does is `on_press`, never an `on:click` put
/// onto it: that would stay beside the one of another button that is drawn in its place (tachys 0.2.19, `AnyViewWithAttrs::rebuild`).
#[component]
pub fn Button(
    /// How it looks.
    #[prop(optional)]
    kind: Kind,
    /// Sends the form it stands in.
    #[prop(optional)]
    submit: bool,
    /// What it does is under way: it stays in the tab order and says so.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// It can't be pressed now. Say why in the element that `described_by` names.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// The id of the sentence that says more about it.
    #[prop(optional, into)]
    described_by: Option<String>,
    /// What a click does.
    #[prop(optional, into)]
    on_press: Option<Callback<()>>,
    /// What is on it.
    children: Children,
) -> impl IntoView {
    let click = move |_| on_press.iter().for_each(|press| press.run(()));
    let flag = move || busy.get().then_some("true");
    view! {
        <button
            class=kind.class()
            type=if submit { "submit" } else { "button" }
            disabled=disabled
            aria-busy=flag
            aria-disabled=flag
            aria-describedby=described_by
            on:click=click
        >
            {children()}
        </button>
    }
}
