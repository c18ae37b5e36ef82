//! Statements and receipts as pages for whoever is signed in: people of the agency, and client users for their own accounts. Made
//! by the server, without a script, and fit to be printed.

use axum::{
    extract::{FromRequestParts, Path, State},
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{Html, IntoResponse as _, Redirect, Response},
};
use billing::{PaymentId, SubAccountId, access::Role, usage::Month};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{
    documents::{page, view},
    http::{
        App, Failure, content_policy, documents,
        gate::{
            Allowed, Caller, Gate, May, Needs,
            rights::{Named, ReadAccounts, ReadStatements},
        },
    },
    storage::Transaction,
};

/// Somebody with a browser. Whoever is not signed in is led to where they can be, and back.
pub struct Visit<R> {
    may: Result<May<R>, Failure>,
    /// Where a browser comes back to.
    here: Option<String>,
}

impl<R: Named> Gate for Visit<R> {
    const NEEDS: Needs = May::<R>::NEEDS;
}

impl<R: Named> FromRequestParts<App> for Visit<R> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let accepts = parts.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
        let is_browser = accepts.is_some_and(|kinds| kinds.contains("text/html"));
        let here = is_browser.then(|| parts.uri.path().to_owned());
        Ok(Self { may: May::from_request_parts(parts, app).await, here })
    }
}

impl<R: Named + Clone> Visit<R> {
    async fn see(
        self,
        show: impl AsyncFnOnce(May<R>) -> Result<Response, Failure>,
    ) -> Result<Response, Failure> {
        let shown = match self.may {
            Ok(may) => show(may).await,
            Err(failure) => Err(failure),
        };
        match (shown, self.here) {
            (Err(failure), Some(here)) if failure.status == StatusCode::UNAUTHORIZED => {
                let next = utf8_percent_encode(&here, NON_ALPHANUMERIC);
                Ok(Redirect::to(&format!("/sign-in?next={next}")).into_response())
            }
            (shown, _) => shown,
        }
    }
}

/// `GET /statements/agency`
pub async fn of_agency(
    visit: Visit<ReadAccounts>,
    State(app): State<App>,
) -> Result<Response, Failure> {
    visit
        .see(async |caller| {
            let list = documents::list(&app, &caller, None).await?;
            let receipts = documents::receipts(&app, &caller, None).await?;
            let whose = whose(&app, &caller, None).await?;
            let index = page::Index {
                agency: whose.agency,
                whose: "The agency’s balance".to_owned(),
                stylesheet: list.stylesheet.as_deref(),
                back: "/".to_owned(),
                page: "/statements/agency".to_owned(),
                files: "/api/v1/agency/statements".to_owned(),
                statements: list.it,
                receipts: (!receipts.is_empty()).then(|| {
                    let pages = "/receipts/agency".to_owned();
                    (receipts, pages, "/api/v1/agency/receipts".to_owned())
                }),
            };
            answer(page::index(index))
        })
        .await
}

/// `GET /statements/agency/{month}`
pub async fn agency_month(
    visit: Visit<ReadAccounts>,
    State(app): State<App>,
    Path(month): Path<String>,
) -> Result<Response, Failure> {
    visit
        .see(async |caller| {
            let files = "/api/v1/agency/statements";
            one(&app, &caller, None, &month, "/statements/agency", files).await
        })
        .await
}

/// `GET /statements/{account}`
pub async fn of_account(
    visit: Visit<ReadStatements>,
    State(app): State<App>,
    Path(account): Path<String>,
) -> Result<Response, Failure> {
    let id = parsed::<SubAccountId>(&account);
    visit
        .see(async |caller| {
            let id = id?;
            let list = documents::list(&app, &caller, Some(id)).await?;
            let receipts = documents::receipts(&app, &caller, Some(id)).await?;
            let whose = whose(&app, &caller, Some(id)).await?;
            let pages = if whose.is_client { "/client/accounts" } else { "/accounts" };
            let index = page::Index {
                agency: whose.agency,
                whose: whose.account,
                stylesheet: list.stylesheet.as_deref(),
                back: format!("{pages}/{id}"),
                page: format!("/statements/{id}"),
                files: format!("/api/v1/accounts/{id}/statements"),
                statements: list.it,
                receipts: Some((
                    receipts,
                    format!("/receipts/{id}"),
                    format!("/api/v1/accounts/{id}/receipts"),
                )),
            };
            answer(page::index(index))
        })
        .await
}

/// `GET /statements/{account}/{month}`
pub async fn account_month(
    visit: Visit<ReadStatements>,
    State(app): State<App>,
    Path((account, month)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let id = parsed::<SubAccountId>(&account);
    visit
        .see(async |caller| {
            let id = id?;
            let files = format!("/api/v1/accounts/{id}/statements");
            one(&app, &caller, Some(id), &month, &format!("/statements/{id}"), &files).await
        })
        .await
}

/// `GET /receipts/{account}/{payment}`
pub async fn receipt(
    visit: Visit<ReadStatements>,
    State(app): State<App>,
    Path((account, payment)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let (id, payment) = (parsed::<SubAccountId>(&account), parsed::<PaymentId>(&payment));
    visit
        .see(async |caller| {
            let (id, payment) = (id?, payment?);
            let (back, files) =
                (format!("/statements/{id}"), format!("/api/v1/accounts/{id}/receipts"));
            paid(&app, &caller, Some(id), payment, &back, &files).await
        })
        .await
}

/// `GET /receipts/agency/{payment}`
pub async fn agency_receipt(
    visit: Visit<ReadAccounts>,
    State(app): State<App>,
    Path(payment): Path<String>,
) -> Result<Response, Failure> {
    let payment = parsed::<PaymentId>(&payment);
    visit
        .see(async |caller| {
            let files = "/api/v1/agency/receipts";
            paid(&app, &caller, None, payment?, "/statements/agency", files).await
        })
        .await
}

async fn paid<R: Named + Clone>(
    app: &App,
    caller: &May<R>,
    account: Option<SubAccountId>,
    payment: PaymentId,
    back: &str,
    files: &str,
) -> Result<Response, Failure> {
    let found = documents::receipt(app, caller, account, payment).await?;
    let document = view::receipt(&found.it, found.accent);
    let downloads = [page::download("pdf", format!("{files}/{payment}"))];
    answer(page::document(&document, found.stylesheet.as_deref(), back, true, &downloads))
}

async fn one<R: Named + Clone>(
    app: &App,
    caller: &May<R>,
    account: Option<SubAccountId>,
    month: &str,
    back: &str,
    files: &str,
) -> Result<Response, Failure> {
    let month = Month::parse(month).ok_or_else(Failure::not_found)?;
    let found = documents::statement(app, caller, account, month).await?;
    let document = view::statement(&found.it, found.accent);
    let downloads =
        ["pdf", "csv"].map(|form| page::download(form, format!("{files}/{}", month.text())));
    let sheet = found.stylesheet.as_deref();
    answer(page::document(&document, sheet, back, account.is_some(), &downloads))
}

/// The names on a page, and for whom it is.
struct Whose {
    agency: String,
    account: String,
    is_client: bool,
}

async fn whose<R: Named + Clone>(
    app: &App,
    caller: &May<R>,
    account: Option<SubAccountId>,
) -> Result<Whose, Failure> {
    let (who, now) = (caller.clone(), app.deps.clock.now());
    let read = move |tx: &mut dyn Transaction| {
        let Allowed { scope, caller } = who.identify(tx, now)?;
        let agency = tx.agency(scope)?.ok_or_else(Failure::not_found)?;
        let account = account.map(|id| tx.account(scope, id)).transpose()?.flatten();
        Ok::<_, Failure>(Whose {
            agency: agency.name.to_string(),
            account: account.map(|row| row.name.to_string()).unwrap_or_default(),
            is_client: matches!(caller, Caller::Person(user) if user.role == Role::Client),
        })
    };
    app.deps.store.read(read).await
}

fn parsed<T: std::str::FromStr>(text: &str) -> Result<T, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}

fn answer(html: Result<String, askama::Error>) -> Result<Response, Failure> {
    let html = html.map_err(|error| {
        tracing::error!(%error, "a page could not be made");
        Failure::internal()
    })?;
    let policy = content_policy::with_style_and_brand(page::STYLE);
    let policy = HeaderValue::from_str(&policy).map_err(|_| Failure::internal())?;
    Ok(([(header::CONTENT_SECURITY_POLICY, policy)], Html(html)).into_response())
}
