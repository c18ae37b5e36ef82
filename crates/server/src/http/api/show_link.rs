//! `GET /pay`

use axum::{Json, extract::State};
use billing::api::PayView;

use crate::{
    http::{App, Failure, gate::LinkToken},
    pay,
};

/// How things stand with a link.
pub async fn answer(
    LinkToken(token): LinkToken,
    State(app): State<App>,
) -> Result<Json<PayView>, Failure> {
    Ok(Json(pay::view(&app.deps, &token).await?))
}
