//! What pages of an agency's clients load of its look: a style sheet and a picture, for anybody. Both are named by what is in them.

use axum::{
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use billing::AgencyId;

use crate::{
    execute::branding,
    http::{App, Failure, gate::Anyone},
    storage::Transaction,
};

/// Its name changes with its content.
const FOREVER: &str = "public, max-age=31536000, immutable";
/// Whoever opens such a file by itself sees it, and nothing runs.
const ALONE: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

/// `GET /brand/{agency}/{file}`
pub async fn show(
    _: Anyone,
    State(app): State<App>,
    Path(path): Path<String>,
) -> Result<Response, Failure> {
    let (agency, file) = path.split_once('/').ok_or_else(Failure::not_found)?;
    let (name, ending) = file.split_once('.').ok_or_else(Failure::not_found)?;
    let agency: AgencyId = agency.parse().map_err(|_| Failure::not_found())?;
    if ending == "css" {
        sheet(&app, agency, &path).await
    } else {
        logo(&app, agency, name, ending).await
    }
}

/// The style sheet. One that is no longer the newest answers as the newest, and is not kept.
async fn sheet(app: &App, agency: AgencyId, path: &str) -> Result<Response, Failure> {
    let read = move |tx: &mut dyn Transaction| Ok::<_, Failure>(tx.published_brand(agency)?);
    let brand = app.deps.store.read(read).await?;
    let sheet = branding::stylesheet(agency, &brand).ok_or_else(Failure::not_found)?;
    let newest = sheet.address.ends_with(path);
    let cache = if newest { FOREVER } else { "no-store" };
    Ok(answer("text/css; charset=utf-8", cache, sheet.text.into_bytes()))
}

async fn logo(app: &App, agency: AgencyId, name: &str, ending: &str) -> Result<Response, Failure> {
    let digest = name.to_owned();
    let read =
        move |tx: &mut dyn Transaction| Ok::<_, Failure>(tx.published_logo(agency, &digest)?);
    let found = app.deps.store.read(read).await?.filter(|(kind, _)| kind.extension() == ending);
    let (kind, bytes) = found.ok_or_else(Failure::not_found)?;
    Ok(answer(kind.media_type(), FOREVER, bytes))
}

fn answer(media_type: &'static str, cache: &'static str, content: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::CACHE_CONTROL, HeaderValue::from_static(cache)),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(ALONE)),
    ];
    (headers, content).into_response()
}
