//! The document as a page for people, `/api/docs`: no script, nothing from elsewhere.

mod types;
mod words;

use askama::Template;
use serde_json::Value;

use super::{
    Entry, contents,
    document::{document, who_may},
    operation::{Media, Parameter, Place},
    refusals,
    routes::Group,
    samples,
};
use types::{Type, kind, types};
use words::{anchor, marked};

/// The page.
#[derive(Template)]
#[template(path = "api_docs.html")]
struct Page {
    about: String,
    subjects: Vec<Subject>,
    types: Vec<Type>,
}

/// Routes about one thing. What is named `text` here is HTML, escaped.
struct Subject {
    tag: &'static str,
    anchor: String,
    text: String,
    operations: Vec<Shown>,
}

/// One operation.
struct Shown {
    id: &'static str,
    method: String,
    path: String,
    summary: &'static str,
    text: String,
    who: String,
    parameters: Vec<Taken>,
    body: Option<Taking>,
    answers: Vec<Given>,
    refusals: Vec<Refused>,
    sample: String,
}

struct Taken {
    name: &'static str,
    place: &'static str,
    required: bool,
    kind: String,
    text: String,
}

struct Taking {
    text: String,
    forms: Vec<Form>,
}

struct Form {
    media: &'static str,
    kind: String,
    example: String,
}

struct Given {
    status: u16,
    text: String,
    headers: Vec<(&'static str, String)>,
    form: Option<Form>,
}

struct Refused {
    status: u16,
    codes: Vec<&'static str>,
    text: String,
}

/// The page; nothing when it cannot be made, which is logged.
pub fn html() -> Option<String> {
    let document = document();
    let about = document.pointer("/info/description").and_then(Value::as_str).unwrap_or_default();
    let contents = contents();
    let subjects = contents.iter().map(|(group, entries)| subject(group, entries, &document));
    let page = Page {
        about: marked(about),
        subjects: subjects.collect(),
        types: types(document.pointer("/components/schemas").unwrap_or(&Value::Null)),
    };
    let html = page.render();
    html.inspect_err(|error| tracing::error!(%error, "the page of the API could not be made")).ok()
}

fn subject(group: &Group, entries: &[Entry], document: &Value) -> Subject {
    let operations = entries.iter().map(|entry| shown(group, entry, document)).collect();
    Subject { tag: group.tag, anchor: anchor(group.tag), text: marked(group.text), operations }
}

fn shown(group: &Group, entry: &Entry, document: &Value) -> Shown {
    let operation = &entry.operation;
    let method = operation.method.to_string();
    // As the document has it: its references have their final names there.
    let described = &document["paths"][&entry.path][method.to_ascii_lowercase()];
    let body = operation.body.as_ref().map(|body| {
        let content = &described["requestBody"]["content"];
        let forms = body.media.iter().map(|media| form(media, &content[media.kind]["schema"]));
        Taking { text: marked(body.text), forms: forms.collect() }
    });
    let answers = operation.answers.iter().map(|answer| {
        let content = &described["responses"][answer.status.to_string()]["content"];
        let form = answer.media.as_ref().map(|media| form(media, &content[media.kind]["schema"]));
        let headers = answer.headers.iter().map(|(name, text)| (*name, marked(text))).collect();
        Given { status: answer.status, text: marked(answer.text), headers, form }
    });
    let refusals = refusals::of(operation, entry.needs).into_iter().map(|(status, no)| {
        let text = if no.text.is_empty() { refusals::meaning(status) } else { no.text };
        Refused { status, codes: no.codes.into_iter().collect(), text: marked(text) }
    });
    let sample = samples::curl(operation, group.prefix, entry.needs);
    let path = operation.path_parameters();
    Shown {
        id: operation.id,
        path: entry.path.clone(),
        summary: operation.summary,
        text: marked(operation.text),
        who: marked(&who_may(entry.needs)),
        parameters: path.iter().chain(&operation.parameters).map(taken).collect(),
        body,
        answers: answers.collect(),
        refusals: refusals.collect(),
        sample: sample.unwrap_or_else(|| operation.no_sample.unwrap_or_default().to_owned()),
        method,
    }
}

fn taken(parameter: &Parameter) -> Taken {
    Taken {
        name: parameter.name,
        place: match parameter.place {
            Place::Path => "path",
            Place::Query => "query",
            Place::Header => "header",
        },
        required: parameter.required,
        kind: kind(&parameter.schema),
        text: marked(parameter.text),
    }
}

fn form(media: &Media, schema: &Value) -> Form {
    let example = match &media.example {
        Value::String(text) => text.clone(),
        value => serde_json::to_string_pretty(value).unwrap_or_default(),
    };
    Form { media: media.kind, kind: kind(schema), example }
}
