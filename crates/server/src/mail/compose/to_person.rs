//! The words to people about themselves: how they come in, and in again.

use billing::{
    Timestamp,
    access::Role,
    text::{EmailAddress, Name},
};

use super::{
    Facts, LetterContent, Look, PRODUCT,
    dates::moment,
    sheet::{Button, Sheet},
};

pub fn sheet(letter: &LetterContent) -> Sheet {
    match &letter.facts {
        Facts::Invitation { name, by, role, accounts, link, expires_at } => {
            invitation(letter, (name, by), *role, accounts, link, *expires_at)
        }
        Facts::PasswordReset { link, expires_at } => reset(&letter.to, link, *expires_at),
        // Other letters are not worded here.
        _ => Sheet::default(),
    }
}

fn invitation(
    letter: &LetterContent,
    (name, by): (&Name, &str),
    role: Role,
    accounts: &[Name],
    link: &str,
    expires_at: Timestamp,
) -> Sheet {
    let (agency, to) = (&letter.agency, &letter.to);
    let what = match role {
        Role::Owner => "You will run the agency with them: people, keys, prices and billing.",
        Role::BillingManager => {
            "You will handle the billing: who pays for which account, requests to customers, prices."
        }
        Role::Viewer => "You will see the agency's accounts, balances and usage.",
        Role::Client => {
            "You will see what your accounts use, and their balance while you pay for them."
        }
    };
    let names: Vec<_> = accounts.iter().map(Name::as_str).collect();
    let is_client = role == Role::Client;
    let sheet = Sheet {
        look: if is_client { letter.look.for_mail() } else { Look::default() },
        // Clients know the agency; its own people will work with the product.
        sender: if is_client { agency.to_string() } else { PRODUCT.to_owned() },
        heading: format!("{agency} invites you to its billing"),
        lead: vec![format!("Hello {name},"), format!("{by} invites you to {agency}. {what}")],
        button: Some(Button { label: "Choose a password", url: link.to_owned() }),
        next: vec![
            format!(
                "The link is good until {} and works once. It is yours alone: please do not forward it.",
                moment(expires_at)
            ),
            "If you did not expect this, you can ignore it.".to_owned(),
        ],
        small: vec![format!("Sent to {to} by {agency} with Sluice, its billing system.")],
        ..Sheet::default()
    };
    sheet
        .fact("Sign in as", to)
        .fact("Role", role.label())
        .fact_if("Accounts", (!names.is_empty()).then(|| names.join(", ")))
}

fn reset(to: &EmailAddress, link: &str, expires_at: Timestamp) -> Sheet {
    Sheet {
        sender: PRODUCT.to_owned(),
        heading: "Choose a new password".to_owned(),
        lead: vec![format!("Somebody asked for a new password for {to}.")],
        button: Some(Button { label: "Choose a new password", url: link.to_owned() }),
        next: vec![
            format!(
                "The link is good until {} and works once. Everybody who is signed in with the old \
                 password is signed out then.",
                moment(expires_at)
            ),
            "If it was not you, you can ignore this: the password stays as it is.".to_owned(),
        ],
        small: vec![format!("Sent to {to} by Sluice.")],
        ..Sheet::default()
    }
}
