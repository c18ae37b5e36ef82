//! Bodies: bounded in size and time, and either exactly what is asked for or a clear no.

use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Request},
    http::{HeaderMap, StatusCode, header},
};
use billing::api::FieldProblem;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::error::Category;

use super::Failure;

/// The largest body.
pub const LIMIT_BYTES: usize = 1024 * 1024;
/// The longest that a body may take to arrive.
const READ_WITHIN: Duration = Duration::from_secs(30);

/// A body as it came.
pub struct Raw(pub Bytes);

impl<S: Sync> FromRequest<S> for Raw {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failure> {
        read(request.into_body()).await.map(Self)
    }
}

/// A JSON body, with the bytes it was read from.
pub struct Json<T> {
    /// What it says.
    pub value: T,
    /// As it came.
    pub raw: Bytes,
}

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failure> {
        if !is_json(request.headers()) {
            let detail = "Send the body as application/json.";
            let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            return Err(Failure::new(status, "unsupported_media_type", detail));
        }
        let raw = read(request.into_body()).await?;
        let value = parse(&raw)?;
        Ok(Self { value, raw })
    }
}

async fn read(body: Body) -> Result<Bytes, Failure> {
    let collected = tokio::time::timeout(READ_WITHIN, Limited::new(body, LIMIT_BYTES).collect());
    match collected.await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            let detail = "A body is at most 1 MiB.";
            Err(Failure::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail))
        }
        Ok(Err(_)) => Err(Failure::malformed("The body ended early.")),
        Err(_) => {
            let detail = "The body took too long to arrive.";
            Err(Failure::new(StatusCode::REQUEST_TIMEOUT, "too_slow", detail))
        }
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok())
    else {
        return false;
    };
    let media_type = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    media_type == "application/json"
        || media_type.starts_with("application/") && media_type.ends_with("+json")
}

/// Reads JSON.
///
/// # Errors
/// 400 when it is none, 422 with the place when it is of another shape.
pub fn parse<'a, T: Deserialize<'a>>(raw: &'a [u8]) -> Result<T, Failure> {
    let mut json = serde_json::Deserializer::from_slice(raw);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| explain(&error))?;
    json.end().map_err(|_| Failure::malformed("Something follows the JSON value."))?;
    Ok(value)
}

/// Broken JSON is 400; JSON of another shape is 422 with the place.
fn explain(error: &serde_path_to_error::Error<serde_json::Error>) -> Failure {
    let inner = error.inner();
    if inner.classify() != Category::Data {
        let (line, column) = (inner.line(), inner.column());
        return Failure::malformed(format!("This is not JSON (line {line}, column {column})."));
    }
    // Serde ends its sentence with the place in the text, which the pointer tells better.
    let said = inner.to_string();
    let said = said.rsplit_once(" at line ").map_or(said.as_str(), |(sentence, _)| sentence);
    let mut pointer = pointer(error.path());
    let (code, detail) = if let Some(name) = named(said, "unknown field `") {
        if !pointer.ends_with(&format!("/{}", escaped(name))) {
            pointer = format!("{pointer}/{}", escaped(name));
        }
        ("unknown_field", format!("There is no field {name} here."))
    } else if let Some(name) = named(said, "missing field `") {
        pointer = format!("{pointer}/{}", escaped(name));
        ("required", "This is needed.".to_owned())
    } else {
        ("invalid", format!("This cannot be read: {said}."))
    };
    Failure::invalid(vec![FieldProblem { pointer, code: code.to_owned(), detail }])
}

fn named<'a>(sentence: &'a str, before: &str) -> Option<&'a str> {
    sentence.strip_prefix(before)?.split('`').next()
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .map(|segment| match segment {
            Segment::Map { key } => format!("/{}", escaped(key)),
            Segment::Seq { index } => format!("/{index}"),
            Segment::Enum { variant } => format!("/{}", escaped(variant)),
            Segment::Unknown => String::new(),
        })
        .collect()
}

/// RFC 6901 §3.
fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use billing::api::BillingRequestBody;

    use super::*;

    fn no(body: &str) -> Failure {
        parse::<BillingRequestBody>(body.as_bytes()).unwrap_err()
    }

    fn field(body: &str) -> (String, String) {
        let failure = no(body);
        assert_eq!(failure.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        let [problem] = failure.errors.as_slice() else { panic!("{failure:?}") };
        (problem.pointer.clone(), problem.code.clone())
    }

    #[test]
    fn tells_the_place_of_what_is_wrong() {
        let money = r#"{"amount":"25.00","currency":"USD"}"#;
        for (body, pointer, code) in [
            ("{}".to_owned(), "/email", "required"),
            (r#"{"e/m~":1}"#.to_owned(), "/e~1m~0", "unknown_field"),
            (r#"{"email":7}"#.to_owned(), "/email", "invalid"),
            (
                format!(r#"{{"email":"a","starting_balance":{money},"message":"m","x":1}}"#),
                "/x",
                "unknown_field",
            ),
            (
                r#"{"email":"a","starting_balance":{"amount":25,"currency":"USD"}}"#.to_owned(),
                "/starting_balance/amount",
                "invalid",
            ),
            (
                r#"{"email":"a","starting_balance":{"amount":"25"}}"#.to_owned(),
                "/starting_balance/currency",
                "required",
            ),
        ] {
            assert_eq!(field(&body), (pointer.to_owned(), code.to_owned()), "{body}");
        }
    }

    #[test]
    fn what_is_no_json_is_malformed() {
        for body in ["", "{", "{]", "\"", "{\"email\":\"a\",}"] {
            assert_eq!(no(body).status, StatusCode::BAD_REQUEST, "{body}");
        }
    }
}
