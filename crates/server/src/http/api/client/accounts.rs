//! `GET /client/accounts` and `GET /client/accounts/{account}`

use axum::{
    Json,
    extract::{Path, State},
};
use billing::{
    SubAccountId,
    api::{ClientAccount, ClientAccountList},
};

use super::super::id;
use crate::{
    execute::snapshots,
    http::{
        App, Failure,
        gate::{May, rights::SeeOwnAccounts},
    },
    storage::Transaction,
};

/// All that somebody belongs to.
pub async fn list(
    caller: May<SeeOwnAccounts>,
    State(app): State<App>,
) -> Result<Json<ClientAccountList>, Failure> {
    let now = app.deps.clock.now();
    let read = move |tx: &mut dyn Transaction| {
        let allowed = caller.identify(tx, now)?;
        let agency = tx.agency(allowed.scope)?.ok_or_else(Failure::not_found)?;
        let mut accounts = Vec::new();
        for id in &allowed.person()?.accounts {
            if let Some(row) = tx.account(allowed.scope, *id)? {
                accounts.push(ClientAccount::of(&snapshots::account(&row, &agency)));
            }
        }
        Ok::<_, Failure>(ClientAccountList { accounts, change_seq: agency.change_seq })
    };
    Ok(Json(app.deps.store.read(read).await?))
}

/// One of them.
pub async fn show(
    caller: May<SeeOwnAccounts>,
    State(app): State<App>,
    Path(account): Path<String>,
) -> Result<Json<ClientAccount>, Failure> {
    let account: SubAccountId = id(&account)?;
    let now = app.deps.clock.now();
    let read = move |tx: &mut dyn Transaction| {
        let allowed = caller.identify(tx, now)?;
        let agency = tx.agency(allowed.scope)?.ok_or_else(Failure::not_found)?;
        let row = super::account(tx, &allowed, account)?;
        Ok::<_, Failure>(ClientAccount::of(&snapshots::account(&row, &agency)))
    };
    Ok(Json(app.deps.store.read(read).await?))
}
