//! The headers that make a command safe: `If-Match` and `Idempotency-Key`.

use axum::http::{HeaderMap, StatusCode, header};

use super::Failure;

/// The longest key, in bytes.
const KEY_MAX_BYTES: usize = 255;

/// The version that whoever asks has seen: `If-Match: "7"`.
///
/// # Errors
/// 428 when it is missing, 400 when it is no version.
pub fn if_match(headers: &HeaderMap) -> Result<u64, Failure> {
    let Some(value) = headers.get(header::IF_MATCH) else {
        let detail = "Say with If-Match which version of the account you have seen.";
        let status = StatusCode::PRECONDITION_REQUIRED;
        return Err(Failure::new(status, "if_match_required", detail));
    };
    let version = value.to_str().ok().and_then(|value| {
        let value = value.trim();
        let quoted = value.strip_prefix("W/").unwrap_or(value);
        quoted.strip_prefix('"')?.strip_suffix('"')?.parse().ok()
    });
    version.ok_or_else(|| {
        let detail = "If-Match takes one version in quotes, as the ETag gives it.";
        Failure::new(StatusCode::BAD_REQUEST, "if_match_invalid", detail)
    })
}

/// The key that a request must have.
///
/// # Errors
/// 400 when it is missing or is no key.
pub fn idempotency_key(headers: &HeaderMap) -> Result<String, Failure> {
    optional_idempotency_key(headers)?.ok_or_else(|| {
        let detail =
            "This request needs an Idempotency-Key, so that a repeat has no second effect.";
        Failure::new(StatusCode::BAD_REQUEST, "idempotency_key_required", detail)
    })
}

/// The key that a request may have.
///
/// # Errors
/// 400 when it is no key.
pub fn optional_idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Failure> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let key = value.as_bytes();
    let fits = (1..=KEY_MAX_BYTES).contains(&key.len());
    if fits && key.iter().all(u8::is_ascii_graphic) {
        return Ok(Some(String::from_utf8_lossy(key).into_owned()));
    }
    let detail = format!("An Idempotency-Key is 1 to {KEY_MAX_BYTES} visible ASCII characters.");
    Err(Failure::new(StatusCode::BAD_REQUEST, "idempotency_key_invalid", detail))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn with(name: &'static str, value: &[u8]) -> HeaderMap {
        HeaderMap::from_iter([(name.parse().unwrap(), HeaderValue::from_bytes(value).unwrap())])
    }

    #[test]
    fn if_match_is_one_quoted_version() {
        assert_eq!(if_match(&with("if-match", b"\"7\"")), Ok(7));
        assert_eq!(if_match(&with("if-match", b"W/\"12\"")), Ok(12));
        for wrong in ["7", "*", "\"x\"", "\"7\", \"8\"", "\"-1\"", ""] {
            let failure = if_match(&with("if-match", wrong.as_bytes())).unwrap_err();
            assert_eq!(failure.code, "if_match_invalid", "{wrong}");
        }
        assert_eq!(if_match(&HeaderMap::new()).unwrap_err().status.as_u16(), 428);
    }

    #[test]
    fn a_key_is_visible_ascii() {
        let key = |value: &[u8]| idempotency_key(&with("idempotency-key", value));
        assert_eq!(key(b"a-1"), Ok("a-1".to_owned()));
        assert!(key(&[b'k'; 255]).is_ok());
        for wrong in [&[b'k'; 256][..], b"", b"a b", b"caf\xc3\xa9"] {
            assert_eq!(key(wrong).unwrap_err().code, "idempotency_key_invalid");
        }
        let missing = idempotency_key(&HeaderMap::new()).unwrap_err();
        assert_eq!(missing.code, "idempotency_key_required");
    }
}
