//! The parts of the page that change, each kind of one type: what the framework makes of a closure's type it makes for every
//! closure anew, and a customer on a phone would download every copy.

use std::pin::Pin;

use leptos::prelude::*;

use crate::browser;

/// A piece of the page that comes, goes or becomes another.
pub type Part = Box<dyn FnMut() -> AnyView + Send>;
/// A text, or an attribute's value, that changes.
pub type Text = Box<dyn FnMut() -> String + Send>;
/// An attribute that is there or not.
pub type Flag = Box<dyn FnMut() -> Option<&'static str> + Send>;

/// A piece of the page; nothing while `call` gives nothing.
pub fn part(call: impl FnMut() -> AnyView + Send + 'static) -> Part {
    Box::new(call)
}

/// Nothing on the page.
pub fn nothing() -> AnyView {
    ().into_any()
}

/// A text that changes.
pub fn text(call: impl FnMut() -> String + Send + 'static) -> Text {
    Box::new(call)
}

/// An attribute that is `true` or absent.
pub fn flag(mut call: impl FnMut() -> bool + Send + 'static) -> Flag {
    Box::new(move || call().then_some("true"))
}

/// Does something that takes its time.
pub fn begin(future: impl Future<Output = ()> + 'static) {
    let future: Pin<Box<dyn Future<Output = ()>>> = Box::pin(future);
    browser::begin(future);
}

/// The one button of a page. While `busy` it stays in the tab order, says what it waits for, and a press does nothing.
#[component]
pub fn Go(
    /// What is on it.
    label: Text,
    /// What it does is under way.
    busy: Signal<bool>,
    /// What a press does; without it, it sends the form.
    #[prop(optional)]
    press: Option<Box<dyn Fn()>>,
) -> impl IntoView {
    let kind = if press.is_some() { "button" } else { "submit" };
    view! {
        <button
            class="button primary big"
            type=kind
            aria-busy=flag(move || busy.get())
            aria-disabled=flag(move || busy.get())
            on:click=move |_| press.iter().for_each(|press| press())
        >
            {label}
        </button>
    }
}
