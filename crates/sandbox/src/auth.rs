//! Whose request it is: the account's server (secret key) or a browser (publishable key).

use axum::http::{HeaderMap, header::AUTHORIZATION};

use crate::error::ApiError;

/// Which key came with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    Secret,
    Publishable,
}

/// The two keys of the one account there is.
#[derive(Debug, Clone)]
pub(crate) struct Keys {
    pub secret: String,
    pub publishable: String,
}

impl Keys {
    /// Tells the key of `Authorization: Bearer …` or `Basic …`.
    pub fn recognise(&self, headers: &HeaderMap) -> Result<Key, ApiError> {
        let given = headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .and_then(|(scheme, rest)| match scheme.to_ascii_lowercase().as_str() {
                "bearer" => Some(rest.trim().to_owned()),
                "basic" => basic_user(rest.trim()),
                _ => None,
            })
            .filter(|key| !key.is_empty());
        let Some(given) = given else {
            return Err(ApiError::unauthorized(
                "You did not provide an API key. You need to provide your API key in the \
                 Authorization header, using Bearer auth (e.g. 'Authorization: Bearer \
                 YOUR_SECRET_KEY').",
            ));
        };
        if given == self.secret {
            Ok(Key::Secret)
        } else if given == self.publishable {
            Ok(Key::Publishable)
        } else {
            let shown: String = given.chars().take(8).collect();
            Err(ApiError::unauthorized(format!("Invalid API Key provided: {shown}****")))
        }
    }
}

/// The user name of HTTP basic authentication, which is where Stripe's API takes its key.
fn basic_user(encoded: &str) -> Option<String> {
    let mut bits: u32 = 0;
    let mut held = 0;
    let mut bytes = Vec::new();
    for symbol in encoded.bytes().take_while(|symbol| *symbol != b'=') {
        let value = match symbol {
            b'A'..=b'Z' => symbol - b'A',
            b'a'..=b'z' => symbol - b'a' + 26,
            b'0'..=b'9' => symbol - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from((bits >> held) & 0xff).ok()?);
        }
    }
    let text = String::from_utf8(bytes).ok()?;
    text.split(':').next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::basic_user;

    #[test]
    fn the_user_name_of_basic_authentication_is_the_key() {
        assert_eq!(basic_user("c2tfdGVzdF9zYW5kYm94Og==").as_deref(), Some("sk_test_sandbox"));
        assert_eq!(basic_user("YTpi").as_deref(), Some("a"));
        assert_eq!(basic_user("!"), None);
    }
}
