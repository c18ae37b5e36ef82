//! The customer's side of a link. The link's token says who asks.

use billing::api::{OpenLinkBody, PayBody, PayView};

use super::{ApiError, Call};

/// `POST /pay/open`: says that the link was opened.
///
/// # Errors
/// [`ApiError`]; 404 when there is no such link.
pub async fn open_link(token: &str) -> Result<PayView, ApiError> {
    Call::post("/pay/open").json(&OpenLinkBody { token: token.to_owned() }).send().await
}

/// `GET /pay`: how things stand.
///
/// # Errors
/// [`ApiError`]
pub async fn link(token: &str) -> Result<PayView, ApiError> {
    Call::get("/pay").bearer(token).send().await
}

/// `POST /pay/payments`
///
/// # Errors
/// [`ApiError`]; when the outcome is unknown, the same key and body must be used again.
pub async fn pay(token: &str, idempotency_key: &str, body: &PayBody) -> Result<PayView, ApiError> {
    let call = Call::post("/pay/payments").bearer(token).idempotency_key(idempotency_key);
    call.json(body).send().await
}
