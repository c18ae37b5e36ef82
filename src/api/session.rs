//! Who is signed in.

use billing::api::{Access, Me, SignInBody};

use super::{ApiError, Call};
use crate::browser::Json;

/// `GET /me`
///
/// # Errors
/// [`ApiError`]; signed out among them.
pub async fn me() -> Result<Me, ApiError> {
    Call::get("/me").send().await
}

/// `GET /me`: what the person may.
///
/// # Errors
/// [`ApiError`]
pub async fn access() -> Result<Access, ApiError> {
    Call::get("/me").send().await
}

/// `POST /session`
///
/// # Errors
/// [`ApiError`]; 401 when e-mail and password don't belong together, or when they do and a code is missing or wrong.
pub async fn sign_in(body: SignInBody) -> Result<Me, ApiError> {
    Call::post("/session").json(&body).send().await
}

/// `GET /session/providers`
///
/// # Errors
/// [`ApiError`]
pub async fn providers() -> Result<Json, ApiError> {
    Call::get("/session/providers").read().await
}

/// `DELETE /session`
///
/// # Errors
/// [`ApiError`]
pub async fn sign_out() -> Result<(), ApiError> {
    Call::delete("/session").send_empty().await
}
