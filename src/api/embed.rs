//! The widget's side: one account, by a token that the site it stands on has asked for.

use super::{ApiError, Call, accounts::BASE};

/// Says on which site the frame stands: a token is minted for some.
const SITE: &str = "sluice-embed-origin";

/// `GET /embed/balance`: what the token shows, as text.
///
/// # Errors
/// [`ApiError`]; 401 when the token is dead, 403 when it was minted for another site.
pub async fn embedded(token: &str, site: &str) -> Result<String, ApiError> {
    Call::get("/embed/balance").bearer(token).header(SITE, site).raw().await
}

/// `POST /embed/top-ups`: the pay page that tops the balance up.
///
/// # Errors
/// [`ApiError`]; 409 when the agency pays meanwhile.
pub async fn embedded_top_up(token: &str, site: &str) -> Result<String, ApiError> {
    let made = Call::post("/embed/top-ups").bearer(token).header(SITE, site).read().await?;
    Ok(made.text("url"))
}

/// `POST /embed/tickets`: where one live stream of it is heard.
///
/// # Errors
/// [`ApiError`]
pub async fn embedded_changes(token: &str, site: &str) -> Result<String, ApiError> {
    let made = Call::post("/embed/tickets").bearer(token).header(SITE, site).read().await?;
    Ok(format!("{BASE}/embed/changes?ticket={}", made.text("ticket")))
}
