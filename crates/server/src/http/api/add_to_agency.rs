//! `POST /accounts/{id}/agency-billing`: *Add to Agency Billing*.

use axum::extract::Path;
use billing::{api::AgencyBillingBody, funding::Command};

use super::{funding_request::FundingRequest, id};
use crate::http::{Failure, body::Json, once::Answer};

/// Drops the customer's billing information and takes what is left on the balance.
pub async fn answer(
    asked: FundingRequest,
    Path(sub_account): Path<String>,
    Json { value: body, raw }: Json<AgencyBillingBody>,
) -> Result<Answer, Failure> {
    let sub_account = id(&sub_account)?;
    let key = asked.key()?;
    let AgencyBillingBody { choice, take_over_negative } = body;
    asked
        .carry_out(sub_account, key, raw, move |_, _, _| {
            Ok(Command::AddToAgency { choice, take_over_negative })
        })
        .await
}
