//! The example request of an operation, as a line for a shell with curl. A test runs every one of them.

use axum::http::Method;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::{
    examples::HOST,
    operation::{Operation, Parameter, Place},
};
use crate::http::gate::{Needs, rights::is_for_machines_alone};

/// What needs no escape in a value after the question mark.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The request; nothing where nobody but the gateway could make it.
pub fn curl(operation: &Operation, prefix: &str, needs: Needs) -> Option<String> {
    if operation.no_sample.is_some() {
        return None;
    }
    let mut words = vec!["curl".to_owned()];
    let streams = operation
        .answers
        .iter()
        .any(|answer| answer.media.as_ref().is_some_and(|media| media.kind == "text/event-stream"));
    if streams {
        words.push("-N".to_owned());
    }
    if operation.method != Method::GET {
        words.push(format!("-X {}", operation.method));
    }
    let sets_cookie = operation
        .answers
        .iter()
        .any(|answer| answer.headers.iter().any(|(name, _)| *name == "Set-Cookie"));
    if sets_cookie && operation.method == Method::POST {
        words.push("-c sluice.cookies".to_owned());
    }
    words.push(format!("'{HOST}{prefix}{}'", address(operation)));
    let mut lines = vec![words.join(" ")];
    if let Some(credentials) = credentials(operation, needs) {
        lines.push(credentials);
    }
    for parameter in of(operation, Place::Header) {
        if let Some(example) = &parameter.example {
            lines.push(format!("-H '{}: {}'", parameter.name, text(example)));
        }
    }
    if let Some(media) = operation.body.as_ref().and_then(|body| body.media.first()) {
        lines.push(format!("-H 'Content-Type: {}'", media.kind));
        lines.push(format!("-d '{}'", media.example.to_string().replace('\'', r"'\''")));
    }
    Some(lines.join(" \\\n  "))
}

/// An API key where one will do, else the session's cookie that signing in has kept.
fn credentials(operation: &Operation, needs: Needs) -> Option<String> {
    let bearer = |variable: &str| Some(format!("-H \"Authorization: Bearer ${variable}\""));
    match needs {
        Needs::Nothing if operation.id == "sign_out" => Some("-b sluice.cookies".to_owned()),
        Needs::Nothing => None,
        Needs::Link => bearer("SLUICE_LINK_TOKEN"),
        Needs::Embedded if operation.takes_parameter(Place::Query, "ticket") => None,
        Needs::Embedded => bearer("SLUICE_EMBED_TOKEN"),
        Needs::Right(right) if right.scope().is_some() || is_for_machines_alone(right) => {
            bearer("SLUICE_API_KEY")
        }
        Needs::Right(_) => Some("-b sluice.cookies".to_owned()),
    }
}

fn address(operation: &Operation) -> String {
    let mut path = operation.path.to_owned();
    for parameter in operation.path_parameters() {
        if let Some(example) = &parameter.example {
            path = path.replace(&format!("{{{}}}", parameter.name), &text(example));
        }
    }
    let query: Vec<_> = of(operation, Place::Query)
        .filter_map(|parameter| {
            let value = text(parameter.example.as_ref()?);
            Some(format!("{}={}", parameter.name, utf8_percent_encode(&value, PLAIN)))
        })
        .collect();
    if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }
}

fn of(operation: &Operation, place: Place) -> impl Iterator<Item = &Parameter> {
    operation.parameters.iter().filter(move |one| one.place == place)
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned)
}
