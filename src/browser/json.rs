//! What the server says of prices and usage, read where it is shown.
//!
//! Their wire types (`billing::api`) hold decimals, tagged variants and tables of terms that these screens only show: reading
//! them into Rust would add a tenth to what the app's users download. The browser has a reader; this is the handle to it.

use std::str::FromStr;

use js_sys::{Array, Date, JSON, Object, Reflect};
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};

/// A value of JSON. What is not there reads as nothing: an empty text, zero, an empty list.
#[derive(Clone, Debug)]
pub struct Json(JsValue);

impl Json {
    /// Reads a text.
    pub fn parse(text: &str) -> Option<Self> {
        JSON::parse(text).ok().map(Self)
    }

    /// The value of a field.
    pub fn get(&self, name: &str) -> Self {
        Self(Reflect::get(&self.0, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED))
    }

    /// A field that holds a text.
    pub fn text(&self, name: &str) -> String {
        self.get(name).0.as_string().unwrap_or_default()
    }

    /// A field that is read into a wire type; nothing when it is none.
    pub fn wire<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let text = JSON::stringify(&self.get(name).0).ok()?.as_string()?;
        serde_json::from_str(&text).ok()
    }

    /// A field that holds a count.
    pub fn count(&self, name: &str) -> u64 {
        // Counts are whole, and far below where the browser's own number loses them.
        self.get(name).0.as_f64().map_or(0, |count| count as u64)
    }

    /// Whether a field holds something: not null, not false, not zero.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).0.is_truthy()
    }

    /// Whether a field holds nothing.
    pub fn is_null(&self, name: &str) -> bool {
        self.get(name).0.is_null() || self.get(name).0.is_undefined()
    }

    /// A field that holds a list.
    pub fn list(&self, name: &str) -> Vec<Self> {
        let list = self.get(name).0.dyn_into::<Array>();
        list.map(|list| list.iter().map(Self).collect()).unwrap_or_default()
    }

    /// A field that holds a list of ids; what is none is left out.
    pub fn ids<T: FromStr>(&self, name: &str) -> Vec<T> {
        let texts = self.list(name).into_iter().filter_map(|id| id.0.as_string());
        texts.filter_map(|id| id.parse().ok()).collect()
    }

    /// Every text, number and word in it, each with the way there: `request.email`. A list is told on one line.
    pub fn leaves(&self) -> Vec<(String, String)> {
        let mut all = Vec::new();
        self.collect("", &mut all);
        all
    }

    fn collect(&self, path: &str, all: &mut Vec<(String, String)>) {
        let is_object = self.0.is_object() && !Array::is_array(&self.0);
        if !is_object {
            if let Some(told) = self.told() {
                all.push((path.to_owned(), told));
            }
            return;
        }
        for entry in Object::entries(self.0.unchecked_ref()).iter() {
            let entry: Array = entry.unchecked_into();
            let name = entry.get(0).as_string().unwrap_or_default();
            let path = if path.is_empty() { name } else { format!("{path}.{name}") };
            Self(entry.get(1)).collect(&path, all);
        }
    }

    /// A leaf as text; nothing for null.
    fn told(&self) -> Option<String> {
        if self.0.is_null() || self.0.is_undefined() {
            return None;
        }
        if let Some(text) = self.0.as_string() {
            return Some(text);
        }
        if let Ok(list) = self.0.clone().dyn_into::<Array>() {
            let told = |value| {
                let value = Self(value);
                let inner = value.leaves().into_iter().map(|(_, leaf)| leaf);
                value.told().unwrap_or_else(|| inner.collect::<Vec<_>>().join(" "))
            };
            return Some(list.iter().map(told).collect::<Vec<_>>().join(", "));
        }
        if self.0.is_object() {
            return None;
        }
        JSON::stringify(&self.0).ok()?.as_string()
    }

    /// A field that holds a time, as people write it; nothing for none.
    pub fn when(&self, name: &str) -> String {
        if self.has(name) { super::date_time(self.millis(name)) } else { String::new() }
    }

    /// A field that holds money, with every digit.
    pub fn money(&self, name: &str) -> String {
        let money = self.get(name);
        super::money_exact(&money.text("amount"), &money.text("currency"))
    }

    /// A field that holds a time, in milliseconds since 1970.
    pub fn millis(&self, name: &str) -> i64 {
        Date::parse(&self.text(name)) as i64
    }
}
