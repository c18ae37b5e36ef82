//! The address bar: history entries, the Back button, and clicks on the app's own links.
//!
//! Knows no path of ours; `crate::routes` makes and reads them. What another entry shows is loaded whole. Each history entry carries how deep it is, so that a dialog
//! knows whether closing it means going back or replacing a page somebody arrived at directly.

use leptos::prelude::{GetUntracked, GetValue, RwSignal, Set, SetValue, Signal, StoredValue};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{History, HtmlAnchorElement, MouseEvent};

/// Where the page is, below its origin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// `/settings/accounts`
    pub path: String,
    /// The query, without its question mark.
    pub query: String,
}

impl Address {
    fn read() -> Option<Self> {
        let location = web_sys::window()?.location();
        let query = location.search().ok()?.trim_start_matches('?').to_owned();
        Some(Self { path: location.pathname().ok()?, query })
    }
}

/// The one way to go somewhere inside the app.
#[derive(Clone, Copy, Debug)]
pub struct Navigator {
    address: RwSignal<Address>,
    /// Going back takes the browser a moment; a second click meanwhile does not go back twice.
    leaving: StoredValue<bool>,
    /// Whether this entry shows what is at a path.
    owns: fn(&str) -> bool,
}

impl Navigator {
    /// Listens to the Back button and to clicks on links of our own origin, for as long as the page lives. `owns` says which
    /// paths are this entry's: those of others are loaded by the browser.
    pub fn start(owns: fn(&str) -> bool) -> Self {
        let address = RwSignal::new(Address::read().unwrap_or_default());
        let navigator = Self { address, leaving: StoredValue::new(false), owns };
        if let Some(window) = web_sys::window() {
            let popped = Closure::<dyn Fn()>::new(move || navigator.arrive());
            let function = popped.as_ref().unchecked_ref();
            let _ = window.add_event_listener_with_callback("popstate", function);
            popped.forget();
            let clicked = Closure::<dyn Fn(MouseEvent)>::new(move |event: MouseEvent| {
                navigator.click(&event)
            });
            let function = clicked.as_ref().unchecked_ref();
            let _ = window.add_event_listener_with_callback("click", function);
            clicked.forget();
        }
        navigator
    }

    /// The path of the page as it was loaded.
    pub fn path() -> String {
        Address::read().unwrap_or_default().path
    }

    /// Where the page is.
    pub fn address(self) -> Signal<Address> {
        self.address.into()
    }

    /// Goes to a page, as a new history entry.
    pub fn push(self, href: &str) {
        if self.is_elsewhere(href) {
            return load(href, false);
        }
        if let Some(history) = history() {
            let depth = JsValue::from(depth(&history).saturating_add(1));
            let _ = history.push_state_with_url(&depth, "", Some(href));
        }
        self.arrive();
    }

    /// Goes to a page in place of this one.
    pub fn replace(self, href: &str) {
        if self.is_elsewhere(href) {
            return load(href, true);
        }
        if let Some(history) = history() {
            let depth = JsValue::from(depth(&history));
            let _ = history.replace_state_with_url(&depth, "", Some(href));
        }
        self.arrive();
    }

    /// Leaves a dialog: back to where it was opened, or to `href` when the dialog was opened by its address.
    pub fn leave(self, href: &str) {
        match history() {
            _ if self.leaving.get_value() => {}
            Some(history) if depth(&history) > 0 => {
                self.leaving.set_value(true);
                let _ = history.back();
            }
            _ => self.replace(href),
        }
    }

    fn is_elsewhere(self, href: &str) -> bool {
        !(self.owns)(href.split(['?', '#']).next().unwrap_or_default())
    }

    fn arrive(self) {
        self.leaving.set_value(false);
        if let Some(address) = Address::read()
            && address != self.address.get_untracked()
        {
            self.address.set(address);
        }
    }

    /// A plain click on a link into the app becomes a navigation; `data-replace` keeps it out of the history.
    fn click(self, event: &MouseEvent) {
        let held = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
        if event.default_prevented() || event.button() != 0 || held {
            return;
        }
        let Some((link, href)) = app_link(event) else { return };
        if self.is_elsewhere(&href) {
            return;
        }
        event.prevent_default();
        if link.has_attribute("data-replace") { self.replace(&href) } else { self.push(&href) }
    }
}

/// Loads a page of another entry, in place of this one or after it.
pub fn load(href: &str, in_place: bool) {
    if let Some(window) = web_sys::window() {
        let location = window.location();
        let _ = if in_place { location.replace(href) } else { location.assign(href) };
    }
}

fn history() -> Option<History> {
    web_sys::window()?.history().ok()
}

fn depth(history: &History) -> u32 {
    let state = history.state().ok().and_then(|state| state.as_f64());
    // What we put there ourselves: a small whole number.
    state.map_or(0, |depth| depth as u32)
}

fn app_link(event: &MouseEvent) -> Option<(HtmlAnchorElement, String)> {
    let target = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    let link = target.closest("a[href]").ok()??.dyn_into::<HtmlAnchorElement>().ok()?;
    let leaves = !link.target().is_empty() || link.has_attribute("download");
    let origin = web_sys::window()?.location().origin().ok()?;
    // A link within the page (the skip link) is the browser's own business.
    if leaves || link.origin() != origin || !link.hash().is_empty() {
        return None;
    }
    let href = format!("{}{}", link.pathname(), link.search());
    Some((link, href))
}
