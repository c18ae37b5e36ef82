//! `GET` and `PUT /embed/origins`

use axum::{Json, extract::State};
use billing::{
    api::{EmbedOrigins, FieldProblem},
    embed::{ORIGINS_MAX, SiteOrigin},
};

use crate::{
    execute::{Tools, embed},
    http::{
        App, Failure, RequestTag, body,
        gate::{
            May,
            rights::{ManageEmbedding, ReadSettings},
        },
    },
    storage::Transaction,
};

/// The sites that may show the widget.
pub async fn show(
    caller: May<ReadSettings>,
    State(app): State<App>,
) -> Result<Json<EmbedOrigins>, Failure> {
    let now = app.deps.clock.now();
    let read = move |tx: &mut dyn Transaction| {
        let scope = caller.identify(tx, now)?.scope;
        Ok::<_, Failure>(EmbedOrigins { origins: tx.embed_origins(scope)? })
    };
    Ok(Json(app.deps.store.read(read).await?))
}

/// Replaces them. A site that is taken away shows nothing more from its next request on.
pub async fn set(
    caller: May<ManageEmbedding>,
    State(app): State<App>,
    tag: RequestTag,
    body::Json { value, .. }: body::Json<EmbedOrigins>,
) -> Result<Json<EmbedOrigins>, Failure> {
    let origins = checked(&value.origins)?;
    let tools = Tools::of(&app.deps);
    let write = move |tx: &mut dyn Transaction| {
        let signed_in = caller.identify(tx, tools.now)?;
        let by = signed_in.origin(&tag);
        let origins = embed::set_origins(tx, &tools, signed_in.scope, &origins, &by)?;
        Ok::<_, Failure>(EmbedOrigins { origins })
    };
    Ok(Json(app.deps.store.write(write).await?))
}

fn checked(texts: &[String]) -> Result<Vec<SiteOrigin>, Failure> {
    if texts.len() > ORIGINS_MAX {
        let detail = format!("An agency names at most {ORIGINS_MAX} sites.");
        return Err(Failure::field("/origins", "too_many", detail));
    }
    let mut origins = Vec::new();
    let mut wrong = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        let (code, detail) = match SiteOrigin::parse(text) {
            Ok(origin) if origins.contains(&origin) => {
                ("repeated", "This site is named twice.".to_owned())
            }
            Ok(origin) => {
                origins.push(origin);
                continue;
            }
            Err(error) => (error.code(), error.to_string()),
        };
        let pointer = format!("/origins/{index}");
        wrong.push(FieldProblem { pointer, code: code.to_owned(), detail });
    }
    if wrong.is_empty() { Ok(origins) } else { Err(Failure::invalid(wrong)) }
}
