//! Accounts and what can be done to their billing.

use billing::{
    PaymentId, RequestId, Standing, SubAccountId,
    api::{
        AccountDetail, AccountList, AccountSort, AgencyBillingBody, BillingRequestBody,
        ClosureBody, FundingAnswer, LinkAnswer, PayerFilter, RefundBody,
    },
};

use super::{ApiError, Call, Guard};

/// Where the API is.
pub(super) const BASE: &str = "/api/v1";

/// One page of the list.
///
/// # Errors
/// [`ApiError`]
pub async fn accounts(
    funding: PayerFilter,
    standing: Option<Standing>,
    text: &str,
    sort: AccountSort,
    cursor: Option<String>,
    limit: u32,
) -> Result<AccountList, ApiError> {
    let standing = match standing {
        None => "",
        Some(Standing::Active) => "active",
        Some(Standing::Low) => "low",
        Some(Standing::Paused) => "paused",
    };
    Call::get("/accounts")
        .query("funding", funding.name())
        .query("standing", standing)
        .query("q", text)
        .query("sort", sort.name())
        .query("cursor", cursor.unwrap_or_default())
        .query("limit", limit.to_string())
        .send()
        .await
}

/// One account.
///
/// # Errors
/// [`ApiError`]
pub async fn account(id: SubAccountId) -> Result<AccountDetail, ApiError> {
    Call::get(format_args!("/accounts/{id}")).send().await
}

/// Where the API tells who paid from when to when, and everything that happened to an account's funding.
pub fn timeline(id: SubAccountId) -> String {
    format!("/accounts/{id}/funding-timeline")
}

/// *Email Client*.
///
/// # Errors
/// [`ApiError`]
pub async fn request_billing(
    id: SubAccountId,
    body: &BillingRequestBody,
    guard: &Guard,
) -> Result<FundingAnswer, ApiError> {
    Call::post(format_args!("/accounts/{id}/billing-requests"))
        .guarded(guard)
        .json(body)
        .send()
        .await
}

/// Mails the open request once more.
///
/// # Errors
/// [`ApiError`]
pub async fn resend_request(
    id: SubAccountId,
    request: RequestId,
    guard: &Guard,
) -> Result<FundingAnswer, ApiError> {
    Call::post(format_args!("/accounts/{id}/billing-requests/{request}/resend"))
        .guarded(guard)
        .send()
        .await
}

/// Asks the customer to pay on top what usage has cost since the request was made, or no longer.
///
/// # Errors
/// [`ApiError`]
pub async fn ask_for_usage(
    id: SubAccountId,
    request: RequestId,
    asks: bool,
    guard: &Guard,
) -> Result<FundingAnswer, ApiError> {
    let path = format!("/accounts/{id}/billing-requests/{request}/usage");
    let call = if asks { Call::put(path) } else { Call::delete(path) };
    call.guarded(guard).send().await
}

/// A fresh secure link of the open request, to hand over by other means.
///
/// # Errors
/// [`ApiError`]
pub async fn new_link(id: SubAccountId, request: RequestId) -> Result<LinkAnswer, ApiError> {
    Call::post(format_args!("/accounts/{id}/billing-requests/{request}/links")).send().await
}

/// Calls the open request off.
///
/// # Errors
/// [`ApiError`]
pub async fn revoke_request(
    id: SubAccountId,
    request: RequestId,
    guard: &Guard,
) -> Result<FundingAnswer, ApiError> {
    Call::delete(format_args!("/accounts/{id}/billing-requests/{request}"))
        .guarded(guard)
        .send()
        .await
}

/// *Add to Agency Billing*.
///
/// # Errors
/// [`ApiError`]
pub async fn add_to_agency_billing(
    id: SubAccountId,
    body: &AgencyBillingBody,
    guard: &Guard,
) -> Result<FundingAnswer, ApiError> {
    Call::post(format_args!("/accounts/{id}/agency-billing")).guarded(guard).json(body).send().await
}

/// *Close account*.
///
/// # Errors
/// [`ApiError`]
pub async fn close(
    id: SubAccountId,
    body: &ClosureBody,
    guard: &Guard,
) -> Result<FundingAnswer, ApiError> {
    Call::post(format_args!("/accounts/{id}/closure")).guarded(guard).json(body).send().await
}

/// Opens a closed account again.
///
/// # Errors
/// [`ApiError`]
pub async fn reopen(id: SubAccountId, guard: &Guard) -> Result<FundingAnswer, ApiError> {
    Call::delete(format_args!("/accounts/{id}/closure")).guarded(guard).send().await
}

/// Where the API tells what was paid for an account.
pub fn payments(id: SubAccountId) -> String {
    format!("/accounts/{id}/payments?limit=50")
}

/// Pays some of a payment back to its card.
///
/// # Errors
/// [`ApiError`]
pub async fn refund(
    id: SubAccountId,
    payment: PaymentId,
    body: &RefundBody,
    guard: &Guard,
) -> Result<FundingAnswer, ApiError> {
    let path = format_args!("/accounts/{id}/payments/{payment}/refunds");
    Call::post(path).guarded(guard).json(body).send().await
}

/// Where the change stream is heard from, after this sequence.
pub fn changes_url(after: u64) -> String {
    format!("{BASE}/changes?after={after}")
}
