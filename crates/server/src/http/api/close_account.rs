//! `POST /accounts/{id}/closure`, and `DELETE`, which opens the account again.

use axum::{body::Bytes, extract::Path};
use billing::{api::ClosureBody, funding::Command};

use super::{funding_request::FundingRequest, id};
use crate::http::{Failure, body::Json, once::Answer};

/// Closes an account: withdraws an open request, moves or refunds what is on a customer's balance.
pub async fn answer(
    asked: FundingRequest,
    Path(sub_account): Path<String>,
    Json { value: body, raw }: Json<ClosureBody>,
) -> Result<Answer, Failure> {
    let sub_account = id(&sub_account)?;
    let key = asked.key()?;
    let ClosureBody { balance: choice, take_over_negative } = body;
    asked
        .carry_out(sub_account, key, raw, move |_, _, _| {
            Ok(Command::CloseAccount { choice, take_over_negative })
        })
        .await
}

/// Opens it again. A repeat finds it open, so it may do without a key.
pub async fn reopen(
    asked: FundingRequest,
    Path(sub_account): Path<String>,
) -> Result<Answer, Failure> {
    let sub_account = id(&sub_account)?;
    let key = asked.optional_key()?;
    asked.carry_out(sub_account, key, Bytes::new(), move |_, _, _| Ok(Command::ReopenAccount)).await
}
