//! `POST /embed/previews`: somebody of the agency looks at the widget inside Sluice, as a site would show it.

use std::time::Duration;

use axum::{Json, extract::State, http::StatusCode};
use billing::api::{EMBED_TTL_SECONDS, EmbedComponent, EmbedPreviewBody, NewEmbedSession};

use crate::{
    execute::{Tools, embed},
    http::{
        App, Failure,
        api::account_named,
        body,
        gate::{May, rights::PreviewEmbedded},
    },
    storage::Transaction,
};

/// Mints a token that is good in Sluice's own pages alone, whatever sites are allowed. The loader asks as it asks any backend.
pub async fn answer(
    caller: May<PreviewEmbedded>,
    State(app): State<App>,
    body::Json { value, .. }: body::Json<EmbedPreviewBody>,
) -> Result<(StatusCode, Json<NewEmbedSession>), Failure> {
    let tools = Tools::of(&app.deps);
    let (_, usual_seconds, _) = EMBED_TTL_SECONDS;
    let write = move |tx: &mut dyn Transaction| {
        let scope = caller.identify(tx, tools.now)?.scope;
        let account = account_named(tx, scope, &value.account)?.ok_or_else(|| {
            Failure::field("/account", "unknown_account", "There is no such account.")
        })?;
        let (parts, sites) = (EmbedComponent::ALL.to_vec(), vec![embed::PREVIEW_SITE.to_owned()]);
        let ttl = Duration::from_secs(usual_seconds);
        Ok::<_, Failure>(embed::mint(tx, &tools, scope, account.id, parts, sites, ttl)?)
    };
    Ok((StatusCode::CREATED, Json(app.deps.store.write(write).await?)))
}
