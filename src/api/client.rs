//! What client users ask for: their own accounts, and nothing of the agency's.

use billing::{SubAccountId, api::ClientAccountList};

use super::{ApiError, Call, accounts::BASE};
use crate::browser::Json;

/// `GET /me`, for whoever it is.
///
/// # Errors
/// [`ApiError`]; signed out among them.
pub async fn whoever() -> Result<Json, ApiError> {
    Call::get("/me").read().await
}

/// `GET /client/accounts`
///
/// # Errors
/// [`ApiError`]
pub async fn client_accounts() -> Result<ClientAccountList, ApiError> {
    Call::get("/client/accounts").send().await
}

/// `GET /client/accounts/{id}/usage`: what an account used, by day, type and payer.
pub fn client_usage(id: SubAccountId) -> String {
    format!("/client/accounts/{id}/usage?limit=12")
}

/// `GET /client/accounts/{id}/ledger`: lines of the account's own balance, newest first.
pub fn client_ledger(id: SubAccountId) -> String {
    format!("/client/accounts/{id}/ledger?limit=25")
}

/// `GET /client/usage`: a report; `query` as in the page's own address.
pub fn client_report(query: &str) -> String {
    format!("/client/usage?{query}")
}

/// The same as a file to download, whole.
pub fn client_report_csv(query: &str) -> String {
    format!("{BASE}/client/usage.csv?{query}")
}
