//! Query parameters: each known by name, at most once, every wrong one told.

use std::collections::BTreeMap;

use axum::{extract::FromRequestParts, http::request::Parts};
use billing::{
    Standing,
    api::{AccountSort, FieldProblem, PayerFilter},
    text::{TextError, has_card_number},
};

use super::{Failure, cursor};
use crate::storage::accounts::AccountQuery;

/// Rows on a page, unless the client says otherwise.
const LIMIT_DEFAULT: u32 = 50;
/// Rows on a page at most.
const LIMIT_MAX: u32 = 100;
/// The longest search text, in characters.
const TEXT_MAX_CHARS: usize = 200;

/// What stands after the question mark, while it is being read.
pub struct Query {
    parameters: BTreeMap<String, String>,
    problems: Vec<FieldProblem>,
}

impl<S: Sync> FromRequestParts<S> for Query {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        Ok(Self::parse(parts.uri.query().unwrap_or_default()))
    }
}

impl Query {
    fn parse(text: &str) -> Self {
        let mut query = Self { parameters: BTreeMap::new(), problems: Vec::new() };
        for (name, value) in url::form_urlencoded::parse(text.as_bytes()) {
            if value.chars().any(char::is_control) {
                let wrong = TextError::ControlCharacter;
                query.problem(&name, wrong.code(), wrong.to_string());
            }
            if has_card_number(&value) {
                let wrong = TextError::CardNumber;
                query.problem(&name, wrong.code(), wrong.to_string());
            }
            if query.parameters.insert(name.to_string(), value.into_owned()).is_some() {
                query.problem(&name, "repeated", "Give this once.".to_owned());
            }
        }
        query
    }

    fn problem(&mut self, name: &str, code: &str, detail: String) {
        let (pointer, code) = (name.to_owned(), code.to_owned());
        self.problems.push(FieldProblem { pointer, code, detail });
    }

    /// The text of a parameter; an empty one counts as absent, as forms send them.
    pub fn text(&mut self, name: &str) -> Option<String> {
        self.parameters.remove(name).filter(|value| !value.is_empty())
    }

    /// A parameter that `read` understands.
    pub fn read<T>(
        &mut self,
        name: &str,
        expected: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(name)?;
        let value = read(&text);
        if value.is_none() {
            self.problem(name, "invalid", format!("Expected {expected}."));
        }
        value
    }

    /// How many rows.
    pub fn limit(&mut self) -> u32 {
        let read = |text: &str| text.parse().ok().filter(|limit| (1..=LIMIT_MAX).contains(limit));
        self.read("limit", &format!("a number from 1 to {LIMIT_MAX}"), read)
            .unwrap_or(LIMIT_DEFAULT)
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// 422 with every parameter that is unknown, repeated or wrong.
    pub fn finish(mut self) -> Result<(), Failure> {
        for name in std::mem::take(&mut self.parameters).into_keys() {
            self.problem(&name, "unknown_parameter", "There is no such parameter.".to_owned());
        }
        if self.problems.is_empty() { Ok(()) } else { Err(Failure::invalid(self.problems)) }
    }

    /// Which accounts to list.
    ///
    /// # Errors
    /// As [`Self::finish`].
    pub fn accounts(mut self) -> Result<AccountQuery, Failure> {
        let words = "all, agency, customer or between";
        let payer = self.read("funding", words, PayerFilter::from_name).unwrap_or_default();
        let standing = self.read("standing", "active, low or paused", |word| match word {
            "active" => Some(Standing::Active),
            "low" => Some(Standing::Low),
            "paused" => Some(Standing::Paused),
            _ => None,
        });
        let closed = self.read("closed", "true or false", |word| word.parse().ok());
        let short =
            |text: &str| (text.chars().count() <= TEXT_MAX_CHARS).then(|| text.trim().to_owned());
        let text = self.read("q", &format!("at most {TEXT_MAX_CHARS} characters"), short);
        let words = AccountSort::ALL.map(AccountSort::name).join(", ");
        let sort = self.read("sort", &format!("one of {words}"), AccountSort::from_name);
        let sort = sort.unwrap_or_default();
        let words = "a next_cursor of this list in this order";
        let after = self.read("cursor", words, |text| cursor::account(text, sort));
        let limit = self.limit();
        self.finish()?;
        let text = text.filter(|text| !text.is_empty());
        Ok(AccountQuery { payer, standing, closed, text, sort, after, limit })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wrong_parameter_is_named() {
        let long = "x".repeat(201);
        let query = format!(
            "funding=nobody&standing=up&q={long}&sort=size&cursor=x&limit=0&page=2&limit=101"
        );
        let failure = Query::parse(&query).accounts().unwrap_err();
        let mut named: Vec<_> =
            failure.errors.iter().map(|e| (e.pointer.as_str(), e.code.as_str())).collect();
        named.sort_unstable();
        assert_eq!(
            named,
            [
                ("cursor", "invalid"),
                ("funding", "invalid"),
                ("limit", "invalid"),
                ("limit", "repeated"),
                ("page", "unknown_parameter"),
                ("q", "invalid"),
                ("sort", "invalid"),
                ("standing", "invalid"),
            ]
        );
    }

    #[test]
    fn what_does_not_print_and_what_pays_is_refused_in_every_parameter() {
        let failure = Query::parse("q=4242-4242+4242%204242&sort=a%00b").accounts().unwrap_err();
        let mut named: Vec<_> =
            failure.errors.iter().map(|e| (e.pointer.as_str(), e.code.as_str())).collect();
        named.sort_unstable();
        let expected = [("q", "card_number"), ("sort", "control_character"), ("sort", "invalid")];
        assert_eq!(named, expected);
    }

    #[test]
    fn nothing_said_is_the_first_fifty_by_name() {
        let query = Query::parse("funding=&q=+").accounts().unwrap();
        assert_eq!(query, AccountQuery { limit: 50, ..AccountQuery::default() });
        let query = Query::parse("sort=-since&q=%20caf%C3%A9&funding=between&limit=100");
        let query = query.accounts().unwrap();
        assert_eq!(query.sort, AccountSort::SinceDescending);
        assert_eq!((query.text.as_deref(), query.limit), (Some("café"), 100));
        assert_eq!(query.payer, PayerFilter::Between);
    }
}
