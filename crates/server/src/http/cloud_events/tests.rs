use axum::http::HeaderValue;

use super::*;

fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
    pairs
        .iter()
        .map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)))
        .collect()
}

fn single(body: &str) -> Result<NewEvent, Failure> {
    let kind = headers(&[("content-type", "application/cloudevents+json; charset=UTF-8")]);
    read(&kind, body.as_bytes()).map(|mut events| events.remove(0))
}

const GOOD: &str = r#"{"specversion":"1.0","id":"SM1","source":"twilio","type":"sms.sent","subject":"acme","time":"2026-11-22T16:10:09Z","data":{"segments":2,"price":"9"},"traceparent":"x"}"#;

#[test]
fn the_three_modes_say_the_same() {
    let one = single(GOOD).unwrap();
    let kind = headers(&[("content-type", "application/cloudevents-batch+json")]);
    let batch = read(&kind, format!("[{GOOD}]").as_bytes()).unwrap().remove(0);
    let attributes = headers(&[
        ("content-type", "application/json"),
        ("ce-specversion", "1.0"),
        ("ce-id", "SM1"),
        ("ce-source", "%74wilio"),
        ("ce-type", "sms.sent"),
        ("ce-subject", "acme"),
        ("ce-time", "2026-11-22T17:10:09+01:00"),
    ]);
    let binary = read(&attributes, br#"{ "price": "9", "segments": 2 }"#).unwrap().remove(0);
    // A sender that says nothing about its data means JSON.
    let silent = attributes.iter().filter(|(name, _)| *name != "content-type");
    let silent = silent.map(|(name, value)| (name.clone(), value.clone())).collect();
    let silent = read(&silent, br#"{ "price": "9", "segments": 2 }"#).unwrap().remove(0);
    for other in [&batch, &binary, &silent] {
        assert_eq!((one.key, one.payload), (other.key, other.payload));
    }
    assert_eq!(one.fields.get("segments").map(String::as_str), Some("2"));
    assert_eq!(one.time, Timestamp::parse("2026-11-22T16:10:09Z"));
}

#[test]
fn other_media_types_are_refused() {
    for pairs in [
        &[][..],
        &[("content-type", "application/json")],
        &[("content-type", "text/plain"), ("ce-specversion", "1.0")],
    ] {
        let failure = read(&headers(pairs), GOOD.as_bytes()).unwrap_err();
        assert_eq!(failure.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{pairs:?}");
    }
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    for (from, to, pointer, code) in [
        (r#""id":"SM1","#, "", "/id", "required"),
        ("SM1", &"x".repeat(201), "/id", "too_long"),
        ("SM1", r"a\u0000b", "/id", "control_character"),
        ("twilio", "", "/source", "required"),
        ("sms.sent", "sms sent", "/type", "white_space"),
        ("acme", "", "/subject", "required"),
        ("2026-11-22T16:10:09Z", "yesterday", "/time", "invalid"),
        (r#""1.0""#, r#""0.3""#, "/specversion", "unsupported"),
        (r#"{"segments":2,"price":"9"}"#, "[1]", "/data", "invalid"),
        (r#"{"segments":2,"price":"9"}"#, "7", "/data", "invalid"),
        (r#""twilio""#, "7", "/source", "invalid"),
        ("traceparent", "data_base64", "/data", "unsupported"),
        (r#""traceparent":"x""#, r#""datacontenttype":"text/xml""#, "/data", "unsupported"),
    ] {
        let body = GOOD.replacen(from, to, 1);
        assert_ne!(body, GOOD);
        let failure = single(&body).unwrap_err();
        assert_eq!(failure.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        let [problem] = failure.errors.as_slice() else { panic!("{failure:?}") };
        assert_eq!((problem.pointer.as_str(), problem.code.as_str()), (pointer, code), "{body}");
    }
    assert_eq!(single("{").unwrap_err().status, StatusCode::BAD_REQUEST);
    assert_eq!(single(&GOOD.replace('2', "NaN")).unwrap_err().status, StatusCode::BAD_REQUEST);
}

#[test]
fn a_batch_tells_which_event_is_wrong_and_has_its_limit() {
    let kind = headers(&[("content-type", "application/cloudevents-batch+json")]);
    let body = format!("[{GOOD},{}]", GOOD.replace("acme", ""));
    let failure = read(&kind, body.as_bytes()).unwrap_err();
    assert_eq!(failure.errors[0].pointer, "/1/subject");
    let many = |count: usize| format!("[{}]", vec![GOOD; count].join(","));
    assert_eq!(read(&kind, many(1000).as_bytes()).unwrap().len(), 1000);
    let failure = read(&kind, many(1001).as_bytes()).unwrap_err();
    assert_eq!(failure.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(read(&kind, b"[]").unwrap().len(), 0);
}
