//! `POST /accounts/{id}/billing-requests/{rid}/resend`

use axum::{body::Bytes, extract::Path};
use billing::{RequestId, funding::Command};

use super::{funding_request::FundingRequest, id};
use crate::http::{Failure, once::Answer};

/// Mails the open request once more.
pub async fn answer(
    asked: FundingRequest,
    Path((sub_account, request)): Path<(String, String)>,
) -> Result<Answer, Failure> {
    let sub_account = id(&sub_account)?;
    let request: RequestId = id(&request)?;
    let key = asked.key()?;
    let body = Bytes::new();
    asked
        .carry_out(sub_account, key, body, move |_, _, _| Ok(Command::ResendRequest { request }))
        .await
}
