//! The few things a declarative view cannot say: focus, titles, modal dialogs, the top layer.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Document, HtmlDialogElement, HtmlElement};

fn document() -> Option<Document> {
    web_sys::window()?.document()
}

fn html(element: web_sys::Element) -> Option<HtmlElement> {
    element.dyn_into().ok()
}

/// Sets the title of the tab.
pub fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// Where an entry mounts: the element with this id, emptied of the frame that stood there before the wasm was loaded.
pub fn mount_point(id: &str) -> Option<HtmlElement> {
    let element = document()?.get_element_by_id(id).and_then(html)?;
    element.set_text_content(None);
    let _ = element.remove_attribute("aria-busy");
    Some(element)
}

/// Scheme, host and port of the page.
pub fn origin() -> String {
    web_sys::window().and_then(|window| window.location().origin().ok()).unwrap_or_default()
}

/// Whether somebody can see the page: its tab is not behind others.
pub fn is_in_sight() -> bool {
    document().is_some_and(|document| !document.hidden())
}

/// Host and port of the page, as in its address.
pub fn host() -> String {
    web_sys::window().and_then(|window| window.location().host().ok()).unwrap_or_default()
}

/// Moves the focus to the element with this id; false when there is none.
pub fn focus(id: &str) -> bool {
    let element = document().and_then(|document| document.get_element_by_id(id)).and_then(html);
    element.is_some_and(|element| element.focus().is_ok())
}

/// Moves the focus to the page's heading, so that a screen reader goes on from there after a navigation.
pub fn focus_heading() {
    let heading = document().and_then(|document| document.query_selector("main h1").ok()?);
    if let Some(heading) = heading.and_then(html) {
        let _ = heading.set_attribute("tabindex", "-1");
        let _ = heading.focus();
    }
}

/// Whether nothing has the focus: what had it was taken away.
pub fn has_lost_focus() -> bool {
    document().is_some_and(|document| {
        document.active_element().is_none_or(|element| element.tag_name() == "BODY")
    })
}

/// Moves the focus to the first field inside `scope` (a CSS selector) that is marked invalid.
pub fn focus_first_invalid(scope: &str) {
    let selector = format!("{scope} [aria-invalid=true]");
    let field = document().and_then(|document| document.query_selector(&selector).ok()?);
    if let Some(field) = field.and_then(html) {
        let _ = field.focus();
    }
}

/// Has the link that has the focus keep it, should it be replaced by another one to the same address before the next task.
pub fn keep_focus() {
    let focused = document().and_then(|document| document.active_element());
    let Some(href) = focused.and_then(|link| link.get_attribute("href")) else { return };
    wasm_bindgen_futures::spawn_local(async move {
        super::sleep(0).await;
        // Whatever has it by now keeps it; what was taken away has left it to the body.
        let lost = document().filter(|document| {
            document.active_element().is_some_and(|element| element.tag_name() == "BODY")
        });
        let link =
            lost.and_then(|lost| lost.query_selector(&format!("a[href=\"{href}\"]")).ok()?);
        if let Some(link) = link.and_then(html) {
            let _ = link.focus();
        }
    });
}

/// Has the browser load a module of ours, once, for as long as the page lives.
pub fn load_module(src: &str) {
    let Some(document) = document() else { return };
    let Some(head) = document.query_selector("head").ok().flatten() else { return };
    if let Ok(script) = document.create_element("script") {
        let _ = script.set_attribute("type", "module");
        let _ = script.set_attribute("src", src);
        let _ = head.append_child(&script);
    }
}

/// Opens a `<dialog>` as a modal one.
pub fn open_dialog(dialog: &HtmlDialogElement) {
    if dialog.is_connected() && !dialog.open() {
        let _ = dialog.show_modal();
    }
}

/// Closes a `<dialog>`, which hands the focus back to where it was.
pub fn close_dialog(dialog: &HtmlDialogElement) {
    if dialog.open() {
        dialog.close();
    }
}

/// Shows a `popover="manual"` element on top of everything, a modal dialog opened meanwhile included.
pub fn announce_in_top_layer(popover: &HtmlElement) {
    let _ = popover.hide_popover();
    let _ = popover.show_popover();
}

/// Calls when a key is pressed while no text is being typed and no dialog is open. True means: handled, do nothing else.
/// For as long as the page lives.
pub fn on_key(call: impl Fn(&str) -> bool + 'static) {
    let Some(document) = document() else { return };
    let listener =
        Closure::<dyn Fn(web_sys::KeyboardEvent)>::new(move |event: web_sys::KeyboardEvent| {
            let chord = event.ctrl_key() || event.meta_key() || event.alt_key();
            if !chord && !is_typing(&event) && call(&event.key()) {
                event.prevent_default();
            }
        });
    let function = listener.as_ref().unchecked_ref();
    let _ = document.add_event_listener_with_callback("keydown", function);
    listener.forget();
}

fn is_typing(event: &web_sys::KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let inside = "input, textarea, select, [contenteditable], dialog";
    target.is_some_and(|target| target.closest(inside).is_ok_and(|found| found.is_some()))
}
