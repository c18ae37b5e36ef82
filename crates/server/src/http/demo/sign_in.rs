//! `GET /demo/sign-in?token=`

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use subtle::ConstantTimeEq as _;

use crate::{
    execute::{Tools, people},
    http::{App, Failure, api::sign_in::agent, cookie, gate::Anyone, query::Query},
    storage::Transaction,
};

/// Where the demo begins.
const HOME: &str = "/settings/accounts";

/// Signs in as the owner of the demo's first agency.
pub async fn answer(
    _: Anyone,
    State(app): State<App>,
    headers: HeaderMap,
    mut query: Query,
) -> Result<Response, Failure> {
    let config = &app.deps.config;
    let demo = config.demo.as_ref().ok_or_else(Failure::not_found)?;
    let token = query.text("token").unwrap_or_default();
    if !bool::from(token.as_bytes().ct_eq(demo.sign_in_token.0.as_bytes())) {
        return Err(Failure::not_found());
    }
    let tools = Tools::of(&app.deps);
    let now = tools.now;
    let agent = agent(&headers);
    let write = move |tx: &mut dyn Transaction| {
        let scope = tx.agencies()?.into_iter().next().ok_or_else(Failure::not_found)?;
        let owner = people::owner(tx, scope)?.ok_or_else(Failure::not_found)?;
        Ok::<_, Failure>(people::start_session(tx, &tools, scope, owner.id, &agent)?)
    };
    let (token, expires_at) = app.deps.store.write(write).await?;
    let cookie = cookie::set(&token, now, expires_at, config.is_https());
    let cookie = cookie.ok_or_else(Failure::internal)?;
    let to = axum::http::HeaderValue::from_static(HOME);
    Ok((StatusCode::SEE_OTHER, [(header::SET_COOKIE, cookie), (header::LOCATION, to)])
        .into_response())
}
