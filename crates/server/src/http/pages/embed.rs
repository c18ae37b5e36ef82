//! The widget's frame, and what a site loads to show it. No cookie is read or set here.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use billing::SubAccountId;
use serde_json::json;

use crate::{
    http::{App, Failure, gate::Anyone, query::Query},
    storage::Transaction,
};

/// How long a browser keeps the loader before it asks again.
const LOADER_CACHE: &str = "public, max-age=300";

/// The frame's page. The account in its address is no secret; it says whose allow-list decides who may frame it.
pub async fn frame(
    _: Anyone,
    State(app): State<App>,
    mut query: Query,
) -> Result<Response, Failure> {
    let origins = sites(&app, query.text("account")).await?;
    Ok(app.files.frame.answer_framed(&origins))
}

/// The same page for Sluice's own settings, which show how it looks. Nobody else may frame it, and without a token it shows nothing.
pub async fn preview(_: Anyone, State(app): State<App>) -> Response {
    app.files.frame.answer_framed(&["'self'".to_owned()])
}

/// Whether the asking site may frame a page about the account: what the frame's own header says, for a loader that has to say why
/// nothing came. A script of any site may read it.
pub async fn allowed(
    _: Anyone,
    State(app): State<App>,
    mut query: Query,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let account = query.text("account");
    query.finish()?;
    let origins = sites(&app, account).await?;
    let asking = headers.get(header::ORIGIN).and_then(|value| value.to_str().ok());
    let allowed = asking.is_some_and(|asking| origins.iter().any(|origin| origin == asking));
    Ok(for_everybody(Json(json!({ "allowed": allowed })).into_response()))
}

/// The loader, `v1.js`. Modules are fetched across sites only where the server lets everybody read them.
pub async fn loader(
    _: Anyone,
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    shared(&app, "embed/v1.js", &headers)
}

/// Its types, `v1.d.ts`.
pub async fn types(
    _: Anyone,
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    shared(&app, "embed/v1.d.ts", &headers)
}

fn shared(app: &App, name: &str, headers: &HeaderMap) -> Result<Response, Failure> {
    let file = app.files.get(name).ok_or_else(Failure::not_found)?;
    let mut response = for_everybody(file.answer(headers));
    let cache = HeaderValue::from_static(LOADER_CACHE);
    response.headers_mut().insert(header::CACHE_CONTROL, cache);
    Ok(response)
}

fn for_everybody(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let everybody = HeaderValue::from_static("*");
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, everybody);
    let elsewhere = HeaderValue::from_static("cross-origin");
    headers.insert("cross-origin-resource-policy", elsewhere);
    response
}

/// The sites that may frame a page about this account; none when there is no such account.
async fn sites(app: &App, account: Option<String>) -> Result<Vec<String>, Failure> {
    let Some(account) = account.and_then(|text| text.parse::<SubAccountId>().ok()) else {
        return Ok(Vec::new());
    };
    let read = move |tx: &mut dyn Transaction| Ok::<_, Failure>(tx.embed_origins_for(account)?);
    app.deps.store.read(read).await
}
