//! The site around the widget's frame, through the small module of glue beside this file (`embed_host.js`).

use wasm_bindgen::{closure::Closure, prelude::wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = sluiceHost, js_name = listen)]
    fn js_listen(tell: &Closure<dyn Fn(String, String)>);
    #[wasm_bindgen(js_namespace = sluiceHost, js_name = needToken)]
    fn js_need_token(reason: &str);
    #[wasm_bindgen(js_namespace = sluiceHost, js_name = told)]
    fn js_told(balance: &str);
    #[wasm_bindgen(js_namespace = sluiceHost, js_name = failed)]
    fn js_failed(code: &str);
    #[wasm_bindgen(js_namespace = sluiceHost, js_name = openPage)]
    fn js_open_page() -> bool;
    #[wasm_bindgen(js_namespace = sluiceHost, js_name = leadPage)]
    fn js_lead_page(url: &str);
    #[wasm_bindgen(js_namespace = sluiceHost, js_name = money)]
    fn js_money(amount: &str, currency: &str) -> String;
    #[wasm_bindgen(js_namespace = sluiceHost, js_name = day)]
    fn js_day(at: &str) -> String;
}

/// What the site says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostSays {
    /// There is none: the page stands by itself.
    Nobody,
    /// Which site it is, as the browser names it.
    Site(String),
    /// How to show the balance: `summary`, `full` or `banner`; and that amounts are to be written anew.
    View(String),
    /// A fresh token.
    Token(String),
    /// It has none to give.
    NoToken,
}

/// Hears the site. For as long as the page lives.
pub fn listen_to_host(tell: impl Fn(HostSays) + 'static) {
    let tell = Closure::<dyn Fn(String, String)>::new(move |kind: String, text: String| {
        tell(match kind.as_str() {
            "site" => HostSays::Site(text),
            "view" => HostSays::View(text),
            "token" => HostSays::Token(text),
            "no_token" => HostSays::NoToken,
            _ => HostSays::Nobody,
        });
    });
    js_listen(&tell);
    tell.forget();
}

/// Asks the site for a fresh token. `reason` is a word for code.
pub fn ask_host_for_token(reason: &str) {
    js_need_token(reason);
}

/// Tells the site what is shown, as the server said it.
pub fn tell_host(balance: &str) {
    js_told(balance);
}

/// Tells the site that nothing can be shown. `code` is a word for code.
pub fn tell_host_failure(code: &str) {
    js_failed(code);
}

/// Opens an empty page beside the site, which a browser lets happen while a button is pressed; whether it did.
pub fn open_page() -> bool {
    js_open_page()
}

/// Leads that page to where the balance is topped up and tells the site; without an address it is closed.
pub fn lead_page(url: Option<&str>) {
    js_lead_page(url.unwrap_or_default());
}

/// An amount as the site's locale writes it, to the smallest coin.
pub fn host_money(amount: &str, currency: &str) -> String {
    js_money(amount, currency)
}

/// A day as the site's locale writes it, of a time in RFC 3339.
pub fn host_day(at: &str) -> String {
    js_day(at)
}
