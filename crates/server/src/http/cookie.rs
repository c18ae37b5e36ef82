//! Cookies: the session's, and that of an attempt to sign in with an OpenID provider.

use axum::http::{HeaderMap, HeaderValue, header};
use billing::Timestamp;

/// A cookie of ours.
#[derive(Clone, Copy)]
enum Cookie {
    /// A session's token.
    Session,
    /// What binds a provider's answer to this browser.
    Attempt,
}

/// Over TLS: no subdomain can set it, and it never goes out in the clear.
const SECURE_NAME: &str = "__Host-sluice";
/// On plain HTTP, for a demo or behind nothing on one's own machine.
const PLAIN_NAME: &str = "sluice";
/// The same for an attempt.
const ATTEMPT_SECURE_NAME: &str = "__Host-sluice-oidc";
/// The same for an attempt.
const ATTEMPT_PLAIN_NAME: &str = "sluice-oidc";
/// How long somebody may take at their provider.
const ATTEMPT_SECONDS: u64 = 10 * 60;

fn name(cookie: Cookie, https: bool) -> &'static str {
    match (cookie, https) {
        (Cookie::Session, true) => SECURE_NAME,
        (Cookie::Session, false) => PLAIN_NAME,
        (Cookie::Attempt, true) => ATTEMPT_SECURE_NAME,
        (Cookie::Attempt, false) => ATTEMPT_PLAIN_NAME,
    }
}

/// The session's token, if one came along.
pub fn token(headers: &HeaderMap, https: bool) -> Option<&str> {
    value(headers, Cookie::Session, https)
}

/// The attempt to sign in with a provider, if one came along.
pub fn attempt(headers: &HeaderMap, https: bool) -> Option<&str> {
    value(headers, Cookie::Attempt, https)
}

fn value(headers: &HeaderMap, cookie: Cookie, https: bool) -> Option<&str> {
    let name = name(cookie, https);
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name && !value.is_empty()).then_some(value))
}

/// `Set-Cookie` that signs in until `expires_at`.
pub fn set(token: &str, now: Timestamp, expires_at: Timestamp, https: bool) -> Option<HeaderValue> {
    line(Cookie::Session, token, expires_at.since(now).as_secs(), https)
}

/// `Set-Cookie` that signs out.
pub fn clear(https: bool) -> Option<HeaderValue> {
    line(Cookie::Session, "", 0, https)
}

/// `Set-Cookie` that begins an attempt. Lax, as the provider's redirect comes from elsewhere.
pub fn set_attempt(text: &str, https: bool) -> Option<HeaderValue> {
    line(Cookie::Attempt, text, ATTEMPT_SECONDS, https)
}

/// `Set-Cookie` that ends an attempt.
pub fn clear_attempt(https: bool) -> Option<HeaderValue> {
    line(Cookie::Attempt, "", 0, https)
}

fn line(cookie: Cookie, value: &str, max_age_seconds: u64, https: bool) -> Option<HeaderValue> {
    let secure = if https { "; Secure" } else { "" };
    let name = name(cookie, https);
    let line = format!(
        "{name}={value}; Path=/; Max-Age={max_age_seconds}; HttpOnly; SameSite=Lax{secure}"
    );
    HeaderValue::from_str(&line).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_found_among_others_by_its_exact_name() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; xsluice=no; sluice=yes"));
        headers.append(header::COOKIE, HeaderValue::from_static("__Host-sluice=safe"));
        assert_eq!(token(&headers, false), Some("yes"));
        assert_eq!(token(&headers, true), Some("safe"));
        assert_eq!(token(&HeaderMap::new(), true), None);
    }

    #[test]
    fn is_locked_down_over_tls() {
        let at = Timestamp::from_millis;
        assert_eq!(
            set("t", at(0), at(60_000), true).unwrap(),
            "__Host-sluice=t; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure"
        );
        let attempt = set_attempt("a", true).unwrap();
        let expected = "__Host-sluice-oidc=a; Path=/; Max-Age=600; HttpOnly; SameSite=Lax; Secure";
        assert_eq!(attempt, expected);
        assert_eq!(clear(false).unwrap(), "sluice=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
    }
}
