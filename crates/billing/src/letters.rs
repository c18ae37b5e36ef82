//! The words of letters that a preview shows before they are sent: the browser and the server must agree on them.

use crate::text::{EmailAddress, Name};

/// The subject of a billing request, on the mail and above the pay page.
pub fn request_subject(account: &Name) -> String {
    format!("Set up billing for {account}")
}

/// What stands on the button of the mail.
pub const REQUEST_BUTTON: &str = "Add card and pay";

/// A good message to start from. Whoever is asked is greeted by the name in their address, if it looks like one.
pub fn default_message(email: Option<&EmailAddress>, account: &Name, agency: &Name) -> String {
    let greeting =
        email.and_then(first_name).map_or("Hello".to_owned(), |name| format!("Hi {name}"));
    format!(
        "{greeting},\n\nfrom now on the usage of {account} is paid from a balance of your own. Please add your card and make \
         a first payment; it takes two minutes.\n\nThank you,\n{agency}"
    )
}

/// `dana@brightwater.co` → `Dana`; nothing for `info@` and the like.
pub fn first_name(email: &EmailAddress) -> Option<String> {
    const ROLES: [&str; 12] = [
        "info",
        "billing",
        "accounts",
        "accounting",
        "office",
        "hello",
        "contact",
        "admin",
        "mail",
        "team",
        "finance",
        "support",
    ];
    let local = email.as_str().split('@').next()?;
    let word = local.split(['.', '_', '-', '+']).next()?;
    let is_name = word.len() >= 3
        && word.bytes().all(|b| b.is_ascii_alphabetic())
        && !ROLES.contains(&word.to_ascii_lowercase().as_str());
    is_name.then(|| {
        let (first, rest) = word.split_at(1);
        format!("{}{}", first.to_ascii_uppercase(), rest.to_ascii_lowercase())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn greets_people_and_not_departments() {
        for (email, name) in [
            ("dana@brightwater.co", Some("Dana")),
            ("dana.ruiz@brightwater.co", Some("Dana")),
            ("info@brightwater.co", None),
            ("d@brightwater.co", None),
            ("x9k2@brightwater.co", None),
        ] {
            let email = EmailAddress::parse(email).unwrap();
            assert_eq!(first_name(&email).as_deref(), name, "{email}");
        }
    }
}
