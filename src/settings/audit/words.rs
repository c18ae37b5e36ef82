//! The trail in words: who, what, and what it changed.

use crate::browser::{self, Json};

/// Kinds of who, for the filter.
pub const WHO: [(&str, &str); 5] = [
    ("", "Anybody"),
    ("user", "People"),
    ("key", "API keys"),
    ("customer", "Customers"),
    ("system", "Sluice itself"),
];

/// What can be filtered by; whatever else the trail has is found under *Anything*.
pub const ACTIONS: [&str; 28] = [
    "request_billing",
    "ask_for_usage",
    "resend_request",
    "revoke_request",
    "expire_request",
    "make_link_to_copy",
    "start_payment",
    "settle_payment",
    "fail_payment",
    "add_to_agency",
    "settle_refund",
    "set_price",
    "adjust",
    "invite_person",
    "invite_again",
    "accept_invitation",
    "change_person",
    "remove_person",
    "reset_password",
    "end_session",
    "create_key",
    "revoke_key",
    "set_embed_origins",
    "set_branding",
    "set_logo",
    "remove_logo",
    "add_endpoint",
    "remove_endpoint",
];

/// Changes that are told of one line; the file has all.
const TOLD: usize = 8;
/// Characters of one value.
const LENGTH: usize = 80;

/// `request_billing` → `Request billing`
pub fn action(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Who it was, and of what kind.
pub fn who(who: &Json) -> (String, &'static str) {
    match who.text("kind").as_str() {
        "user" => (who.text("name"), ""),
        "key" => (who.text("name"), "API key"),
        "customer" => (who.text("email"), "customer, by a secure link"),
        _ => (who.text("part"), "Sluice itself"),
    }
}

/// `role: viewer → owner`, a line for each thing that is another one than before. What only machines read is in the file alone.
pub fn changed(before: &str, after: &str) -> String {
    let leaves = |text: &str| {
        let leaves = Json::parse(text).map(|json| json.leaves()).unwrap_or_default();
        leaves.into_iter().filter(|(path, value)| is_for_people(path, value)).collect::<Vec<_>>()
    };
    let (old, new) = (leaves(before), leaves(after));
    let of = |all: &[(String, String)], path: &str| {
        all.iter().find(|(other, _)| other == path).map(|(_, value)| plain(value))
    };
    let gone = old.iter().filter(|(path, _)| of(&new, path).is_none());
    let mut lines: Vec<String> = Vec::new();
    for (path, _) in new.iter().chain(gone) {
        let name = named(path);
        match (of(&old, path), of(&new, path)) {
            (Some(old), Some(new)) if old == new => {}
            (Some(old), Some(new)) => lines.push(format!("{name}: {old} → {new}")),
            (None, Some(new)) if before.is_empty() => lines.push(format!("{name}: {new}")),
            (None, Some(new)) => lines.push(format!("{name}: – → {new}")),
            (Some(old), None) if after.is_empty() => lines.push(format!("{name}: was {old}")),
            (Some(old), None) => lines.push(format!("{name}: {old} → –")),
            (None, None) => {}
        }
    }
    if lines.len() > TOLD {
        let more = lines.len() - TOLD;
        lines.truncate(TOLD);
        lines.push(format!("and {more} more, in the CSV"));
    }
    lines.join("\n")
}

/// `pay_01m83…`: a word, and what only machines read.
fn is_id(text: &str) -> bool {
    text.rsplit_once('_').is_some_and(|(kind, rest)| {
        kind.len() <= 4 && rest.len() >= 26 && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// No ids, no counters of versions, no currency beside each amount, nothing that is not so.
fn is_for_people(path: &str, value: &str) -> bool {
    let last = path.rsplit('.').next().unwrap_or(path);
    !is_id(value) && value != "false" && !matches!(last, "version" | "currency")
}

/// `payments.pay_01….amount.amount` → `payments amount`
fn named(path: &str) -> String {
    let mut parts: Vec<_> = path.split('.').filter(|part| !is_id(part)).collect();
    parts.dedup();
    parts.join(" ").replace('_', " ")
}

/// A value as people write it: a time, a word of the wire, a text that is not too long.
fn plain(value: &str) -> String {
    let is_time = value.len() >= 20 && value.as_bytes().get(10) == Some(&b'T');
    if let Some(millis) = browser::millis_of(value).filter(|_| is_time) {
        return browser::date_time(millis);
    }
    if value.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') {
        return value.replace('_', " ");
    }
    if value.chars().count() <= LENGTH {
        return value.to_owned();
    }
    value.chars().take(LENGTH).chain(['…']).collect()
}
