//! `POST /embed/top-ups`

use axum::{Json, extract::State, http::StatusCode};
use billing::api::NewTopUp;

use super::Widget;
use crate::{
    execute::{Tools, links, top_ups},
    http::{App, Failure, RequestTag},
    storage::Transaction,
};

/// When one of the links that are too many has died.
const RETRY_AFTER_SECONDS: u64 = 600;

/// Makes a link to the pay page for the account that the widget shows.
pub async fn answer(
    widget: Widget,
    State(app): State<App>,
    tag: RequestTag,
) -> Result<(StatusCode, Json<NewTopUp>), Failure> {
    let tools = Tools::of(&app.deps);
    let write = move |tx: &mut dyn Transaction| {
        let embedded = widget.identify(tx, tools.now)?;
        let made = top_ups::make_link(tx, &tools, &embedded, &tag.0)?;
        made.ok_or_else(|| {
            let detail = "Too many payment pages of this account are open.";
            Failure::too_many(detail, RETRY_AFTER_SECONDS)
        })
    };
    let (token, expires_at) = app.deps.store.write(write).await?;
    let url = links::url(&app.deps.config.public_url, &token);
    Ok((StatusCode::CREATED, Json(NewTopUp { url, expires_at })))
}
