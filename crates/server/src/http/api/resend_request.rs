//! `POST /accounts/{id}/billing-requests/{rid}/resend`

use axum::body::Bytes;
use billing::funding::Command;

use super::funding_request::{FundingRequest, RequestPath};
use crate::http::{Failure, once::Answer};

/// Mails the open request once more.
pub async fn answer(
    asked: FundingRequest,
    RequestPath(sub_account, request): RequestPath,
) -> Result<Answer, Failure> {
    let key = asked.key()?;
    let body = Bytes::new();
    asked
        .carry_out(sub_account, key, body, move |_, _, _| Ok(Command::ResendRequest { request }))
        .await
}
