//! Prices in words, from what the server says of them.

use crate::browser::{self, Json};

/// `214 events`, `1 event`
pub fn events(count: u64) -> String {
    format!("{count} {}", if count == 1 { "event" } else { "events" })
}

/// `3 late`; nothing for none.
pub fn late(count: u64) -> String {
    if count == 0 { String::new() } else { format!("{count} late") }
}

/// What a version says, and the small print: what one unit costs, of what, how many are included, what more of them cost.
pub fn terms(version: &Json, currency: &str) -> (String, String) {
    let setting = version.get("setting");
    let terms = setting.get("terms");
    if setting.has("markup") {
        let percent = setting.get("markup").text("percent");
        let sign = if percent.starts_with('-') { "" } else { "+" };
        return (format!("{sign}{percent} %"), "on everything".to_owned());
    }
    if !setting.has("terms") {
        return ("Ended".to_owned(), String::new());
    }
    let price = |of: &Json| browser::money_exact(&of.text("unit_price"), currency);
    let mut small = Vec::new();
    let included = terms.text("included");
    if !included.is_empty() && included != "0" {
        small.push(format!("{} a month included", browser::number(&included)));
    }
    for tier in terms.list("tiers") {
        small.push(format!("{} above {}", price(&tier), browser::number(&tier.text("above"))));
    }
    (price(&terms), small.join("\n"))
}

/// What a price counts: a field of the event's data, or events.
pub fn counted(version: &Json) -> String {
    let field = version.get("setting").get("terms").text("quantity_field");
    if field.is_empty() { "each event".to_owned() } else { field }
}

/// `Agency`, `Customer`: who paid, as the word on the wire.
pub fn payer(word: &str) -> &'static str {
    if word == "agency" { "Agency" } else { "Customer" }
}
