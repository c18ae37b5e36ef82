//! `GET /session/providers`, `GET /session/oidc` and `GET /session/oidc/callback`: signing in with the OpenID provider of the settings.
//!
//! A browser comes to the latter two by a link and is sent on, so both answer with redirects; what went wrong is told on a page
//! (`GET /sign-in/oidc`).

use axum::{
    Json as Answer,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use billing::api::{ProviderList, SignInProvider};

use super::sign_in::agent;
use crate::{
    execute::{Tools, passwords::told, people, providers},
    http::{
        App, Failure, RequestTag, cookie,
        gate::Anyone,
        pages::oidc::{PAGE, Trouble},
        query::Query,
    },
    oidc::{Attempt, OidcError, Provider, Vouched},
    storage::Transaction,
};

/// Where somebody goes who is signed in: the app knows which page is theirs.
const HOME: &str = "/";

/// Where [`begin`] is.
const BEGIN: &str = "/api/v1/session/oidc";

/// Whom people may sign in with, for the page where they do.
pub async fn providers(_: Anyone, State(app): State<App>) -> Answer<ProviderList> {
    let link = |provider: &Provider| SignInProvider {
        label: provider.label().to_owned(),
        url: BEGIN.to_owned(),
    };
    Answer(ProviderList { providers: app.oidc.iter().map(link).collect() })
}

/// Sends somebody to the provider. Only from a page of ours: another site signs nobody in.
pub async fn begin(
    _: Anyone,
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let provider = provider(&app)?;
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    if !matches!(site, None | Some(b"same-origin" | b"none")) {
        return redirect(PAGE);
    }
    let (url, attempt) = match provider.begin(app.deps.entropy.as_ref()).await {
        Ok(begun) => begun,
        Err(error) => return redirect(&trouble(&error.into())),
    };
    let mut response = redirect(url.as_str())?;
    let cookie = cookie::set_attempt(&attempt.text(), app.deps.config.is_https());
    let cookie = cookie.ok_or_else(Failure::internal)?;
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    Ok(response)
}

/// Signs in whoever comes back from the provider with its word for who they are. Whatever comes of it, the attempt is over.
pub async fn finish(
    _: Anyone,
    State(app): State<App>,
    tag: RequestTag,
    headers: HeaderMap,
    mut query: Query,
) -> Result<Response, Failure> {
    let provider = provider(&app)?;
    let https = app.deps.config.is_https();
    let attempt = cookie::attempt(&headers, https).and_then(Attempt::parse);
    let mut response = match vouched(&app, provider, attempt, &mut query).await {
        Ok(vouched) => match signed_in(&app, vouched, &tag, agent(&headers)).await? {
            Ok(cookie) => {
                let mut response = redirect(HOME)?;
                response.headers_mut().append(header::SET_COOKIE, cookie);
                response
            }
            Err(why) => redirect(&trouble(&why))?,
        },
        Err(error) => {
            tracing::warn!(%error, "a sign-in with the OpenID provider failed");
            redirect(&trouble(&error.into()))?
        }
    };
    let over = cookie::clear_attempt(https).ok_or_else(Failure::internal)?;
    response.headers_mut().append(header::SET_COOKIE, over);
    Ok(response)
}

fn provider(app: &App) -> Result<&Provider, Failure> {
    app.oidc.as_ref().ok_or_else(Failure::not_found)
}

/// Whom the provider vouches for, in answer to this browser's attempt.
async fn vouched(
    app: &App,
    provider: &Provider,
    attempt: Option<Attempt>,
    query: &mut Query,
) -> Result<Vouched, OidcError> {
    let state = query.text("state").unwrap_or_default();
    let attempt = attempt.filter(|attempt| attempt.is_of(&state)).ok_or(OidcError::Forged)?;
    let code = query.text("code").ok_or(OidcError::Refused)?;
    provider.finish(code, attempt, app.deps.clock.now()).await
}

/// Begins a session of whoever signs in with this address, if they are still the same to the provider: its cookie, or why not. Nobody is made here.
async fn signed_in(
    app: &App,
    Vouched { email, id }: Vouched,
    tag: &RequestTag,
    agent: String,
) -> Result<Result<HeaderValue, Trouble>, Failure> {
    let (tools, tag) = (Tools::of(&app.deps), tag.0.clone());
    let now = tools.now;
    let write = move |tx: &mut dyn Transaction| {
        let Some((scope, user)) = tx.user_by_email(&email)? else {
            return Ok(Err(Trouble::UnknownAddress));
        };
        if user.is_invited() {
            return Ok(Err(Trouble::OnlyInvited));
        }
        if !providers::recognise(tx, &tools, scope, &user, id.clone(), &tag)? {
            return Ok(Err(Trouble::SomebodyElse));
        }
        told(tx, &tools, scope, &user, "sign_in_with_provider", &tag)?;
        let begun = people::start_vouched_session(tx, &tools, scope, user.id, &agent)?;
        Ok::<_, Failure>(Ok((user.id, begun)))
    };
    let (user, (token, expires_at)) = match app.deps.store.write(write).await? {
        Ok(begun) => begun,
        Err(why) => {
            tracing::warn!(?why, "a sign-in with the OpenID provider failed");
            return Ok(Err(why));
        }
    };
    tracing::info!(%user, "somebody signed in with the OpenID provider");
    let cookie = cookie::set(&token, now, expires_at, app.deps.config.is_https());
    cookie.map(Ok).ok_or_else(Failure::internal)
}

fn trouble(why: &Trouble) -> String {
    format!("{PAGE}?problem={}", why.name())
}

fn redirect(to: &str) -> Result<Response, Failure> {
    let to = HeaderValue::from_str(to).map_err(|_| Failure::internal())?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response())
}
