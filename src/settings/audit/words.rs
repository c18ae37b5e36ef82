//! The trail in words: who, what, and what it changed.

use crate::browser::Json;

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

/// `role: viewer → owner`, a line for each thing that is another one than before.
pub fn changed(before: &str, after: &str) -> String {
    let leaves = |text: &str| Json::parse(text).map(|json| json.leaves()).unwrap_or_default();
    let (old, new) = (leaves(before), leaves(after));
    let of = |all: &[(String, String)], path: &str| {
        all.iter().find(|(other, _)| other == path).map(|(_, value)| short(value))
    };
    let gone = old.iter().filter(|(path, _)| of(&new, path).is_none());
    let mut lines: Vec<String> = Vec::new();
    for (path, _) in new.iter().chain(gone) {
        let name = path.replace('_', " ");
        match (of(&old, path), of(&new, path)) {
            (Some(old), Some(new)) if old == new => {}
            (Some(old), Some(new)) => lines.push(format!("{name}: {old} → {new}")),
            (None, Some(new)) if old.is_empty() => lines.push(format!("{name}: {new}")),
            (None, Some(new)) => lines.push(format!("{name}: – → {new}")),
            (Some(old), None) if new.is_empty() => lines.push(format!("{name}: was {old}")),
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

fn short(value: &str) -> String {
    if value.chars().count() <= LENGTH {
        return value.to_owned();
    }
    value.chars().take(LENGTH).chain(['…']).collect()
}
