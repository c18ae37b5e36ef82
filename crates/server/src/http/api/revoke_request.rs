//! `DELETE /accounts/{id}/billing-requests/{rid}`

use axum::{body::Bytes, extract::Path};
use billing::{RequestId, funding::Command};

use super::{funding_request::FundingRequest, id};
use crate::http::{Failure, once::Answer};

/// Calls the open request off: its links are dead from now on. A repeat finds it closed, so it may do without a key.
pub async fn answer(
    asked: FundingRequest,
    Path((sub_account, request)): Path<(String, String)>,
) -> Result<Answer, Failure> {
    let sub_account = id(&sub_account)?;
    let request: RequestId = id(&request)?;
    let key = asked.optional_key()?;
    let body = Bytes::new();
    asked
        .carry_out(sub_account, key, body, move |_, _, _| Ok(Command::RevokeRequest { request }))
        .await
}
