//! `GET /client/accounts/{account}/ledger`

use axum::{
    Json,
    extract::{Path, State},
};
use billing::{
    SubAccountId,
    api::{ClientLedgerLine, ClientLedgerPage},
    ledger::Book,
};

use super::super::id;
use crate::{
    http::{
        App, Failure, cursor,
        gate::{May, rights::SeeOwnAccounts},
        query::Query,
    },
    storage::{Transaction, journal::EntryRow},
};

/// What moved the sub-account's own balance, newest first. What moved the agency's is not told, nor how many entries it has.
pub async fn answer(
    caller: May<SeeOwnAccounts>,
    State(app): State<App>,
    Path(account): Path<String>,
    mut query: Query,
) -> Result<Json<ClientLedgerPage>, Failure> {
    let account: SubAccountId = id(&account)?;
    let before = query.read("cursor", "a next_cursor of this ledger", cursor::entry);
    let limit = query.limit();
    query.finish()?;
    let now = app.deps.clock.now();
    let read = move |tx: &mut dyn Transaction| {
        let allowed = caller.identify(tx, now)?;
        super::account(tx, &allowed, account)?;
        let more = limit.saturating_add(1);
        let mut rows = tx.entries_of(allowed.scope, account, before, more)?;
        let next_cursor = cursor::next(&mut rows, limit, |row| cursor::of_entry(row.number));
        let lines = rows.iter().flat_map(|row| lines(row, account)).collect();
        Ok::<_, Failure>(ClientLedgerPage { lines, next_cursor })
    };
    Ok(Json(app.deps.store.read(read).await?))
}

/// What an entry did to the account's own balance.
pub fn lines(row: &EntryRow, account: SubAccountId) -> impl Iterator<Item = ClientLedgerLine> {
    let own = Book::Customer { sub_account: account };
    let postings = row.entry.postings().iter().zip(&row.balances_after);
    postings.filter(move |(posting, _)| posting.book == own).map(|(posting, balance_after)| {
        ClientLedgerLine {
            at: row.entry.at(),
            kind: row.entry.kind(),
            amount: posting.amount,
            balance_after: *balance_after,
        }
    })
}
