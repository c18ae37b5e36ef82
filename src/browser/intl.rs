//! Money and dates as the person at the screen writes them, by the browser's `Intl`.
//!
//! Amounts come as decimal strings and are formatted exactly; no float ever holds one. Making a formatter is slow, so each
//! kind is made once.

use std::{cell::RefCell, collections::BTreeMap};

use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use wasm_bindgen::JsValue;

thread_local! {
    static FORMATS: RefCell<BTreeMap<String, Function>> = const { RefCell::new(BTreeMap::new()) };
}

fn options(pairs: &[(&str, JsValue)]) -> Object {
    let options = Object::new();
    for (key, value) in pairs {
        let _ = Reflect::set(&options, &JsValue::from_str(key), value);
    }
    options
}

fn format(name: String, make: impl FnOnce() -> Function, value: &JsValue) -> Option<String> {
    let format = FORMATS.with_borrow_mut(|all| all.entry(name).or_insert_with(make).clone());
    format.call1(&JsValue::UNDEFINED, value).ok()?.as_string()
}

fn amount(decimal: &str, currency: &str, most_digits: Option<u32>) -> String {
    let make = || {
        let mut pairs =
            vec![("style", "currency".into()), ("currency", JsValue::from_str(currency))];
        pairs.extend(most_digits.map(|most| ("maximumFractionDigits", JsValue::from(most))));
        Intl::NumberFormat::new(&Array::new(), &options(&pairs)).format()
    };
    let text = format(format!("{currency}{most_digits:?}"), make, &JsValue::from_str(decimal));
    // A true minus is as wide as a digit, so that columns of figures stay columns.
    text.map_or_else(|| format!("{decimal} {currency}"), |text| text.replace('-', "\u{2212}"))
}

/// `("4182.07", "USD")` → `$4,182.07`, rounded to the currency's smallest coin.
pub fn money(decimal: &str, currency: &str) -> String {
    amount(decimal, currency, None)
}

/// The same with every digit there is: usage costs fractions of a cent.
pub fn money_exact(decimal: &str, currency: &str) -> String {
    amount(decimal, currency, Some(6))
}

/// `("1204.5")` → `1,204.5`, with every digit a quantity may have.
pub fn number(decimal: &str) -> String {
    let make = || {
        let most = options(&[("maximumFractionDigits", JsValue::from(6))]);
        Intl::NumberFormat::new(&Array::new(), &most).format()
    };
    format("number".to_owned(), make, &JsValue::from_str(decimal)).unwrap_or_default()
}

fn when(millis: i64, name: &str, pairs: &[(&str, JsValue)]) -> String {
    let make = || Intl::DateTimeFormat::new(&Array::new(), &options(pairs)).format();
    // Whole milliseconds of our era are exact in the browser's own number.
    let date = Date::new(&JsValue::from(millis as f64));
    format(name.to_owned(), make, &date).unwrap_or_default()
}

/// `3 Mar 2025`, in the browser's time zone.
pub fn date(millis: i64) -> String {
    when(millis, "date", &[("dateStyle", "medium".into())])
}

/// `3 Mar`, for the axis of a curve.
pub fn month_day(millis: i64) -> String {
    when(millis, "month_day", &[("month", "short".into()), ("day", "numeric".into())])
}

/// `3 Mar 2025, 09:14`
pub fn date_time(millis: i64) -> String {
    when(millis, "date_time", &[("dateStyle", "medium".into()), ("timeStyle", "short".into())])
}

/// `2026-11-22` → `22 Nov 2026`: a day in UTC is the same day everywhere.
pub fn utc_day(day: &str) -> String {
    let style = [("dateStyle", "medium".into()), ("timeZone", "UTC".into())];
    when(Date::parse(day) as i64, "utc_day", &style)
}
