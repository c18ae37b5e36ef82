//! What the API and the pages share about statements and receipts: who may see them, and the forms they come in.

mod table;

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use billing::{
    PaymentId, SubAccountId, Timestamp,
    api::{Receipt, Statement, StatementList},
    brand::Colour,
    usage::Month,
};

use super::{
    App, Failure, csv,
    gate::{May, rights::Named},
};
use crate::{
    documents::{pdf, view::Document},
    execute::{
        receipts,
        statements::{self, Found},
    },
    storage::{Scope, Transaction},
};

/// The form that something is asked for in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As it is kept.
    Json,
    /// For spreadsheets.
    Csv,
    /// For paper.
    Pdf,
}

/// Reads `2026-11`, `2026-11.csv` or `2026-11.pdf`: what is asked for, and in which form.
pub fn asked(text: &str) -> Option<(&str, Form)> {
    match text.split_once('.') {
        None => Some((text, Form::Json)),
        Some((name, "csv")) => Some((name, Form::Csv)),
        Some((name, "pdf")) => Some((name, Form::Pdf)),
        Some(_) => None,
    }
}

/// Something of an agency's, and the agency's colour.
pub struct Branded<T> {
    /// It.
    pub it: T,
    /// The colour.
    pub accent: Option<Colour>,
    /// The address of the style sheet for pages.
    pub stylesheet: Option<String>,
}

/// A balance's statement of a month, which is issued now if it is due.
///
/// # Errors
/// 404 when there is none, and whatever the gate says.
pub async fn statement<R: Named + Clone>(
    app: &App,
    caller: &May<R>,
    account: Option<SubAccountId>,
    month: Month,
) -> Result<Branded<Statement>, Failure> {
    let now = app.deps.clock.now();
    let who = caller.clone();
    let read = move |tx: &mut dyn Transaction| {
        let scope = own(tx, &who, account, now)?;
        let found = statements::find(tx, scope, account, month, now)?;
        branded(tx, scope, found)
    };
    let found = app.deps.store.read(read).await?;
    let (accent, stylesheet) = (found.accent, found.stylesheet);
    let it = match found.it {
        Found::Shown(shown) => *shown,
        Found::Nothing => return Err(Failure::not_found()),
        Found::Due => {
            let who = caller.clone();
            let write = move |tx: &mut dyn Transaction| {
                let scope = own(tx, &who, account, now)?;
                Ok::<_, Failure>(statements::issue(tx, scope, account, month, now)?)
            };
            app.deps.store.write(write).await?.ok_or_else(Failure::not_found)?
        }
    };
    Ok(Branded { it, accent, stylesheet })
}

/// The statements of a balance.
///
/// # Errors
/// Whatever the gate says.
pub async fn list<R: Named + Clone>(
    app: &App,
    caller: &May<R>,
    account: Option<SubAccountId>,
) -> Result<Branded<StatementList>, Failure> {
    let (now, who) = (app.deps.clock.now(), caller.clone());
    let read = move |tx: &mut dyn Transaction| {
        let scope = own(tx, &who, account, now)?;
        let list = statements::list(tx, scope, account, now)?;
        branded(tx, scope, list)
    };
    app.deps.store.read(read).await
}

/// The receipts of an account, or of the agency's own balance; those for payments from before there were receipts are issued now.
///
/// # Errors
/// Whatever the gate says.
pub async fn receipts<R: Named + Clone>(
    app: &App,
    caller: &May<R>,
    account: Option<SubAccountId>,
) -> Result<Vec<Receipt>, Failure> {
    let (now, who) = (app.deps.clock.now(), caller.clone());
    let read = move |tx: &mut dyn Transaction| {
        let scope = own(tx, &who, account, now)?;
        Ok::<_, Failure>(receipts::list(tx, scope, account)?)
    };
    if let Some(all) = app.deps.store.read(read).await? {
        return Ok(all);
    }
    let who = caller.clone();
    let write = move |tx: &mut dyn Transaction| {
        let scope = own(tx, &who, account, now)?;
        receipts::issue_missing(tx, scope, account, now)?;
        Ok::<_, Failure>(receipts::list(tx, scope, account)?.unwrap_or_default())
    };
    app.deps.store.write(write).await
}

/// A balance's receipt for a payment.
///
/// # Errors
/// 404 when there is none, and whatever the gate says.
pub async fn receipt<R: Named + Clone>(
    app: &App,
    caller: &May<R>,
    account: Option<SubAccountId>,
    payment: PaymentId,
) -> Result<Branded<Receipt>, Failure> {
    let (now, who) = (app.deps.clock.now(), caller.clone());
    let read = move |tx: &mut dyn Transaction| {
        let scope = own(tx, &who, account, now)?;
        let receipt = receipts::find(tx, scope, account, payment)?;
        branded(tx, scope, receipt.ok_or_else(Failure::not_found)?)
    };
    app.deps.store.read(read).await
}

/// Whose agency it is, if the account is one of it.
fn own<R: Named>(
    tx: &mut dyn Transaction,
    who: &May<R>,
    account: Option<SubAccountId>,
    now: Timestamp,
) -> Result<Scope, Failure> {
    let scope = who.identify(tx, now)?.scope;
    if let Some(account) = account {
        tx.account(scope, account)?.ok_or_else(Failure::not_found)?;
    }
    Ok(scope)
}

fn branded<T>(tx: &mut dyn Transaction, scope: Scope, it: T) -> Result<Branded<T>, Failure> {
    let brand = tx.brand(scope)?;
    let stylesheet = crate::execute::branding::stylesheet(scope.agency(), &brand);
    let stylesheet = stylesheet.map(|sheet| sheet.address);
    Ok(Branded { it, accent: brand.accent, stylesheet })
}

/// A document as PDF, kept under its name. It is set on a thread of its own: ten thousand lines take a moment.
///
/// # Errors
/// 500 when it cannot be made.
pub async fn as_pdf(document: Document) -> Result<Response, Failure> {
    let name = document.file.clone();
    let written = tokio::task::spawn_blocking(move || pdf::write(&document)).await;
    let internal = |error: &dyn std::fmt::Display| {
        tracing::error!(%error, "a document could not be made");
        Failure::internal()
    };
    let bytes = written.map_err(|error| internal(&error))?.map_err(|error| internal(&error))?;
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/pdf"));
    if let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"{name}.pdf\"")) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

/// A statement as CSV, kept under its name.
///
/// # Errors
/// 500 when it cannot be made.
pub fn as_csv(statement: &Statement) -> Result<Response, Failure> {
    let whole = statement.number.as_ref().map(|number| format!("statement-{number}"));
    let name = whole.unwrap_or_else(|| format!("statement-{}-so-far", statement.month));
    csv::attachment(&name, &table::COLUMNS, table::rows(statement))
}
