//! The pay page's address: a token behind `#t=` that comes in once and does not stay on the screen.

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{PageTransitionEvent, Window};

/// What stands in front of the token in the fragment.
const MARK: &str = "#t=";

fn read(window: &Window) -> Option<String> {
    let hash = window.location().hash().ok()?;
    hash.strip_prefix(MARK).map(ToOwned::to_owned)
}

/// The token in the fragment, if there is one.
pub fn link_token() -> Option<String> {
    read(&web_sys::window()?)
}

/// Takes the fragment out of the address bar and out of this history entry.
pub fn clear_fragment() {
    let Some(window) = web_sys::window() else { return };
    let location = window.location();
    let (Ok(path), Ok(query)) = (location.pathname(), location.search()) else { return };
    if let Ok(history) = window.history() {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&format!("{path}{query}")));
    }
}

/// A second link opened in the same tab changes the fragment only: the page starts anew with it. For as long as the page lives.
pub fn restart_on_new_link() {
    listen("hashchange", |_: JsValue| {
        if let Some(window) = web_sys::window()
            && read(&window).is_some()
        {
            let _ = window.location().reload();
        }
    });
}

/// Calls when the browser brings the page back as it was left (Back, Forward). For as long as the page lives.
pub fn on_return(call: impl Fn() + 'static) {
    listen("pageshow", move |event: JsValue| {
        if event.dyn_ref::<PageTransitionEvent>().is_some_and(PageTransitionEvent::persisted) {
            call();
        }
    });
}

fn listen(event: &str, call: impl Fn(JsValue) + 'static) {
    let Some(window) = web_sys::window() else { return };
    let listener = Closure::<dyn Fn(JsValue)>::new(call);
    let function = listener.as_ref().unchecked_ref();
    let _ = window.add_event_listener_with_callback(event, function);
    listener.forget();
}
