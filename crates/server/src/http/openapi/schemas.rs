//! Schemas of the wire types: as they are told, and as they are taken. Where the two differ (what may be left out, how a number may be
//! written), what is taken has a name of its own.

use std::collections::{BTreeMap, BTreeSet};

use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use super::operation::Shape;

/// Where the document keeps them.
const FOLDER: &str = "#/components/schemas/";
/// What the name of a type that is taken ends with when it is told differently.
const TAKEN: &str = "Input";

/// Collects the types that the document speaks of.
pub struct Schemas {
    told: SchemaGenerator,
    taken: SchemaGenerator,
}

impl Schemas {
    /// Without any.
    pub fn new() -> Self {
        let settings = || {
            SchemaSettings::draft2020_12().with(|settings| {
                settings.definitions_path = "/components/schemas".into();
                settings.meta_schema = None;
            })
        };
        Self {
            told: settings().for_serialize().into_generator(),
            taken: settings().for_deserialize().into_generator(),
        }
    }

    /// What an answer looks like.
    pub fn told(&mut self, shape: &Shape) -> Value {
        of(&mut self.told, shape)
    }

    /// What a body looks like. Its reference is provisional until [`Self::into_components`].
    pub fn taken(&mut self, shape: &Shape) -> Value {
        of(&mut self.taken, shape)
    }

    /// All of them by name, and the names of those that are taken otherwise than they are told.
    pub fn into_components(mut self) -> (Map<String, Value>, BTreeSet<String>) {
        let told: BTreeMap<_, _> = self.told.take_definitions(true).into_iter().collect();
        let taken: BTreeMap<_, _> = self.taken.take_definitions(true).into_iter().collect();
        let mut differing: BTreeSet<String> = BTreeSet::new();
        loop {
            let before = differing.len();
            for (name, schema) in &taken {
                let differs = told.get(name).is_some_and(|other| other != schema);
                let speaks_of_one = told.contains_key(name)
                    && differing.iter().any(|other| mentions(schema, other));
                if differs || speaks_of_one {
                    differing.insert(name.clone());
                }
            }
            if differing.len() == before {
                break;
            }
        }
        let mut all: Map<String, Value> = told.into_iter().collect();
        for (name, mut schema) in taken {
            rename(&mut schema, &differing);
            let name = if differing.contains(&name) { format!("{name}{TAKEN}") } else { name };
            all.insert(name, schema);
        }
        for schema in all.values_mut() {
            tidy(schema);
        }
        (all, differing)
    }
}

fn of(generator: &mut SchemaGenerator, shape: &Shape) -> Value {
    match shape {
        Shape::Of(wire) => (wire.schema)(generator).to_value(),
        Shape::Plain(schema) => schema.clone(),
    }
}

fn mentions(schema: &Value, name: &str) -> bool {
    match schema {
        Value::Object(fields) => fields.iter().any(|(key, value)| {
            (key == "$ref" && value.as_str().and_then(|to| to.strip_prefix(FOLDER)) == Some(name))
                || mentions(value, name)
        }),
        Value::Array(items) => items.iter().any(|item| mentions(item, name)),
        _ => false,
    }
}

/// Points references to types that are taken otherwise to their own schemas.
pub fn rename(schema: &mut Value, differing: &BTreeSet<String>) {
    match schema {
        Value::Object(fields) => {
            for (key, value) in fields {
                let to = value.as_str().and_then(|to| to.strip_prefix(FOLDER));
                match to.filter(|name| key == "$ref" && differing.contains(*name)) {
                    Some(name) => *value = json!(format!("{FOLDER}{name}{TAKEN}")),
                    None => rename(value, differing),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, differing)),
        _ => {}
    }
}

/// Doc comments are written for readers of the code: links to other items become plain words.
fn tidy(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            for (key, value) in fields {
                match value {
                    Value::String(text) if key == "description" => {
                        *text = text.replace("[`", "`").replace("`]", "`").replace('\n', " ");
                        *text = text.replace("super::", "").replace("crate::", "").replace('*', "");
                    }
                    _ => tidy(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(tidy),
        _ => {}
    }
}
