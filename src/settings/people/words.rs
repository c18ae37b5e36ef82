//! Roles in words.

use billing::access::Role;

/// `Billing manager`
pub fn title(role: Role) -> &'static str {
    match role {
        Role::Owner => "Owner",
        Role::BillingManager => "Billing manager",
        Role::Viewer => "Viewer",
        Role::Client => "Client user",
    }
}

/// What it lets somebody do.
pub fn means(role: Role) -> &'static str {
    match role {
        Role::Owner => "Owners do everything, people, keys and settings included.",
        Role::BillingManager => "Billing managers handle money: who pays, requests, prices.",
        Role::Viewer => "Viewers see everything of the agency and change nothing.",
        Role::Client => {
            "Client users see their own accounts: usage, and the balance when it is theirs."
        }
    }
}

/// `a`, `an`
pub fn article(role: Role) -> &'static str {
    if role == Role::Owner { "an" } else { "a" }
}
