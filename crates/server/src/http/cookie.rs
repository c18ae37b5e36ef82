//! The session's cookie.

use axum::http::{HeaderMap, HeaderValue, header};
use billing::Timestamp;

/// Over TLS: no subdomain can set it, and it never goes out in the clear.
const SECURE_NAME: &str = "__Host-sluice";
/// On plain HTTP, for a demo or behind nothing on one's own machine.
const PLAIN_NAME: &str = "sluice";

fn name(https: bool) -> &'static str {
    if https { SECURE_NAME } else { PLAIN_NAME }
}

/// The session's token, if one came along.
pub fn token(headers: &HeaderMap, https: bool) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name(https) && !value.is_empty()).then_some(value))
}

/// `Set-Cookie` that signs in until `expires_at`.
pub fn set(token: &str, now: Timestamp, expires_at: Timestamp, https: bool) -> Option<HeaderValue> {
    line(token, expires_at.since(now).as_secs(), https)
}

/// `Set-Cookie` that signs out.
pub fn clear(https: bool) -> Option<HeaderValue> {
    line("", 0, https)
}

fn line(token: &str, max_age_seconds: u64, https: bool) -> Option<HeaderValue> {
    let secure = if https { "; Secure" } else { "" };
    let name = name(https);
    let line = format!(
        "{name}={token}; Path=/; Max-Age={max_age_seconds}; HttpOnly; SameSite=Lax{secure}"
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
        assert_eq!(clear(false).unwrap(), "sluice=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
    }
}
