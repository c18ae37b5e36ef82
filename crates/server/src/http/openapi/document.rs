//! The document, put together.

use std::collections::BTreeMap;

use billing::api::{Change, ClientChange, Problem, StandingMessage};
use serde_json::{Map, Value, json};

use super::{
    operation::{Answer, Media, Operation, Parameter, Place, Wire},
    refusals::{self, No},
    routes::{Group, groups},
    samples,
    schemas::{Schemas, rename},
};
use crate::http::{
    gate::{Needs, rights::is_for_machines_alone},
    routes::table,
};

/// What every answer is named by.
const REQUEST_ID: &str = "#/components/headers/X-Request-Id";
const RETRY_AFTER: &str = "#/components/headers/Retry-After";

/// An operation with what the router's table knows of it.
pub struct Entry {
    /// The whole path.
    pub path: String,
    /// What it asks of whoever comes.
    pub needs: Needs,
    /// Its description.
    pub operation: Operation,
}

/// Everything that is both described and in the router's table, by subject.
pub fn contents() -> Vec<(Group, Vec<Entry>)> {
    let table = table(false);
    let entries = |group: &mut Group| {
        let operations = std::mem::take(&mut group.operations);
        let found = operations.into_iter().filter_map(|operation| {
            let path = format!("{}{}", group.prefix, operation.path);
            let is = |method: &axum::http::Method, other: &str| {
                *method == operation.method && other == path
            };
            let route = table.iter().find(|route| is(&route.method, &route.path))?;
            Some(Entry { needs: route.needs, path, operation })
        });
        found.collect()
    };
    let mut all = Vec::new();
    for mut group in groups() {
        let entries = entries(&mut group);
        all.push((group, entries));
    }
    all
}

/// The document as text, as it is kept and told.
pub fn text() -> String {
    // A value of strings, numbers and lists always has a text.
    let mut text = serde_json::to_string_pretty(&document()).unwrap_or_default();
    text.push('\n');
    text
}

/// The document.
pub fn document() -> Value {
    let mut schemas = Schemas::new();
    let mut paths: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    let mut tags = Vec::new();
    let mut shared = BTreeMap::new();
    for (group, entries) in contents() {
        tags.push(json!({ "name": group.tag, "description": group.text }));
        for entry in entries {
            let method = entry.operation.method.as_str().to_ascii_lowercase();
            let described = operation(&entry, &group, &mut schemas, &mut shared);
            paths.entry(entry.path).or_default().insert(method, described);
        }
    }
    // Streams and webhooks carry these; no answer's schema names them.
    for wire in [Wire::of::<Problem>(), Wire::of::<Change>(), Wire::of::<ClientChange>()] {
        schemas.told(&super::operation::Shape::Of(wire));
    }
    let message = schemas.told(&super::operation::Shape::Of(Wire::of::<StandingMessage>()));
    let (components, differing) = schemas.into_components();
    let mut paths = json!(paths);
    rename_bodies(&mut paths, &differing);
    json!({
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "Sluice",
            "summary": "Decides whose balance a client's usage draws from.",
            "description": ABOUT,
            "version": "1",
        },
        "servers": [{ "url": "/", "description": "Where this document comes from." }],
        "tags": tags,
        "paths": paths,
        "webhooks": { "standing": standing_webhook(&message) },
        "components": {
            "schemas": components,
            "responses": shared,
            "headers": {
                "X-Request-Id": {
                    "description": "Names the answer in the server's log.",
                    "required": true,
                    "schema": { "type": "string", "pattern": "^rq_[0-9a-f]{20}$" },
                },
                "Retry-After": {
                    "description": "When to come back, in seconds.",
                    "required": true,
                    "schema": { "type": "integer", "minimum": 0 },
                },
            },
            "securitySchemes": security_schemes(),
        },
    })
}

const ABOUT: &str = "Bodies are snake_case JSON; times RFC 3339 in UTC; money `{\"amount\":\"25.00\",\"currency\":\"USD\"}`, exact to a \
    millionth; ids have prefixes. Unknown fields in a body are refused (422), but not those of events. Bodies are at most 1 MiB. \
    Requests with a session's cookie that change something must come from the same origin. What is not yours answers as an id that \
    nobody has (404). Errors are `application/problem+json`.";

fn security_schemes() -> Value {
    json!({
        "session": {
            "type": "apiKey", "in": "cookie", "name": "__Host-sluice",
            "description": "A person who is signed in (`POST /session`). On plain HTTP the cookie is called `sluice`.",
        },
        "api_key": {
            "type": "http", "scheme": "bearer",
            "description": "A machine, by a key that has the scope named: `Authorization: Bearer sluice_…`.",
        },
        "link_token": {
            "type": "http", "scheme": "bearer",
            "description": "A customer, by what stands after `#t=` in their secure link.",
        },
        "embed_token": {
            "type": "http", "scheme": "bearer",
            "description": "A widget, by a token of `POST /embed/sessions`.",
        },
        "embed_ticket": {
            "type": "apiKey", "in": "query", "name": "ticket",
            "description": "A widget's stream, by a ticket of `POST /embed/tickets`.",
        },
    })
}

/// Who may, as the document says it to programs.
fn security(entry: &Entry) -> Value {
    match entry.needs {
        Needs::Nothing => json!([]),
        Needs::Link => json!([{ "link_token": [] }]),
        Needs::Embedded if entry.operation.takes_parameter(Place::Query, "ticket") => {
            json!([{ "embed_ticket": [] }])
        }
        Needs::Embedded => json!([{ "embed_token": [] }]),
        Needs::Right(right) => match right.scope() {
            Some(scope) if is_for_machines_alone(right) => json!([{ "api_key": [scope.name()] }]),
            Some(scope) => json!([{ "session": [] }, { "api_key": [scope.name()] }]),
            None => json!([{ "session": [] }]),
        },
    }
}

fn operation(
    entry: &Entry,
    group: &Group,
    schemas: &mut Schemas,
    shared: &mut BTreeMap<String, Value>,
) -> Value {
    let described = &entry.operation;
    let who = who_may(entry.needs);
    let mut all = json!({
        "operationId": described.id,
        "tags": [group.tag],
        "summary": described.summary,
        "description": format!("{}\n\nWho may: {who}", described.text),
        "security": security(entry),
        "responses": responses(entry, schemas, shared),
    });
    let parameters: Vec<_> = described
        .path_parameters()
        .iter()
        .chain(&described.parameters)
        .filter(|parameter| parameter.name != "ticket")
        .map(parameter)
        .collect();
    if !parameters.is_empty() {
        all["parameters"] = json!(parameters);
    }
    if let Some(body) = &described.body {
        let content: Map<_, _> = body
            .media
            .iter()
            .map(|media| {
                let schema = schemas.taken(&media.shape);
                let described = json!({ "schema": schema, "example": media.example });
                (media.kind.to_owned(), described)
            })
            .collect();
        all["requestBody"] =
            json!({ "description": body.text, "required": true, "content": content });
    }
    if let Some(sample) = samples::curl(described, group.prefix, entry.needs) {
        all["x-codeSamples"] = json!([{ "lang": "Shell", "label": "curl", "source": sample }]);
    }
    all
}

/// A sentence that names who may.
pub fn who_may(needs: Needs) -> String {
    match needs {
        Needs::Nothing => "everybody.".to_owned(),
        Needs::Link => "whoever holds the link.".to_owned(),
        Needs::Embedded => "a widget with a token.".to_owned(),
        Needs::Right(right) => {
            let roles = billing::access::Role::ALL.into_iter();
            let mut who: Vec<String> = roles
                .filter(|role| billing::access::may(*role, right))
                .map(|role| role.label().to_owned())
                .collect();
            if let Some(scope) = right.scope() {
                who.push(format!("an API key with `{}`", scope.name()));
            }
            format!("{}.", who.join(", "))
        }
    }
}

fn parameter(parameter: &Parameter) -> Value {
    let mut all = json!({
        "name": parameter.name,
        "in": match parameter.place {
            Place::Path => "path",
            Place::Query => "query",
            Place::Header => "header",
        },
        "required": parameter.required,
        "description": parameter.text,
        "schema": parameter.schema,
    });
    // As forms send what nobody filled in: it counts as absent.
    if parameter.place == Place::Query {
        all["allowEmptyValue"] = json!(true);
    }
    if let Some(example) = &parameter.example {
        all["example"] = example.clone();
    }
    all
}

/// Refusals that have nothing of their own to say stand among the components, once.
fn responses(
    entry: &Entry,
    schemas: &mut Schemas,
    shared: &mut BTreeMap<String, Value>,
) -> Map<String, Value> {
    let mut all = Map::new();
    for answer in &entry.operation.answers {
        all.insert(answer.status.to_string(), response(answer, schemas));
    }
    for (status, no) in refusals::of(&entry.operation, entry.needs) {
        let told = refusal(status, &no);
        let told = if no.text.is_empty() {
            let codes: Vec<_> = no.codes.iter().copied().collect();
            let name = format!("{status}-{}", codes.join("-"));
            let to = format!("#/components/responses/{name}");
            shared.insert(name, told);
            json!({ "$ref": to })
        } else {
            told
        };
        all.insert(status.to_string(), told);
    }
    all
}

fn response(answer: &Answer, schemas: &mut Schemas) -> Value {
    let mut headers = json!({ "X-Request-Id": { "$ref": REQUEST_ID } });
    for (name, text) in &answer.headers {
        headers[*name] =
            json!({ "description": text, "required": true, "schema": { "type": "string" } });
    }
    let mut all = json!({ "description": answer.text, "headers": headers });
    if let Some(Media { kind, shape, example }) = &answer.media {
        let schema = schemas.told(shape);
        all["content"] = json!({ *kind: { "schema": schema, "example": example } });
        for (kind, example) in &answer.also {
            let schema = json!({ "type": "string" });
            all["content"][*kind] = json!({ "schema": schema, "example": example });
        }
    }
    all
}

fn refusal(status: u16, no: &No) -> Value {
    let text = if no.text.is_empty() { refusals::meaning(status) } else { no.text };
    let mut headers = json!({ "X-Request-Id": { "$ref": REQUEST_ID } });
    if [429, 503].contains(&status) {
        headers["Retry-After"] = json!({ "$ref": RETRY_AFTER });
    }
    let code = no.codes.first().copied().unwrap_or_default();
    let example = json!({
        "status": status,
        "code": code,
        "detail": refusals::sentence(code),
        "request_id": "rq_06d3f1a84b7c29e05f18",
    });
    let schema = json!({
        "allOf": [
            { "$ref": "#/components/schemas/Problem" },
            { "properties": { "status": { "const": status }, "code": { "enum": no.codes } } },
        ],
    });
    json!({
        "description": text,
        "headers": headers,
        "content": { "application/problem+json": { "schema": schema, "example": example } },
    })
}

fn standing_webhook(message: &Value) -> Value {
    json!({ "post": {
        "operationId": "hear_of_standing",
        "summary": "The standing of an account has changed",
        "description": "Sent to every endpoint of the agency, at least once, signed as Standard Webhooks say. `data.standing` is what \
            counts. Answer 2xx within 15 seconds; anything else is tried again for days.",
        "tags": ["Webhooks"],
        "requestBody": { "required": true, "content": { "application/json": { "schema": message } } },
        "responses": { "2XX": { "description": "Heard." }, "410": { "description": "Removes the endpoint." } },
    } })
}

/// References in request bodies are to types as they are taken.
fn rename_bodies(paths: &mut Value, differing: &std::collections::BTreeSet<String>) {
    let methods = paths.as_object_mut().into_iter().flat_map(|paths| paths.values_mut());
    for operation in methods.filter_map(Value::as_object_mut).flat_map(|path| path.values_mut()) {
        if let Some(body) = operation.get_mut("requestBody") {
            rename(body, differing);
        }
    }
}
