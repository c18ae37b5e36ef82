//! `POST /embed/tickets`

use axum::{Json, extract::State, http::StatusCode};
use billing::api::EmbedTicket;

use super::Widget;
use crate::{
    execute::{Tools, embed},
    http::{App, Failure},
    storage::Transaction,
};

/// Makes a ticket: an event stream takes no header, and a token has no business in an address.
pub async fn answer(
    widget: Widget,
    State(app): State<App>,
) -> Result<(StatusCode, Json<EmbedTicket>), Failure> {
    let tools = Tools::of(&app.deps);
    let write = move |tx: &mut dyn Transaction| {
        let embedded = widget.identify(tx, tools.now)?;
        Ok::<_, Failure>(embed::make_ticket(tx, &tools, &embedded)?)
    };
    Ok((StatusCode::CREATED, Json(app.deps.store.write(write).await?)))
}
