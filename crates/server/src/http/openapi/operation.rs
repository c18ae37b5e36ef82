//! How a route is described: everything that can be read off neither the router's table nor the wire types.

use axum::http::Method;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

/// JSON, as most bodies are.
pub const JSON: &str = "application/json";

/// One method of one path.
pub struct Operation {
    /// The method.
    pub method: Method,
    /// The path as the router's table has it, less what all of the API begins with.
    pub path: &'static str,
    /// Its name for programs.
    pub id: &'static str,
    /// Its name for people.
    pub summary: &'static str,
    /// What it does, and its limits.
    pub text: &'static str,
    /// What it takes beside a body.
    pub parameters: Vec<Parameter>,
    /// The body that it takes.
    pub body: Option<Body>,
    /// What it answers when it does what was asked.
    pub answers: Vec<Answer>,
    /// What it answers when it does not, beyond what [`super::refusals`] knows of every route.
    pub refusals: Vec<Refusal>,
    /// No example can be run: why not.
    pub no_sample: Option<&'static str>,
}

/// Where a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the path.
    Path,
    /// After the question mark.
    Query,
    /// In a header.
    Header,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Where it stands.
    pub place: Place,
    /// It must be there.
    pub required: bool,
    /// What it means.
    pub text: &'static str,
    /// What it may be.
    pub schema: Value,
    /// One that makes sense; those that are not required are left out of the example request without.
    pub example: Option<Value>,
}

/// A body that is taken.
pub struct Body {
    /// What it is.
    pub text: &'static str,
    /// The forms that it may come in; the first is the example's.
    pub media: Vec<Media>,
}

/// Content of one media type.
pub struct Media {
    /// The media type.
    pub kind: &'static str,
    /// What it looks like.
    pub shape: Shape,
    /// One that makes sense.
    pub example: Value,
}

/// What content looks like.
pub enum Shape {
    /// A wire type's JSON.
    Of(Wire),
    /// What this schema says.
    Plain(Value),
}

/// A wire type.
#[derive(Clone, Copy)]
pub struct Wire {
    /// Its schema.
    pub schema: fn(&mut SchemaGenerator) -> Schema,
    /// Reads an example as one of it, and says it again.
    pub again: fn(&Value) -> Result<Value, String>,
}

/// An answer to what was done.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// What it means.
    pub text: &'static str,
    /// The headers that it has beyond those of every answer.
    pub headers: Vec<(&'static str, &'static str)>,
    /// What it says; nothing when it has no body.
    pub media: Option<Media>,
    /// Other media types that the same is told in: the type, and one that makes sense.
    pub also: Vec<(&'static str, &'static str)>,
}

/// An answer to what was not done.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The status.
    pub status: u16,
    /// The words that its `code` may be.
    pub codes: &'static [&'static str],
    /// What it means; nothing when the status says it all.
    pub text: &'static str,
}

impl Wire {
    /// A type of `billing::api`.
    pub fn of<T: JsonSchema + Serialize + DeserializeOwned>() -> Self {
        Self { schema: |generator| generator.subschema_for::<T>(), again: again::<T> }
    }
}

fn again<T: Serialize + DeserializeOwned>(example: &Value) -> Result<Value, String> {
    let value: T = serde_json::from_value(example.clone()).map_err(|error| error.to_string())?;
    serde_json::to_value(&value).map_err(|error| error.to_string())
}

macro_rules! verbs {
    ($($verb:ident $method:ident)*) => {
        $(
            /// A route of this method: its path, its names for programs and for people, and what it does.
            pub fn $verb(
                path: &'static str,
                id: &'static str,
                summary: &'static str,
                text: &'static str,
            ) -> Operation {
                Operation {
                    method: Method::$method,
                    path,
                    id,
                    summary,
                    text,
                    parameters: Vec::new(),
                    body: None,
                    answers: Vec::new(),
                    refusals: Vec::new(),
                    no_sample: None,
                }
            }
        )*
    };
}
verbs! { get GET post POST put PUT patch PATCH delete DELETE }

impl Operation {
    /// Takes a wire type as JSON.
    pub fn takes<T: JsonSchema + Serialize + DeserializeOwned>(
        self,
        text: &'static str,
        example: Value,
    ) -> Self {
        let media = Media { kind: JSON, shape: Shape::Of(Wire::of::<T>()), example };
        self.takes_one_of(text, vec![media])
    }

    /// Takes a body in one of these forms.
    pub fn takes_one_of(mut self, text: &'static str, media: Vec<Media>) -> Self {
        self.body = Some(Body { text, media });
        self
    }

    /// Answers 200 with a wire type as JSON.
    pub fn answers<T: JsonSchema + Serialize + DeserializeOwned>(
        self,
        text: &'static str,
        example: Value,
    ) -> Self {
        self.answers_with::<T>(200, text, example)
    }

    /// Answers with a wire type as JSON.
    pub fn answers_with<T: JsonSchema + Serialize + DeserializeOwned>(
        mut self,
        status: u16,
        text: &'static str,
        example: Value,
    ) -> Self {
        let media = Some(Media { kind: JSON, shape: Shape::Of(Wire::of::<T>()), example });
        self.answers.push(Answer { status, text, headers: Vec::new(), media, also: Vec::new() });
        self
    }

    /// Answers with text of another kind.
    pub fn answers_text(
        mut self,
        kind: &'static str,
        text: &'static str,
        example: &'static str,
    ) -> Self {
        let shape = Shape::Plain(json!({ "type": "string" }));
        let media = Some(Media { kind, shape, example: example.into() });
        self.answers.push(Answer {
            status: 200,
            text,
            headers: Vec::new(),
            media,
            also: Vec::new(),
        });
        self
    }

    /// Answers without a body.
    pub fn answers_nothing(mut self, status: u16, text: &'static str) -> Self {
        self.answers.push(Answer {
            status,
            text,
            headers: Vec::new(),
            media: None,
            also: Vec::new(),
        });
        self
    }

    /// The last answer may be text of another kind, too.
    pub fn or_as(mut self, kind: &'static str, example: &'static str) -> Self {
        if let Some(answer) = self.answers.last_mut() {
            answer.also.push((kind, example));
        }
        self
    }

    /// The last answer has a header.
    pub fn with_header(mut self, name: &'static str, text: &'static str) -> Self {
        if let Some(answer) = self.answers.last_mut() {
            answer.headers.push((name, text));
        }
        self
    }

    /// Says no with one of these codes.
    pub fn refuses(
        mut self,
        status: u16,
        codes: &'static [&'static str],
        text: &'static str,
    ) -> Self {
        self.refusals.push(Refusal { status, codes, text });
        self
    }

    /// Why nobody can run an example of it.
    pub fn without_sample(mut self, why: &'static str) -> Self {
        self.no_sample = Some(why);
        self
    }

    /// Whether it takes a parameter.
    pub fn takes_parameter(&self, place: Place, name: &str) -> bool {
        self.parameters.iter().any(|one| one.place == place && one.name == name)
    }
}
