//! The rules about people: what a form must say, what a password must be, and that an agency keeps an owner.

use std::collections::BTreeSet;

use crate::{
    SubAccountId,
    access::Role,
    api::{FieldProblem, InvitePersonBody},
    text::{EmailAddress, Name, TextError},
};

/// The shortest password (NIST SP 800-63B §5.1.1 asks for 8; 12 costs nobody anything with a password manager).
pub const PASSWORD_MIN_CHARS: usize = 12;
/// The longest password, so that hashing one is no attack.
pub const PASSWORD_MAX_BYTES: usize = 1024;
/// Sub-accounts that one client user may belong to.
pub const ACCOUNTS_MAX: usize = 100;
/// Where the sub-accounts of a client user stand in a body.
pub const ACCOUNTS_POINTER: &str = "/accounts";
/// Why the last owner stays.
pub const LAST_OWNER: &str =
    "This is the agency's last owner. Make somebody else an owner first, then do this again.";

/// The fields of an invitation, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Their name.
    pub name: Name,
    /// Where it goes.
    pub email: EmailAddress,
    /// What they will be.
    pub role: Role,
    /// The sub-accounts of a client user.
    pub accounts: BTreeSet<SubAccountId>,
}

/// Checks every field of an invitation.
///
/// # Errors
/// One problem for each field that is wrong, in the order of the form.
pub fn parse_invitation(body: &InvitePersonBody) -> Result<Invitation, Vec<FieldProblem>> {
    let name = Name::parse(&body.name).map_err(|error| text_problem("/name", error));
    let email = EmailAddress::parse(&body.email).map_err(|error| text_problem("/email", error));
    let accounts = check_accounts(body.role, &body.accounts);
    match (name, email, accounts) {
        (Ok(name), Ok(email), Ok(accounts)) => {
            Ok(Invitation { name, email, role: body.role, accounts })
        }
        (name, email, accounts) => {
            Err([name.err(), email.err(), accounts.err()].into_iter().flatten().collect())
        }
    }
}

/// Checks a name that is to be changed.
///
/// # Errors
/// What is wrong with it.
pub fn parse_name(name: &str) -> Result<Name, FieldProblem> {
    Name::parse(name).map_err(|error| text_problem("/name", error))
}

/// Client users have sub-accounts, others have none: they see all.
///
/// # Errors
/// What is wrong with the list for this role.
pub fn check_accounts(
    role: Role,
    accounts: &[SubAccountId],
) -> Result<BTreeSet<SubAccountId>, FieldProblem> {
    match (role, accounts.len()) {
        (Role::Client, 0) => Err(problem(
            ACCOUNTS_POINTER,
            "required",
            "A client user belongs to an account: name one.",
        )),
        (Role::Client, 1..=ACCOUNTS_MAX) | (_, 0) => Ok(accounts.iter().copied().collect()),
        (Role::Client, _) => {
            let detail = format!("A client user belongs to at most {ACCOUNTS_MAX} accounts.");
            Err(problem(ACCOUNTS_POINTER, "too_many", detail))
        }
        _ => {
            let detail = "Only a client user belongs to accounts. Everybody else sees all of them.";
            Err(problem(ACCOUNTS_POINTER, "not_for_this_role", detail))
        }
    }
}

/// Checks a password that somebody wants to have.
///
/// # Errors
/// What is wrong with it.
pub fn check_password(password: &str, email: &EmailAddress) -> Result<(), FieldProblem> {
    if password.chars().count() < PASSWORD_MIN_CHARS {
        let detail = format!("A password has at least {PASSWORD_MIN_CHARS} characters.");
        return Err(problem("/password", "too_short", detail));
    }
    if password.len() > PASSWORD_MAX_BYTES {
        let detail = format!("A password has at most {PASSWORD_MAX_BYTES} bytes.");
        return Err(problem("/password", "too_long", detail));
    }
    if password.to_lowercase().contains(&email.as_str().to_lowercase()) {
        let detail = "Whoever knows your e-mail address would guess this. Choose something else.";
        return Err(problem("/password", "is_the_address", detail));
    }
    Ok(())
}

fn text_problem(pointer: &str, error: TextError) -> FieldProblem {
    problem(pointer, error.code(), error.to_string())
}

fn problem(pointer: &str, code: &str, detail: impl Into<String>) -> FieldProblem {
    FieldProblem { pointer: pointer.to_owned(), code: code.to_owned(), detail: detail.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;

    fn places(problems: Vec<FieldProblem>) -> Vec<(String, String)> {
        problems.into_iter().map(|wrong| (wrong.pointer, wrong.code)).collect()
    }

    #[test]
    fn every_wrong_field_of_an_invitation_is_named() {
        let account = SubAccountId::new(Timestamp::from_millis(1), [1; 10]);
        let body = |role, accounts| InvitePersonBody {
            name: " ".to_owned(),
            email: "kim".to_owned(),
            role,
            accounts,
        };
        let wrong = |role, accounts| places(parse_invitation(&body(role, accounts)).unwrap_err());
        let expect = |code: &str| {
            [("/name", "required"), ("/email", "not_an_address"), ("/accounts", code)]
                .map(|(place, code)| (place.to_owned(), code.to_owned()))
        };
        assert_eq!(wrong(Role::Client, vec![]), expect("required"));
        assert_eq!(wrong(Role::Client, vec![account; 101]), expect("too_many"));
        assert_eq!(wrong(Role::Viewer, vec![account]), expect("not_for_this_role"));
        assert_eq!(wrong(Role::Viewer, vec![]), expect("")[..2]);
        let fine = InvitePersonBody {
            name: "Kim".to_owned(),
            email: "kim@x.example".to_owned(),
            ..body(Role::Client, vec![account, account])
        };
        assert_eq!(parse_invitation(&fine).unwrap().accounts, BTreeSet::from([account]));
    }

    #[test]
    fn a_password_is_long_enough_and_not_the_address() {
        let email = EmailAddress::parse("Kim.Longname@x.example").unwrap();
        let code = |password: &str| check_password(password, &email).err().map(|wrong| wrong.code);
        assert_eq!(code("elevenchars").as_deref(), Some("too_short"));
        assert_eq!(code("éééééééééééé"), None);
        assert_eq!(code(&"é".repeat(513)).as_deref(), Some("too_long"));
        assert_eq!(code("kim.longname@X.EXAMPLE").as_deref(), Some("is_the_address"));
        assert_eq!(code("1kim.longname@x.example!").as_deref(), Some("is_the_address"));
        assert_eq!(code("correct horse battery"), None);
    }
}
