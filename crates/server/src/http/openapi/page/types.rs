//! Types as people read them: fields with what they may be.

use serde_json::{Map, Value};

use super::words::{escaped, marked};

/// A type of the document.
pub struct Type {
    /// Its name.
    pub name: String,
    /// What it is, as HTML.
    pub text: String,
    /// What it may be, as HTML, where it has neither fields nor forms.
    pub kind: String,
    /// Its fields.
    pub fields: Vec<Field>,
    /// The forms that it has, if it has several.
    pub forms: Vec<Form>,
}

/// A field.
pub struct Field {
    /// Its name.
    pub name: String,
    /// It is always there, or must be.
    pub required: bool,
    /// What it may be, as HTML.
    pub kind: String,
    /// What it means, as HTML.
    pub text: String,
}

/// One form of a type that has several.
pub struct Form {
    /// The word that it is or has, or a type, as HTML.
    pub kind: String,
    /// What it means, as HTML.
    pub text: String,
    /// Its fields.
    pub fields: Vec<Field>,
}

/// All of them, by name.
pub fn types(schemas: &Value) -> Vec<Type> {
    let all = schemas.as_object().into_iter().flatten();
    all.map(|(name, schema)| {
        let (fields, forms) = (fields(schema), forms(schema));
        let plain = fields.is_empty() && forms.is_empty();
        Type {
            name: name.clone(),
            text: text(schema),
            kind: if plain { kind(schema) } else { String::new() },
            fields,
            forms,
        }
    })
    .collect()
}

fn text(schema: &Value) -> String {
    marked(schema["description"].as_str().unwrap_or_default())
}

fn fields(schema: &Value) -> Vec<Field> {
    let required = schema["required"].as_array();
    let is_required =
        |name: &str| required.is_some_and(|all| all.iter().any(|one| one.as_str() == Some(name)));
    let all = schema["properties"].as_object().into_iter().flatten();
    all.map(|(name, schema)| Field {
        name: name.clone(),
        required: is_required(name),
        kind: kind(schema),
        text: text(schema),
    })
    .collect()
}

fn forms(schema: &Value) -> Vec<Form> {
    let all = ["oneOf", "anyOf"].iter().filter_map(|name| schema[*name].as_array()).flatten();
    all.map(|form| {
        let fields = fields(form);
        let kind = if fields.is_empty() { kind(form) } else { tag(form) };
        Form { kind, text: text(form), fields }
    })
    .collect()
}

/// The word by which a form is told from the others.
fn tag(form: &Value) -> String {
    let all = form["properties"].as_object().into_iter().flatten();
    let words: Vec<_> = all
        .filter_map(|(name, schema)| {
            let word = schema["const"].as_str()?;
            Some(format!("<code>{}: {}</code>", escaped(name), escaped(word)))
        })
        .collect();
    words.join(" ")
}

/// What a value may be, in a few words, as HTML.
pub fn kind(schema: &Value) -> String {
    let Some(all) = schema.as_object() else { return "anything".to_owned() };
    if let Some(to) = all.get("$ref").and_then(Value::as_str) {
        let name = to.rsplit('/').next().unwrap_or_default();
        return format!("<a href=\"#type-{0}\">{0}</a>", escaped(name));
    }
    if let Some(word) = all.get("const") {
        return format!("<code>{}</code>", escaped(&plain(word)));
    }
    if let Some(words) = all.get("enum").and_then(Value::as_array) {
        let words: Vec<_> =
            words.iter().map(|word| format!("<code>{}</code>", escaped(&plain(word)))).collect();
        return words.join(", ");
    }
    if let Some(choices) = all.get("anyOf").or_else(|| all.get("oneOf")).and_then(Value::as_array) {
        let choices: Vec<_> = choices.iter().map(kind).collect();
        return choices.join(" or ");
    }
    let names = match all.get("type") {
        Some(Value::String(name)) => vec![name.as_str()],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => return "anything".to_owned(),
    };
    let names: Vec<_> = names.into_iter().map(|name| named(name, all)).collect();
    names.join(" or ")
}

fn named(name: &str, all: &Map<String, Value>) -> String {
    let number = |name: &str| all.get(name).and_then(Value::as_u64);
    let between = |least: &str, most: &str, what: &str| match (number(least), number(most)) {
        (Some(least), Some(most)) => format!(", {least} to {most}{what}"),
        (None, Some(most)) => format!(", at most {most}{what}"),
        (Some(least), None) if least > 0 => format!(", at least {least}{what}"),
        _ => String::new(),
    };
    match name {
        "array" => {
            let items = all.get("items").map_or_else(|| "anything".to_owned(), kind);
            format!("list of {items}{}", between("minItems", "maxItems", ""))
        }
        "string" => {
            let format = all.get("format").and_then(Value::as_str);
            let word = format.map_or("text", |format| format).replace('-', " ");
            format!("{word}{}", between("minLength", "maxLength", " characters"))
        }
        "integer" => format!("whole number{}", between("minimum", "maximum", "")),
        "boolean" => "yes or no".to_owned(),
        other => other.to_owned(),
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned)
}
