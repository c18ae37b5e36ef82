//! CloudEvents 1.0 over HTTP (<https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md>):
//! single and batched events in JSON, and the binary mode with the attributes in headers. Attributes that are not ours are
//! ignored, as the standard asks; a price in the data is data like any other.

use std::borrow::Cow;

use axum::http::{HeaderMap, StatusCode, header};
use billing::{
    Timestamp,
    api::FieldProblem,
    usage::{
        BATCH_MAX_EVENTS, DATA_MAX_BYTES, EventType, ID_MAX_BYTES, SOURCE_MAX_BYTES,
        SUBJECT_MAX_BYTES, UsageTextError, checked_text,
    },
};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Failure, body};
use crate::metering::{Fields, NewEvent, data_fields};

/// The only version there is.
const SPEC_VERSION: &str = "1.0";
const SINGLE: &str = "application/cloudevents+json";
const BATCH: &str = "application/cloudevents-batch+json";

/// An event in JSON, as it came.
#[derive(Deserialize)]
struct Wire<'a> {
    #[serde(borrow)]
    specversion: Option<Cow<'a, str>>,
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    source: Option<Cow<'a, str>>,
    #[serde(rename = "type", borrow)]
    event_type: Option<Cow<'a, str>>,
    #[serde(borrow)]
    subject: Option<Cow<'a, str>>,
    #[serde(borrow)]
    time: Option<Cow<'a, str>>,
    #[serde(borrow)]
    datacontenttype: Option<Cow<'a, str>>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    #[serde(borrow)]
    data_base64: Option<&'a RawValue>,
}

/// Reads the events of a request.
///
/// # Errors
/// 400 for broken JSON, 413 for too many events, 415 for another media type, 422 with the place of what is wrong.
pub fn read(headers: &HeaderMap, raw: &[u8]) -> Result<Vec<NewEvent>, Failure> {
    let media_type = media_type(headers);
    if media_type == SINGLE {
        return Ok(vec![single(raw)?]);
    }
    if media_type == BATCH {
        let wires: Vec<Wire<'_>> = parse(raw)?;
        if wires.len() > BATCH_MAX_EVENTS {
            let detail = format!("A batch has at most {BATCH_MAX_EVENTS} events.");
            return Err(Failure::new(StatusCode::PAYLOAD_TOO_LARGE, "too_many_events", detail));
        }
        let place = |(index, wire): (usize, &Wire<'_>)| checked(wire, &format!("/{index}"));
        return wires.iter().enumerate().map(place).collect();
    }
    // CloudEvents' own Python SDK says nothing about data that is JSON.
    let json_body = media_type == "application/json" || media_type.is_empty();
    if headers.contains_key("ce-specversion") && json_body {
        return Ok(vec![binary(headers, raw)?]);
    }
    let detail =
        format!("Send CloudEvents as {SINGLE} or {BATCH}, or in binary mode with JSON data.");
    Err(Failure::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail))
}

/// Reads one event in JSON.
///
/// # Errors
/// 400 for broken JSON, 422 with the place of what is wrong.
pub fn single(raw: &[u8]) -> Result<NewEvent, Failure> {
    let wire: Wire<'_> = parse(raw)?;
    checked(&wire, "")
}

/// Whether the request carries a batch, in which places are counted.
pub fn is_batch(headers: &HeaderMap) -> bool {
    media_type(headers) == BATCH
}

/// The media type without its parameters.
fn media_type(headers: &HeaderMap) -> String {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn parse<'a, T: Deserialize<'a>>(raw: &'a [u8]) -> Result<T, Failure> {
    // The way that knows the place of a mistake is slower: it is taken when there is one.
    serde_json::from_slice(raw).or_else(|_| body::parse(raw))
}

fn binary(headers: &HeaderMap, raw: &[u8]) -> Result<NewEvent, Failure> {
    let attribute = |name: &str| -> Option<Cow<'_, str>> {
        let value = headers.get(name)?.to_str().ok()?;
        percent_decode_str(value).decode_utf8().ok()
    };
    let data: Option<&RawValue> = if raw.is_empty() { None } else { Some(parse(raw)?) };
    let wire = Wire {
        specversion: attribute("ce-specversion"),
        id: attribute("ce-id"),
        source: attribute("ce-source"),
        event_type: attribute("ce-type"),
        subject: attribute("ce-subject"),
        time: attribute("ce-time"),
        datacontenttype: None,
        data,
        data_base64: None,
    };
    checked(&wire, "")
}

/// Checks everything that needs no database; all that is wrong is told at once.
fn checked(wire: &Wire<'_>, at: &str) -> Result<NewEvent, Failure> {
    let mut problems = Problems { at, found: Vec::new() };
    match wire.specversion.as_deref() {
        Some(SPEC_VERSION) => {}
        Some(_) => {
            problems.add("specversion", "unsupported", "Only CloudEvents 1.0 is known here.")
        }
        None => problems.add("specversion", "required", "This is needed."),
    }
    let id = problems.text("id", wire.id.as_deref(), ID_MAX_BYTES);
    let source = problems.text("source", wire.source.as_deref(), SOURCE_MAX_BYTES);
    let subject = problems.text("subject", wire.subject.as_deref(), SUBJECT_MAX_BYTES);
    let event_type = match EventType::parse(wire.event_type.as_deref().unwrap_or_default()) {
        Ok(event_type) => Some(event_type),
        Err(error) => {
            problems.text_error("type", error);
            None
        }
    };
    let time = wire.time.as_deref().map(|text| (text, Timestamp::parse(text)));
    if matches!(time, Some((_, None))) {
        problems.add("time", "invalid", "Expected a time like 2026-11-22T16:10:09Z.");
    }
    let json = |kind: &str| {
        let kind = kind.split(';').next().unwrap_or_default().trim();
        kind == "application/json" || kind.ends_with("+json")
    };
    if wire.data_base64.is_some() || wire.datacontenttype.as_deref().is_some_and(|kind| !json(kind))
    {
        problems.add("data", "unsupported", "Data is a JSON object here.");
    }
    let data = problems.data(wire.data.map(RawValue::get));
    match (id, source, subject, event_type, data) {
        (Some(id), Some(source), Some(subject), Some(event_type), Some(data))
            if problems.found.is_empty() =>
        {
            let time = time.and_then(|(_, time)| time);
            Ok(NewEvent::new(source, id, subject, event_type, time, data))
        }
        _ => Err(Failure::invalid(problems.found)),
    }
}

/// What is wrong with one event.
struct Problems<'a> {
    /// The event's place in the batch, as a JSON pointer.
    at: &'a str,
    found: Vec<FieldProblem>,
}

impl Problems<'_> {
    fn add(&mut self, field: &str, code: &str, detail: &str) {
        self.found.push(FieldProblem {
            pointer: format!("{}/{field}", self.at),
            code: code.to_owned(),
            detail: detail.to_owned(),
        });
    }

    fn text_error(&mut self, field: &str, error: UsageTextError) {
        self.add(field, error.code(), &error.to_string());
    }

    fn text(&mut self, field: &str, text: Option<&str>, limit: usize) -> Option<String> {
        let text = text.unwrap_or_default();
        match checked_text(text, limit) {
            Ok(()) => Some(text.to_owned()),
            Err(error) => {
                self.text_error(field, error);
                None
            }
        }
    }

    fn data(&mut self, data: Option<&str>) -> Option<(String, Fields)> {
        let data = data.unwrap_or("{}");
        if data.len() > DATA_MAX_BYTES {
            self.text_error("data", UsageTextError::TooLong(DATA_MAX_BYTES));
            return None;
        }
        match data_fields(data) {
            Ok(fields) => Some((data.to_owned(), fields)),
            Err(_) => {
                self.add("data", "invalid", "Expected a JSON object.");
                None
            }
        }
    }
}

#[cfg(test)]
mod tests;
