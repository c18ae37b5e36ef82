//! `POST /pay/open`

use axum::{Json as Answer, extract::State};
use billing::api::{OpenLinkBody, PayView};

use crate::{
    http::{App, Failure, RequestTag, body::Json, gate::Anyone},
    pay,
};

/// Says that the link was opened, by a person or a machine; changes nothing else.
pub async fn answer(
    _: Anyone,
    State(app): State<App>,
    tag: RequestTag,
    Json { value: body, .. }: Json<OpenLinkBody>,
) -> Result<Answer<PayView>, Failure> {
    Ok(Answer(pay::open(&app.deps, &body.token, &tag.0).await?))
}
