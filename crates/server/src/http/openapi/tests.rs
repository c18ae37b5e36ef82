//! The document against the router's table, the wire types and the copy that is kept of it.

use std::{collections::BTreeSet, path::Path};

use serde_json::Value;

use super::{
    Entry, contents, document, left_out,
    operation::{Media, Shape},
    routes::groups,
    text,
};
use crate::http::routes::table;

/// How to take a change of the document over.
const HOW: &str = "If that is meant, say so in docs/http-api.md, and bless it:\n\
                   SLUICE_BLESS=1 cargo test -p sluice-server --lib the_document_is_the_one_that_is_kept";

#[test]
fn every_route_is_described_or_left_out_for_a_reason() {
    let mut described = BTreeSet::new();
    for group in groups() {
        for operation in &group.operations {
            let name = format!("{} {}{}", operation.method, group.prefix, operation.path);
            assert!(described.insert(name.clone()), "{name} is described twice");
        }
    }
    for route in table(true) {
        let name = format!("{} {}", route.method, route.path);
        match (described.remove(&name), left_out(&route.path)) {
            (true, None) | (false, Some(_)) => {}
            (true, Some(_)) => panic!("{name} is described and left out"),
            (false, None) => panic!(
                "{name} is not described: add it to a file of crates/server/src/http/openapi/routes, or say in LEFT_OUT why not"
            ),
        }
    }
    assert!(described.is_empty(), "described, but not routed: {described:?}");
}

#[test]
fn every_example_is_one_of_its_type_and_an_answer_leaves_nothing_out() {
    let mut wrong = Vec::new();
    let mut look = |id: &str, media: &Media, whole: bool| {
        let Shape::Of(wire) = &media.shape else { return };
        match (wire.again)(&media.example) {
            Err(why) => wrong.push(format!("{id}: {why}")),
            Ok(again) if whole && again != media.example => {
                wrong.push(format!("{id}: {} is read as {again}", media.example));
            }
            Ok(_) => {}
        }
    };
    for (_, entries) in contents() {
        for Entry { operation, .. } in entries {
            for media in operation.answers.iter().filter_map(|answer| answer.media.as_ref()) {
                look(operation.id, media, true);
            }
            for media in operation.body.iter().flat_map(|body| &body.media) {
                look(operation.id, media, false);
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_operation_has_a_name_of_its_own_and_every_brace_a_parameter() {
    let mut names = BTreeSet::new();
    for (_, entries) in contents() {
        for entry in entries {
            assert!(names.insert(entry.operation.id), "{} twice", entry.operation.id);
            let braces = entry.path.matches('{').count();
            let known = entry.operation.path_parameters().len();
            assert_eq!(known, braces, "{}: which parameter is not in parameters.rs?", entry.path);
            assert!(!entry.operation.answers.is_empty(), "{}", entry.operation.id);
        }
    }
}

#[test]
fn every_reference_leads_somewhere() {
    fn walk<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
        match value {
            Value::Object(fields) => {
                found.extend(fields.get("$ref").and_then(Value::as_str));
                fields.values().for_each(|value| walk(value, found));
            }
            Value::Array(items) => items.iter().for_each(|item| walk(item, found)),
            _ => {}
        }
    }
    let document = document();
    let mut found = BTreeSet::new();
    walk(&document, &mut found);
    assert!(found.len() > 50, "{found:?}");
    for reference in found {
        assert!(document.pointer(&reference[1..]).is_some(), "{reference}");
    }
}

#[test]
fn the_document_is_the_one_that_is_kept() {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json"));
    let made = text();
    if std::env::var_os("SLUICE_BLESS").is_some() {
        std::fs::write(path, made).unwrap();
        return;
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    let mut lines = kept.lines().zip(made.lines()).enumerate();
    if let Some((number, (kept, made))) = lines.find(|(_, (kept, made))| kept != made) {
        panic!("docs/openapi.json, line {}:\n  kept {kept}\n  made {made}\n{HOW}", number + 1);
    }
    assert_eq!(kept.len(), made.len(), "docs/openapi.json ends otherwise. {HOW}");
}
