//! Prices, books, usage, and the draws behind it: paths, and one way to read a page of any of them.

use billing::SubAccountId;

use super::{ApiError, Call, accounts::BASE};
use crate::browser::Json;

/// `GET /prices`: every version of every price, and what waits for one.
pub const PRICES: &str = "/prices";

/// Lines of a page.
const LINES: &str = "25";

/// `GET /accounts/{id}/usage`: what an account used, by day, type and payer.
pub fn usage(id: SubAccountId) -> String {
    // A few days, so that the books are in sight below.
    format!("/accounts/{id}/usage?limit=12")
}

/// `GET /accounts/{id}/ledger`: lines of its books, newest first.
pub fn ledger(id: SubAccountId) -> String {
    format!("/accounts/{id}/ledger?limit={LINES}")
}

/// `GET /accounts/{id}/usage/{day}/{type}/{payer}` or `GET /accounts/{id}/ledger/{entry}/draws`: the draws of a line.
pub fn draws(id: SubAccountId, of: &str) -> String {
    format!("/accounts/{id}/{of}?limit={LINES}")
}

/// `GET /usage`: a report; `query` as in the page's own address.
pub fn report(query: &str) -> String {
    format!("/usage?{query}")
}

/// The same as a file to download, whole.
pub fn report_csv(query: &str) -> String {
    format!("{BASE}/usage.csv?{query}")
}

/// One page of one of these paths; `cursor` as the page before gave it.
///
/// # Errors
/// [`ApiError`]
pub async fn page(path: &str, cursor: &str) -> Result<Json, ApiError> {
    let cursor = if cursor.is_empty() { String::new() } else { format!("&cursor={cursor}") };
    Call::get(format_args!("{path}{cursor}")).read().await
}

/// `POST /prices`: from then on this holds.
///
/// # Errors
/// [`ApiError`]; with the fields that are wrong.
pub async fn set_price(body: String, idempotency_key: &str) -> Result<(), ApiError> {
    Call::post(PRICES).idempotency_key(idempotency_key).body(body).send_empty().await
}
