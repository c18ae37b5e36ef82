//! What time it is for the person at the screen.

/// Milliseconds since 1970, by the browser's clock.
pub fn now_millis() -> i64 {
    // The browser counts in whole milliseconds, far below where a float loses them.
    js_sys::Date::now() as i64
}
