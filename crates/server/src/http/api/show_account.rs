//! `GET /accounts/{id}`

use axum::{
    Json,
    extract::{Path, State},
    http::header,
    response::{IntoResponse as _, Response},
};
use billing::{SubAccountId, api::AccountDetail};

use super::id;
use crate::{
    execute::snapshots,
    http::{
        App, Failure,
        gate::{May, rights::ReadAccounts},
    },
    storage::Transaction,
};

/// One account; its `ETag` is what `If-Match` takes.
pub async fn answer(
    caller: May<ReadAccounts>,
    State(app): State<App>,
    Path(sub_account): Path<String>,
) -> Result<Response, Failure> {
    let sub_account: SubAccountId = id(&sub_account)?;
    let now = app.deps.clock.now();
    let read = move |tx: &mut dyn Transaction| {
        let signed_in = caller.identify(tx, now)?;
        let agency = tx.agency(signed_in.scope)?.ok_or_else(Failure::not_found)?;
        let account = tx.account(signed_in.scope, sub_account)?.ok_or_else(Failure::not_found)?;
        Ok::<_, Failure>(AccountDetail {
            account: snapshots::account(&account, &agency),
            change_seq: agency.change_seq,
            agency: snapshots::agency(&agency),
        })
    };
    let detail = app.deps.store.read(read).await?;
    let etag = format!("\"{}\"", detail.account.funding.version);
    Ok(([(header::ETAG, etag)], Json(detail)).into_response())
}
