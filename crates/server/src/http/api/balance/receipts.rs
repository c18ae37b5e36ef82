//! `GET /balance/receipts`, and `/{receipt}` as JSON and PDF.

use axum::{
    Json,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use billing::api::{Receipt, ReceiptList};

use crate::{
    balance::{self, Holder},
    documents::view,
    execute::receipts,
    http::{
        App, Failure,
        documents::{self, Form},
        gate::LinkToken,
    },
    storage::Transaction,
};

/// Those that went to whoever holds the link, newest first.
pub async fn list(
    LinkToken(token): LinkToken,
    State(app): State<App>,
) -> Result<Json<ReceiptList>, Failure> {
    let holder = balance::by_link(&app.deps, &token).await?;
    Ok(Json(ReceiptList { receipts: of(&app, &holder).await? }))
}

/// One of them, by its number.
pub async fn show(
    LinkToken(token): LinkToken,
    State(app): State<App>,
    Path(receipt): Path<String>,
) -> Result<Response, Failure> {
    let holder = balance::by_link(&app.deps, &token).await?;
    let (number, form) = documents::asked(&receipt).ok_or_else(Failure::not_found)?;
    let found = of(&app, &holder).await?.into_iter().find(|receipt| receipt.number == number);
    let found = found.ok_or_else(Failure::not_found)?;
    match form {
        Form::Json => Ok(Json(found).into_response()),
        Form::Pdf => {
            let scope = holder.scope;
            let brand = app.deps.store.read(move |tx| tx.brand(scope)).await?;
            documents::as_pdf(view::receipt(&found, brand.accent)).await
        }
        Form::Csv => Err(Failure::not_found()),
    }
}

async fn of(app: &App, holder: &Holder) -> Result<Vec<Receipt>, Failure> {
    let (scope, account, now) = (holder.scope, holder.owner.account(), app.deps.clock.now());
    let look = move |tx: &mut dyn Transaction| receipts::list(tx, scope, account);
    let all = match app.deps.store.read(look).await? {
        Some(all) => all,
        None => {
            let issue = move |tx: &mut dyn Transaction| {
                receipts::issue_missing(tx, scope, account, now)?;
                receipts::list(tx, scope, account)
            };
            app.deps.store.write(issue).await?.unwrap_or_default()
        }
    };
    let theirs =
        |receipt: &Receipt| receipt.email.as_str().eq_ignore_ascii_case(holder.email.as_str());
    Ok(all.into_iter().filter(theirs).collect())
}
