//! `GET` and `PUT /branding`

pub mod logo;

use axum::{Json, extract::State};
use billing::{
    api::{Branding, BrandingBody, FieldProblem},
    brand::Colour,
    text::Name,
};

use crate::{
    execute::{Tools, branding},
    http::{
        App, Failure, RequestTag, body,
        gate::{
            May,
            rights::{ManageBranding, ReadSettings},
        },
    },
    storage::Transaction,
};

/// What the agency has chosen.
pub async fn show(
    caller: May<ReadSettings>,
    State(app): State<App>,
) -> Result<Json<Branding>, Failure> {
    let now = app.deps.clock.now();
    let read = move |tx: &mut dyn Transaction| {
        let scope = caller.identify(tx, now)?.scope;
        Ok::<_, Failure>(branding::show(tx, scope)?)
    };
    Ok(Json(app.deps.store.read(read).await?))
}

/// Another name, another colour.
pub async fn set(
    caller: May<ManageBranding>,
    State(app): State<App>,
    tag: RequestTag,
    body::Json { value, .. }: body::Json<BrandingBody>,
) -> Result<Json<Branding>, Failure> {
    let (name, accent) = checked(&value)?;
    let tools = Tools::of(&app.deps);
    let write = move |tx: &mut dyn Transaction| {
        let signed_in = caller.identify(tx, tools.now)?;
        let by = signed_in.origin(&tag);
        Ok::<_, Failure>(branding::set(tx, &tools, signed_in.scope, &name, accent, &by)?)
    };
    Ok(Json(app.deps.store.write(write).await?))
}

fn checked(body: &BrandingBody) -> Result<(Name, Option<Colour>), Failure> {
    let mut wrong = Vec::new();
    let mut complain = |pointer: &str, code: &str, detail: String| {
        let (pointer, code) = (pointer.to_owned(), code.to_owned());
        wrong.push(FieldProblem { pointer, code, detail });
    };
    let name = Name::parse(&body.name)
        .map_err(|error| complain("/name", error.code(), error.to_string()))
        .ok();
    let accent = body.accent.as_deref().map(|text| {
        let colour = Colour::parse(text);
        if colour.is_none() {
            complain("/accent", "invalid", "Enter a colour like #0b6480.".to_owned());
        }
        colour
    });
    match (name, wrong.is_empty()) {
        (Some(name), true) => Ok((name, accent.flatten())),
        _ => Err(Failure::invalid(wrong)),
    }
}
