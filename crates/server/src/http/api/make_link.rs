//! `POST /accounts/{id}/billing-requests/{rid}/links`

use axum::{Json, extract::State};
use billing::api::LinkAnswer;

use super::funding_request::RequestPath;
use crate::{
    execute::{Tools, links},
    http::{
        App, Failure, RequestTag,
        gate::{May, rights::SwitchFunding},
    },
    storage::{Transaction, links::LinkPurpose},
};

/// A fresh secure link to the open request, told this once.
pub async fn answer(
    caller: May<SwitchFunding>,
    State(app): State<App>,
    tag: RequestTag,
    RequestPath(sub_account, request): RequestPath,
) -> Result<Json<LinkAnswer>, Failure> {
    let tools = Tools::of(&app.deps);
    let write = move |tx: &mut dyn Transaction| {
        let signed_in = caller.identify(tx, tools.now)?;
        let scope = signed_in.scope;
        let origin = signed_in.origin(&tag);
        let purpose = LinkPurpose::Copy;
        let made = links::create(tx, &tools, scope, sub_account, request, purpose, &origin)?;
        Ok::<_, Failure>(made)
    };
    let (token, expires_at) = app.deps.store.write(write).await?;
    let url = links::url(&app.deps.config.public_url, &token);
    Ok(Json(LinkAnswer { url, expires_at }))
}
