//! `GET /pay`

use axum::{Json, extract::State};
use billing::api::PayView;

use crate::{
    http::{App, Failure, caller::LinkToken},
    pay,
};

/// How things stand with a link.
pub async fn answer(
    State(app): State<App>,
    LinkToken(token): LinkToken,
) -> Result<Json<PayView>, Failure> {
    Ok(Json(pay::view(&app.deps, &token).await?))
}
