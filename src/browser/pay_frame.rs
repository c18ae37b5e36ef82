//! The parts of a page that stand in its HTML from the start and are only filled in: cheaper than making them anew.

use web_sys::Element;

fn element(id: &str) -> Option<Element> {
    web_sys::window()?.document()?.get_element_by_id(id)
}

/// Puts a text in the place of what an element holds.
pub fn fill(id: &str, text: &str) {
    if let Some(element) = element(id) {
        element.set_text_content(Some(text));
    }
}

/// The element of a page that loads an agency's look.
const LOOK: &str = "look";

/// Loads an agency's style sheet from our own server; once, however often it is said.
pub fn dress(stylesheet: &str) {
    let dressed = element(LOOK).filter(|look| look.has_attribute("href"));
    if dressed.is_none() {
        mark(LOOK, "href", stylesheet);
    }
}

/// Sets an attribute of an element.
pub fn mark(id: &str, attribute: &str, value: &str) {
    if let Some(element) = element(id) {
        // It can only be refused for a name that is none.
        let _ = element.set_attribute(attribute, value);
    }
}
