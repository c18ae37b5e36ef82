//! `DELETE /accounts/{id}/billing-requests/{rid}`

use axum::body::Bytes;
use billing::funding::Command;

use super::funding_request::{FundingRequest, RequestPath};
use crate::http::{Failure, once::Answer};

/// Calls the open request off: its links are dead from now on. A repeat finds it closed, so it may do without a key.
pub async fn answer(
    asked: FundingRequest,
    RequestPath(sub_account, request): RequestPath,
) -> Result<Answer, Failure> {
    let key = asked.optional_key()?;
    let body = Bytes::new();
    asked
        .carry_out(sub_account, key, body, move |_, _, _| Ok(Command::RevokeRequest { request }))
        .await
}
