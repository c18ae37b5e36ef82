//! Passwords: which are taken, and how somebody who is signed in changes theirs.

use billing::{
    Timestamp,
    api::{FieldProblem, Who},
    people::check_password,
    text::{EmailAddress, Name},
};
use zxcvbn::{Score, zxcvbn};

use super::{ExecuteError, Origin, Tools, people};
use crate::storage::{Scope, StorageError, Transaction, users::UserRow};

/// Words that an attacker tries first here, beside the person's own name and address.
const WORDS: [&str; 4] = ["sluice", "billing", "agency", "password"];
/// What is looked at for patterns, in characters; nobody guesses what follows.
const LOOKED_AT_CHARS: usize = 64;

/// Checks a password that somebody wants to have: its form ([`check_password`]), and that it is not among those that are tried
/// first: the common ones of the breaches, patterns of keyboards and dates, the person's own names, and what is made of them.
///
/// # Errors
/// What is wrong with it.
pub fn check_new(password: &str, name: &Name, email: &EmailAddress) -> Result<(), FieldProblem> {
    check_password(password, email)?;
    let text: String = password.chars().take(LOOKED_AT_CHARS).collect();
    let own = email.as_str().split(['@', '.', '+', '-', '_']);
    let own = own.chain(name.as_str().split_whitespace());
    let words: Vec<&str> = WORDS.into_iter().chain(own).collect();
    if zxcvbn(&text, &words).score() < Score::Two {
        return Err(FieldProblem {
            pointer: "/password".to_owned(),
            code: "too_common".to_owned(),
            detail: "Many people have this password, or it is easily guessed. Choose another."
                .to_owned(),
        });
    }
    Ok(())
}

/// Somebody has a new password from now on: every session and ticket of theirs is over, and a new session begins, whose token
/// and end are answered.
///
/// # Errors
/// `NotFound` when their password is no longer the one that they have shown, or they are gone.
pub fn change(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    shown: &UserRow,
    password_hash: &str,
    agent: &str,
    request_id: &str,
) -> Result<(String, Timestamp), ExecuteError> {
    let found = tx.user(scope, shown.id)?;
    let mut user = found
        .filter(|user| user.password_hash == shown.password_hash)
        .ok_or(ExecuteError::NotFound)?;
    password_hash.clone_into(&mut user.password_hash);
    tx.save_user(scope, &user)?;
    tx.delete_tickets(scope, user.id)?;
    tx.delete_sessions_of(scope, user.id)?;
    told(tx, tools, scope, &user, "change_password", request_id)?;
    people::start_session(tx, tools, scope, user.id, agent)
}

/// Writes down what somebody did with their own way in.
///
/// # Errors
/// When storage fails.
pub fn told(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    user: &UserRow,
    action: &str,
    request_id: &str,
) -> Result<(), StorageError> {
    let who = Who::User { id: user.id, name: user.name.to_string() };
    tx.insert_audit(scope, &Origin::new(who, request_id).did(action, tools.now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_everybody_tries_first_is_refused_and_anything_long_of_ones_own_is_fine() {
        let name = Name::parse("Robin Haleworth").unwrap();
        let email = EmailAddress::parse("robin@northwindmedia.example").unwrap();
        let code =
            |password: &str| check_new(password, &name, &email).err().map(|wrong| wrong.code);
        for common in [
            "123456789012",
            "passwordpassword",
            "qwertyuiop123",
            "aaaaaaaaaaaaaa",
            "northwindmedia",
            "haleworth2026",
            "Password1234",
            "sluicebilling",
            "abcdefghijklm",
        ] {
            assert_eq!(code(common).as_deref(), Some("too_common"), "{common}");
        }
        assert_eq!(code("short").as_deref(), Some("too_short"));
        for fine in ["correct horse battery", "éèêëēėęůûüūú", "        plum 7 spade"] {
            assert_eq!(code(fine), None, "{fine}");
        }
        assert_eq!(code(&"long and longer ".repeat(60)), None);
    }
}
