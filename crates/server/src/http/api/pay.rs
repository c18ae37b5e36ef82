//! `POST /pay/payments`

use axum::{Json as Answer, extract::State, http::HeaderMap};
use billing::api::{PayBody, PayView};

use crate::{
    http::{App, Failure, RequestTag, body::Json, conditions::idempotency_key, gate::LinkToken},
    pay,
};

/// The customer pressed the button. What that means is [`crate::pay`]'s to say: it takes more than one transaction.
pub async fn answer(
    LinkToken(token): LinkToken,
    State(app): State<App>,
    tag: RequestTag,
    headers: HeaderMap,
    Json { value: body, raw }: Json<PayBody>,
) -> Result<Answer<PayView>, Failure> {
    let key = idempotency_key(&headers)?;
    // Its own task: a customer who closes the page must not stop their payment half-way.
    let paying =
        tokio::spawn(async move { pay::pay(&app.deps, &token, &key, &raw, &body, &tag.0).await });
    Ok(Answer(paying.await.map_err(|_| Failure::internal())??))
}
