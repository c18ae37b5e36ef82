//! `GET /accounts`

use axum::{Json, extract::State};
use billing::api::AccountList;

use crate::{
    execute::snapshots,
    http::{
        App, Failure, cursor,
        gate::{May, rights::ReadAccounts},
        query::Query,
    },
    storage::{Transaction, accounts::AccountQuery},
};

/// A page of accounts, with the agency at the same instant: three statements in one transaction, however long the page.
pub async fn answer(
    caller: May<ReadAccounts>,
    State(app): State<App>,
    query: Query,
) -> Result<Json<AccountList>, Failure> {
    let query = query.accounts()?;
    let now = app.deps.clock.now();
    let read = move |tx: &mut dyn Transaction| {
        let signed_in = caller.identify(tx, now)?;
        let agency = tx.agency(signed_in.scope)?.ok_or_else(Failure::not_found)?;
        let limit = query.limit;
        let more = AccountQuery { limit: limit.saturating_add(1), ..query };
        let mut rows = tx.list_accounts(signed_in.scope, &more)?;
        let next_cursor =
            cursor::next(&mut rows, limit, |(row, key)| cursor::of_account(more.sort, key, row.id));
        Ok::<_, Failure>(AccountList {
            accounts: rows.iter().map(|(row, _)| snapshots::account(row, &agency)).collect(),
            next_cursor,
            counts: agency.counts,
            change_seq: agency.change_seq,
            agency: snapshots::agency(&agency),
        })
    };
    Ok(Json(app.deps.store.read(read).await?))
}
