//! `GET /accounts/{account}/receipts`, and `/{payment}` as JSON and PDF.

use axum::{
    Json,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use billing::{PaymentId, SubAccountId, api::ReceiptList};

use super::id;
use crate::{
    documents::view,
    http::{
        App, Failure,
        documents::{self, Form},
        gate::{May, rights::ReadStatements},
    },
};

/// One for each payment that settled, newest first.
pub async fn list(
    caller: May<ReadStatements>,
    State(app): State<App>,
    Path(account): Path<String>,
) -> Result<Json<ReceiptList>, Failure> {
    let account: SubAccountId = id(&account)?;
    let receipts = documents::receipts(&app, &caller, Some(account)).await?;
    Ok(Json(ReceiptList { receipts }))
}

/// The one for a payment.
pub async fn show(
    caller: May<ReadStatements>,
    State(app): State<App>,
    Path((account, payment)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let account: SubAccountId = id(&account)?;
    let (payment, form) = documents::asked(&payment).ok_or_else(Failure::not_found)?;
    let payment: PaymentId = id(payment)?;
    let found = documents::receipt(&app, &caller, Some(account), payment).await?;
    match form {
        Form::Json => Ok(Json(found.it).into_response()),
        Form::Pdf => documents::as_pdf(view::receipt(&found.it, found.accent)).await,
        Form::Csv => Err(Failure::not_found()),
    }
}
