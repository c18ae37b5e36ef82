//! What time it is for the person at the screen.

use js_sys::Date;
use wasm_bindgen::JsValue;

/// Milliseconds since 1970, by the browser's clock.
pub fn now_millis() -> i64 {
    // The browser counts in whole milliseconds, far below where a float loses them.
    js_sys::Date::now() as i64
}

/// What an input of date and time shows for an instant (RFC 3339), in the browser's time zone and to the minute;
/// nothing for nothing.
pub fn local_input(at: &str) -> String {
    let millis = Date::parse(at);
    if millis.is_nan() {
        return String::new();
    }
    let offset = Date::new(&JsValue::from(millis)).get_timezone_offset();
    // Whole minutes and milliseconds, exact in the browser's own number.
    let local = (millis as i64).saturating_sub((offset as i64).saturating_mul(60_000));
    let text = iso(local as f64);
    text.get(..16).unwrap_or_default().to_owned()
}

/// The milliseconds since 1970 of an instant (RFC 3339); nothing for what is none.
pub fn millis_of(at: &str) -> Option<i64> {
    let millis = Date::parse(at);
    (!millis.is_nan()).then_some(millis as i64)
}

/// The instant (RFC 3339) that somebody has put into such an input; as typed when it is none.
pub fn from_local_input(text: &str) -> String {
    let read = iso(Date::parse(text));
    if read.is_empty() { text.to_owned() } else { read }
}

/// Nothing for what is no time.
fn iso(millis: f64) -> String {
    let text = JsValue::from(Date::new(&JsValue::from(millis)).to_json());
    text.as_string().unwrap_or_default()
}
