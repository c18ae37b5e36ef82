//! `POST /accounts/{id}/billing-requests`: *Remove from Agency Billing*.

use axum::extract::Path;
use billing::{
    Policy, RequestId, SubAccountId, api::BillingRequestBody, drafts::parse_billing_request,
    funding::Command,
};

use super::{funding_request::FundingRequest, id};
use crate::{
    deps::EntropyExt as _,
    execute::Tools,
    http::{Failure, body::Json, once::Answer},
    storage::{Scope, Transaction},
};

/// Asks a customer to take over billing. Replaces an open request.
pub async fn answer(
    asked: FundingRequest,
    Path(sub_account): Path<String>,
    Json { value: body, raw }: Json<BillingRequestBody>,
) -> Result<Answer, Failure> {
    let sub_account: SubAccountId = id(&sub_account)?;
    let key = asked.key()?;
    let command = move |tx: &mut dyn Transaction, scope: Scope, tools: &Tools| {
        let agency = tx.agency(scope)?.ok_or_else(Failure::not_found)?;
        // Before the fields are judged: what is not yours is not there, whatever you say about it.
        tx.account(scope, sub_account)?.ok_or_else(Failure::not_found)?;
        let terms = parse_billing_request(&body, &Policy::standard(agency.currency))
            .map_err(Failure::invalid)?;
        Ok::<_, Failure>(Command::RequestBilling {
            request: RequestId::new(tools.now, tools.entropy.id()),
            email: terms.email,
            starting_balance: terms.starting_balance,
            message: terms.message,
        })
    };
    asked.carry_out(sub_account, key, raw, command).await
}
