//! The parts of the page that change, each kind of one type: what the framework makes of a closure's type it makes for every
//! closure anew, and a customer on a phone would download every copy.

use std::pin::Pin;

use leptos::prelude::*;

use crate::browser;

/// A piece of the page that comes, goes or becomes another.
pub type Part = Box<dyn FnMut() -> AnyView + Send>;
/// A text, or an attribute's value, that changes.
pub type Text = Box<dyn FnMut() -> String + Send>;
/// An attribute that is `true` or absent.
pub type Flag = Box<dyn FnMut() -> Option<&'static str> + Send>;

/// A piece of the page.
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

/// Does something once the page has been changed.
pub fn soon(call: fn()) {
    begin(async move {
        browser::sleep(0).await;
        call();
    });
}

/// The one button of a page. While `busy` it stays in the tab order, says what it waits for, and a press does nothing more.
pub fn go(label: Text, busy: Flag, press: Option<Box<dyn Fn()>>) -> AnyView {
    let kind = if press.is_some() { "button" } else { "submit" };
    view! {
        <button
            class="button primary big"
            type=kind
            aria-disabled=busy
            on:click=move |_| press.iter().for_each(|press| press())
        >
            {label}
        </button>
    }
    .into_any()
}

/// The one heading of a page, which takes the focus when the page becomes another one.
pub fn top(heading: String, lead: &'static str) -> AnyView {
    let lead = if lead.is_empty() { nothing() } else { paragraph("quiet", lead.to_owned()) };
    view! {
        <header>
            <h1 tabindex="-1">{heading}</h1>
            {lead}
        </header>
    }
    .into_any()
}

/// A paragraph.
pub fn paragraph(class: &'static str, text: String) -> AnyView {
    view! { <p class=class>{text}</p> }.into_any()
}
