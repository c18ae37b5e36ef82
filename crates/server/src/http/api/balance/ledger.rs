//! `GET /balance/ledger`

use axum::{Json, extract::State};
use billing::api::ClientLedgerPage;

use crate::{
    balance,
    execute::{balance_links, wallet::Owner},
    http::{App, Failure, api::client::ledger::lines, cursor, gate::LinkToken, query::Query},
    storage::Transaction,
};

/// What moved the balance while whoever holds the link paid for it, newest first.
pub async fn answer(
    LinkToken(token): LinkToken,
    State(app): State<App>,
    mut query: Query,
) -> Result<Json<ClientLedgerPage>, Failure> {
    let holder = balance::by_link(&app.deps, &token).await?;
    let before = query.read("cursor", "a next_cursor of this ledger", cursor::entry);
    let limit = query.limit();
    query.finish()?;
    let read = move |tx: &mut dyn Transaction| {
        // A link from a letter leads to nothing else.
        let Owner::Customer(account) = holder.owner else { return Err(Failure::not_found()) };
        let scope = holder.scope;
        let row = tx.account(scope, account)?.ok_or_else(Failure::not_found)?;
        let Some((from, to)) = balance_links::stint(tx, scope, &row, &holder.email)? else {
            return Ok(ClientLedgerPage { lines: Vec::new(), next_cursor: None });
        };
        let mut rows = tx.entries_of(scope, account, before, limit.saturating_add(1))?;
        let next_cursor = cursor::next(&mut rows, limit, |row| cursor::of_entry(row.number));
        let is_old = rows.last().is_some_and(|row| row.entry.at() < from);
        rows.retain(|row| {
            let at = row.entry.at();
            at >= from && to.is_none_or(|to| at <= to)
        });
        let lines = rows.iter().flat_map(|row| lines(row, account)).collect();
        Ok::<_, Failure>(ClientLedgerPage { lines, next_cursor: next_cursor.filter(|_| !is_old) })
    };
    Ok(Json(app.deps.store.read(read).await?))
}
