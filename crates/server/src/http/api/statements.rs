//! `GET /agency/statements` and `GET /accounts/{account}/statements`, each with `/{month}` as JSON, CSV and PDF.

use axum::{
    Json,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use billing::{SubAccountId, api::StatementList, usage::Month};

use super::id;
use crate::{
    documents::view,
    http::{
        App, Failure,
        documents::{self, Form},
        gate::{
            May,
            rights::{Named, ReadAccounts, ReadStatements},
        },
    },
};

/// What was issued of the agency's balance.
pub async fn of_agency(
    caller: May<ReadAccounts>,
    State(app): State<App>,
) -> Result<Json<StatementList>, Failure> {
    Ok(Json(documents::list(&app, &caller, None).await?.it))
}

/// What was issued of an account's own balance.
pub async fn of_account(
    caller: May<ReadStatements>,
    State(app): State<App>,
    Path(account): Path<String>,
) -> Result<Json<StatementList>, Failure> {
    let account: SubAccountId = id(&account)?;
    Ok(Json(documents::list(&app, &caller, Some(account)).await?.it))
}

/// A month of the agency's balance.
pub async fn agency_month(
    caller: May<ReadAccounts>,
    State(app): State<App>,
    Path(month): Path<String>,
) -> Result<Response, Failure> {
    answer(&app, &caller, None, &month).await
}

/// A month of an account's own balance.
pub async fn account_month(
    caller: May<ReadStatements>,
    State(app): State<App>,
    Path((account, month)): Path<(String, String)>,
) -> Result<Response, Failure> {
    answer(&app, &caller, Some(id(&account)?), &month).await
}

async fn answer<R: Named + Clone>(
    app: &App,
    caller: &May<R>,
    account: Option<SubAccountId>,
    asked: &str,
) -> Result<Response, Failure> {
    let (month, form) = documents::asked(asked).ok_or_else(Failure::not_found)?;
    let month = Month::parse(month).ok_or_else(Failure::not_found)?;
    let found = documents::statement(app, caller, account, month).await?;
    match form {
        Form::Json => Ok(Json(found.it).into_response()),
        Form::Csv => documents::as_csv(&found.it),
        Form::Pdf => documents::as_pdf(view::statement(&found.it, found.accent)).await,
    }
}
