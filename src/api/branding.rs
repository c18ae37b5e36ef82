//! The agency's name, colour and logo, and where its months begin.

use billing::{
    api::{Branding, BrandingBody, TimeZone},
    brand::ImageKind,
};
use gloo_net::http::RequestBuilder;

use super::{ApiError, Call, accounts::BASE, call::problem};
use crate::browser::ChosenFile;

const BRANDING: &str = "/branding";
const LOGO: &str = "/branding/logo";
const TIME_ZONE: &str = "/agency/time-zone";

/// `GET /branding`
///
/// # Errors
/// [`ApiError`]
pub async fn branding() -> Result<Branding, ApiError> {
    Call::get(BRANDING).send().await
}

/// `PUT /branding`
///
/// # Errors
/// [`ApiError`]; with the fields that are wrong.
pub async fn set_branding(body: BrandingBody) -> Result<Branding, ApiError> {
    Call::put(BRANDING).json(&body).send().await
}

/// `PUT /branding/logo`. By itself, and not by a [`Call`]: those are texts, in every entry.
///
/// # Errors
/// [`ApiError`]; when it is no logo.
pub async fn set_logo(kind: ImageKind, file: ChosenFile) -> Result<Branding, ApiError> {
    let request = RequestBuilder::new(&format!("{BASE}{LOGO}"))
        .method(gloo_net::http::Method::PUT)
        .header("content-type", kind.media_type())
        .body(file);
    let request = request.map_err(|_| ApiError::Unreachable)?;
    let response = request.send().await.map_err(|_| ApiError::Unreachable)?;
    if !response.ok() {
        return Err(problem(response).await);
    }
    let text = response.text().await.map_err(|_| ApiError::Unreachable)?;
    serde_json::from_str(&text).map_err(|_| ApiError::Unreadable)
}

/// `DELETE /branding/logo`
///
/// # Errors
/// [`ApiError`]
pub async fn remove_logo() -> Result<Branding, ApiError> {
    Call::delete(LOGO).send().await
}

/// `GET /agency/time-zone`
///
/// # Errors
/// [`ApiError`]
pub async fn time_zone() -> Result<TimeZone, ApiError> {
    Call::get(TIME_ZONE).send().await
}

/// `PUT /agency/time-zone`
///
/// # Errors
/// [`ApiError`]; with the field, when there is no such zone.
pub async fn set_time_zone(body: TimeZone) -> Result<TimeZone, ApiError> {
    Call::put(TIME_ZONE).json(&body).send().await
}
